#include "program/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/trace.h"
#include "device/cl_error.h"
#include "program/cache.h"

/* The line of a build log to show: the first that says "error", else the first. */
static void first_error(const char *log, char *line, size_t size)
{
    const char *at = strstr(log, "error");

    if (!at)
        at = log + strspn(log, " \t\r\n");
    while (at > log && at[-1] != '\n')
        at--;
    snprintf(line, size, "%.*s", (int)strcspn(at, "\r\n"), at);
}

static tsr_status fail_build(tsr_device *device, cl_program program, const char *name,
                             const char *options, cl_int code)
{
    char line[512] = "the driver gave no build log";
    size_t size = 0;
    char *log = NULL;

    if (clGetProgramBuildInfo(program, device->id, CL_PROGRAM_BUILD_LOG, 0, NULL,
                              &size) == CL_SUCCESS &&
        size > 1 && (log = malloc(size + 1))) {
        if (clGetProgramBuildInfo(program, device->id, CL_PROGRAM_BUILD_LOG, size, log,
                                  NULL) == CL_SUCCESS) {
            log[size] = '\0';
            first_error(log, line, sizeof line);
        }
        free(log);
    }
    return tsr__fail(TSR_ERROR_BUILD,
                     "kernels/%s.cl did not build on %s with \"%s\" (clBuildProgram: "
                     "%s): %s",
                     name, device->info.name, options, tsr_cl_status_name(code), line);
}

static tsr_status build_source(tsr_device *device, const tsr__source *common,
                               const tsr__source *source, const char *options,
                               cl_program *out)
{
    const char *texts[] = {common->text, source->text};
    const size_t lengths[] = {common->length, source->length};
    cl_int code;
    cl_program program =
        clCreateProgramWithSource(device->context, 2, texts, lengths, &code);

    if (!program)
        return tsr__fail_cl(code, "clCreateProgramWithSource", "kernels/%s.cl",
                            source->name);
    code = clBuildProgram(program, 1, &device->id, options, NULL, NULL);
    if (code != CL_SUCCESS) {
        tsr_status status = fail_build(device, program, source->name, options, code);

        clReleaseProgram(program);
        return status;
    }
    *out = program;
    return TSR_OK;
}

tsr_status tsr__program_build(tsr_device *device, const tsr__source *source,
                              const char *options, cl_program *out, bool *unsaved)
{
    const tsr__source *common = tsr__source_find("common");
    tsr__cache_key key;
    double start = tsr__seconds();
    tsr_status status;

    *out = NULL;
    *unsaved = false;
    tsr__cache_key_make(&key, &device->info, common, source, options);
    if (tsr__cache_load(&key, device, options, out)) {
        tsr__trace(TSR__TRACE_BUILD, "%s [%s]: from the cache in %.1f ms", source->name,
                   options, 1e3 * (tsr__seconds() - start));
        return TSR_OK;
    }
    status = build_source(device, common, source, options, out);
    if (status) {
        tsr__trace(TSR__TRACE_BUILD, "%s", tsr_error_detail());
        return status;
    }
    tsr__trace(TSR__TRACE_BUILD, "%s [%s]: built in %.1f ms", source->name, options,
               1e3 * (tsr__seconds() - start));
    *unsaved = tsr__cache_stores_late(&device->info);
    if (!*unsaved)
        tsr__cache_store(&key, device, *out);
    return TSR_OK;
}

void tsr__program_save(tsr_device *device, const tsr__source *source,
                       const char *options, cl_program program)
{
    double start = tsr__seconds();
    tsr__cache_key key;

    tsr__cache_key_make(&key, &device->info, tsr__source_find("common"), source,
                        options);
    tsr__cache_store(&key, device, program);
    tsr__trace(TSR__TRACE_BUILD, "%s [%s]: saved in %.1f ms", source->name, options,
               1e3 * (tsr__seconds() - start));
}
