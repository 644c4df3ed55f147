#include "program/program.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/clock.h"
#include "device/cl_error.h"
#include "program/build.h"
#include "program/kernel.h"
#include "program/sources.h"

/* One program. Its lock is held while it is built, so that others who want the same one
 * wait and those who want another do not. */
typedef struct program {
    struct program *next;
    pthread_mutex_t lock;
    const tsr__source *source;
    cl_program handle; /* NULL until built; stays so if the build failed */
    bool unsaved;      /* to be put into the disk cache when the device goes */
    tsr__kernel *kernels;
    char options[TSR__OPTIONS_SIZE];
} program;

/* The programs of one device. */
typedef struct table {
    pthread_mutex_t lock; /* guards the list, not the programs in it */
    program *first;       /* oldest first */
} table;

/* How long tsr_device_close may take to save what was built. What does not fit is built
 * from the driver's own cache once more, and saved by a later process. */
#define SAVE_SECONDS 0.5

static void *table_create(tsr_device *device)
{
    table *t = calloc(1, sizeof *t);

    (void)device;
    if (!t)
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for the table of programs");
    else
        pthread_mutex_init(&t->lock, NULL);
    return t;
}

static void program_destroy(program *p)
{
    while (p->kernels) {
        tsr__kernel *kernel = p->kernels;

        p->kernels = kernel->next;
        clReleaseKernel(kernel->handle);
        pthread_mutex_destroy(&kernel->lock);
        free(kernel);
    }
    if (p->handle)
        clReleaseProgram(p->handle);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* Oldest first: what the first product of a process needs is what the next will wait
 * for. */
static void save_programs(tsr_device *device, const table *t)
{
    double end = tsr__seconds() + SAVE_SECONDS;

    for (const program *p = t->first; p && tsr__seconds() < end; p = p->next)
        if (p->unsaved)
            tsr__program_save(device, p->source, p->options, p->handle);
}

static void table_destroy(tsr_device *device, void *state)
{
    table *t = state;

    save_programs(device, t);
    while (t->first) {
        program *p = t->first;

        t->first = p->next;
        program_destroy(p);
    }
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* The program for (source, options), found or made, not yet built. */
static program *program_find(table *t, const tsr__source *source, const char *options)
{
    program *p, **end = &t->first;

    pthread_mutex_lock(&t->lock);
    for (p = t->first; p; p = p->next) {
        if (p->source == source && strcmp(p->options, options) == 0)
            break;
        end = &p->next;
    }
    if (!p && (p = calloc(1, sizeof *p))) {
        p->source = source;
        memcpy(p->options, options, strlen(options) + 1);
        pthread_mutex_init(&p->lock, NULL);
        *end = p;
    }
    pthread_mutex_unlock(&t->lock);
    return p;
}

static tsr_status kernel_create(tsr_device *device, program *p, const char *entry,
                                tsr__kernel **out)
{
    tsr__kernel *kernel = calloc(1, sizeof *kernel);
    size_t group = 1;
    cl_int code;

    if (!kernel)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for kernel %s", entry);
    kernel->handle = clCreateKernel(p->handle, entry, &code);
    if (!kernel->handle) {
        free(kernel);
        return tsr__fail_cl(code, "clCreateKernel", "%s of kernels/%s.cl", entry,
                            p->source->name);
    }
    if (clGetKernelWorkGroupInfo(kernel->handle, device->id, CL_KERNEL_WORK_GROUP_SIZE,
                                 sizeof group, &group, NULL) != CL_SUCCESS)
        group = 1;
    kernel->max_group = group;
    snprintf(kernel->entry, sizeof kernel->entry, "%s", entry);
    pthread_mutex_init(&kernel->lock, NULL);
    kernel->next = p->kernels;
    p->kernels = kernel;
    *out = kernel;
    return TSR_OK;
}

/* The program's lock is held. */
static tsr_status kernel_of(tsr_device *device, program *p, const char *entry,
                            double *build_seconds, tsr__kernel **out)
{
    if (!p->handle) {
        double start = tsr__seconds();
        tsr_status status =
            tsr__program_build(device, p->source, p->options, &p->handle, &p->unsaved);

        if (build_seconds)
            *build_seconds += tsr__seconds() - start;
        if (status)
            return status;
    }
    for (tsr__kernel *kernel = p->kernels; kernel; kernel = kernel->next)
        if (strcmp(kernel->entry, entry) == 0) {
            *out = kernel;
            return TSR_OK;
        }
    return kernel_create(device, p, entry, out);
}

tsr_status tsr__kernel_get(tsr_device *device, const char *file, const char *entry,
                           tsr_dtype dtype, const char *options, double *build_seconds,
                           tsr__kernel **out)
{
    const tsr__source *source = tsr__source_find(file);
    char all[TSR__OPTIONS_SIZE];
    int written = snprintf(all, sizeof all, "-cl-std=CL1.2%s%s%s",
                           dtype == TSR_F64 ? " -DREAL_IS_DOUBLE" : "",
                           *options ? " " : "", options);
    tsr_status status;
    program *p;
    table *t;

    *out = NULL;
    if (!source)
        return tsr__fail(TSR_ERROR_BUILD, "there is no kernels/%s.cl", file);
    if (!tsr__is_whole(written, sizeof all))
        return tsr__fail(TSR_ERROR_BUILD, "options of kernels/%s.cl are too long",
                         file);
    t = tsr__device_slot(device, TSR__SLOT_PROGRAMS, table_create, table_destroy);
    if (!t)
        return TSR_ERROR_HOST_MEMORY;
    p = program_find(t, source, all);
    if (!p)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for kernels/%s.cl", file);
    pthread_mutex_lock(&p->lock);
    status = kernel_of(device, p, entry, build_seconds, out);
    pthread_mutex_unlock(&p->lock);
    return status;
}

size_t tsr__kernel_max_group(const tsr__kernel *kernel)
{
    return kernel->max_group;
}
