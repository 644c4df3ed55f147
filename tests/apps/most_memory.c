/* most_memory.c: an OpenCL layer (OPENCL_LAYERS) that counts the bytes of buffers.
 *
 * MOST_MEMORY=FILE     at exit, the most bytes that were there at once are written to it
 *
 * Buffers over host memory count as well. One that is retained counts until it is gone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include <CL/cl_layer.h>

static const struct _cl_icd_dispatch *target; /* the layer or driver below */
static struct _cl_icd_dispatch dispatch;
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

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info name, size_t size,
                                               void *value, size_t *size_ret)
{
    const cl_layer_api_version version = CL_LAYER_API_VERSION_100;

    if (name != CL_LAYER_API_VERSION || (value && size < sizeof version))
        return CL_INVALID_VALUE;
    if (value)
        memcpy(value, &version, sizeof version);
    if (size_ret)
        *size_ret = sizeof version;
    return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint num_entries,
                                            const struct _cl_icd_dispatch *below,
                                            cl_uint *num_entries_ret,
                                            const struct _cl_icd_dispatch **ours)
{
    if (num_entries < sizeof dispatch / sizeof dispatch.clGetPlatformIDs)
        return CL_INVALID_VALUE;
    target = below;
    dispatch = *below;
    dispatch.clCreateBuffer = create;
    *ours = &dispatch;
    *num_entries_ret = sizeof dispatch / sizeof dispatch.clGetPlatformIDs;
    return CL_SUCCESS;
}
