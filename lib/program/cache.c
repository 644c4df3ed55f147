#include "program/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/cache_file.h"
#include "base/trace.h"
#include "device/pocl.h"

/* A driver that keeps binaries itself, and finds them as quickly as we would; a second
 * copy only goes stale. */
static bool driver_caches(const tsr_device_info *info)
{
    return strstr(info->platform, "NVIDIA") != NULL;
}

/* PoCL keeps compiled kernels, but runs the preprocessor to find them (60 ms for a small
 * program, most of a warm start; its binary loads in 4). Asked for a binary it compiles
 * each kernel once more, for any work-group size. */
bool tsr__cache_stores_late(const tsr_device_info *info)
{
    return tsr__is_pocl(info->platform);
}

void tsr__cache_key_make(tsr__cache_key *key, const tsr_device_info *info,
                         const tsr__source *common, const tsr__source *source,
                         const char *options)
{
    XXH128_hash_t text = XXH3_128bits_withSeed(
        source->text, source->length, XXH3_64bits(common->text, common->length));
    int written = snprintf(key->text, sizeof key->text,
                           "%s\n%s\n%s\n%s\n%s\n%s\n%016llx%016llx\n%s", info->platform,
                           info->vendor, info->name, info->driver, info->version,
                           source->name, (unsigned long long)text.high64,
                           (unsigned long long)text.low64, options);

    key->length = written < 0 ? 0 : (size_t)written;
    if (key->length >= sizeof key->text)
        key->length = sizeof key->text - 1;
}

bool tsr__cache_load(const tsr__cache_key *key, tsr_device *device, const char *options,
                     cl_program *program)
{
    char directory[TSR__PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t length = 0;
    cl_int loaded = CL_SUCCESS;
    cl_int code = CL_SUCCESS;

    if (driver_caches(&device->info)) {
        tsr__trace(TSR__TRACE_CACHE, "left to the driver (%s keeps its own)",
                   device->info.platform);
        return false;
    }
    if (!tsr__cache_directory(directory) ||
        !tsr__cache_file_read(directory, key->text, key->length, &bytes, &length))
        return false;
    *program =
        clCreateProgramWithBinary(device->context, 1, &device->id, &length,
                                  (const unsigned char **)&bytes, &loaded, &code);
    free(bytes);
    if (*program && loaded == CL_SUCCESS)
        code = clBuildProgram(*program, 1, &device->id, options, NULL, NULL);
    if (*program && loaded == CL_SUCCESS && code == CL_SUCCESS)
        return true;
    tsr__trace(TSR__TRACE_CACHE, "the driver refused the binary (%s); building",
               tsr_cl_status_name(code == CL_SUCCESS ? loaded : code));
    if (*program)
        clReleaseProgram(*program);
    *program = NULL;
    return false;
}

void tsr__cache_store(const tsr__cache_key *key, tsr_device *device, cl_program program)
{
    char directory[TSR__PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t length = 0;

    if (driver_caches(&device->info) || !tsr__cache_directory(directory))
        return;
    /* The program may span a context of several devices; ours was the only one built. */
    cl_uint devices = 0;
    if (clGetProgramInfo(program, CL_PROGRAM_NUM_DEVICES, sizeof devices, &devices,
                         NULL) != CL_SUCCESS ||
        devices != 1 ||
        clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof length, &length,
                         NULL) != CL_SUCCESS ||
        length == 0)
        return;
    bytes = malloc(length);
    if (bytes && clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof bytes, &bytes,
                                  NULL) == CL_SUCCESS)
        tsr__cache_file_write(directory, key->text, key->length, bytes, length);
    free(bytes);
}
