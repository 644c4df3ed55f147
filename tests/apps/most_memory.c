/* most_memory.c: an OpenCL layer (OPENCL_LAYERS) that counts the bytes of buffers.
 *
 * MOST_MEMORY=FILE     at exit, the most bytes that were there at once are written to it
 *
 * Buffers over host memory count as well. One that is retained counts until it is gone. */
#include <stdio.h>
#include <stdlib.h>

#include <pthread.h>

#include <CL/cl_layer.h>

static const struct _cl_icd_dispatch *target; /* the layer or driver below */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t now, most;

static void CL_CALLBACK gone(cl_mem buffer, void *bytes)
{
    (void)buffer;
    pthread_mutex_lock(&lock);
    now -= (size_t)bytes;
    pthread_mutex_unlock(&lock);
}

static cl_mem CL_API_CALL create(cl_context context, cl_mem_flags flags, size_t bytes,
                                 void *host, cl_int *code)
{
    const cl_mem buffer = target->clCreateBuffer(context, flags, bytes, host, code);

    if (!buffer)
        return NULL;
    pthread_mutex_lock(&lock);
    now += bytes;
    if (now > most)
        most = now;
    pthread_mutex_unlock(&lock);
    target->clSetMemObjectDestructorCallback(buffer, gone, (void *)bytes);
    return buffer;
}

__attribute__((destructor)) static void at_exit(void)
{
    const char *path = getenv("MOST_MEMORY");
    FILE *file = path && most ? fopen(path, "w") : NULL; /* a child opens no buffer */

    if (!file)
        return;
    fprintf(file, "%zu\n", most);
    fclose(file);
}

static void wrap(struct _cl_icd_dispatch *own)
{
    own->clCreateBuffer = create;
}

#include "../compare/layer_entry.h"
