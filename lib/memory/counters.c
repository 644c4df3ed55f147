#include "memory/counters.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/checked.h"
#include "device/cl_error.h"
#include "memory/tensor.h"

#define LEAST 4096 /* counters of a device's first buffer */

typedef struct counters {
    pthread_mutex_t lock;
    cl_mem buffer; /* NULL before the first use */
    size_t count;
} counters;

static void *counters_create(tsr_device *device)
{
    counters *c = calloc(1, sizeof *c);

    (void)device;
    if (!c)
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for a device's counters");
    else
        pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void counters_destroy(tsr_device *device, void *state)
{
    counters *c = state;

    (void)device;
    tsr__counters_give(c->buffer);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* A buffer of zeros, by the time the queue's next command begins. */
static tsr_status create_zeros(tsr_device *device, cl_command_queue queue, size_t count,
                               cl_mem *out)
{
    const cl_uint zero = 0;
    tsr_status status;
    size_t bytes;
    cl_int code;

    if (!tsr__multiply(count, sizeof zero, &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "%zu counters are beyond size_t", count);
    if ((status = tsr__scratch_create(device, bytes, out)))
        return status;
    code =
        clEnqueueFillBuffer(queue, *out, &zero, sizeof zero, 0, bytes, 0, NULL, NULL);
    if (code == CL_SUCCESS)
        return TSR_OK;
    clReleaseMemObject(*out);
    *out = NULL;
    return tsr__fail_cl(code, "clEnqueueFillBuffer", "%zu counters", count);
}

/* The lock is held. */
static tsr_status grow(counters *c, tsr_device *device, size_t count)
{
    size_t enough = c->count ? c->count : LEAST;
    tsr_status status;
    cl_mem larger;

    while (enough < count && enough <= SIZE_MAX / 2)
        enough *= 2;
    if (enough < count)
        enough = count;
    if ((status = create_zeros(device, device->queue, enough, &larger)))
        return status;
    tsr__counters_give(c->buffer);
    c->buffer = larger;
    c->count = enough;
    return TSR_OK;
}

tsr_status tsr__counters_take(const tsr__sequence *sequence, size_t count, cl_mem *out)
{
    tsr_device *device = sequence->device;
    tsr_status status = TSR_OK;
    counters *c;

    *out = NULL;
    /* What runs on another queue may overlap with what runs on the device's. */
    if (sequence->queue != device->queue)
        return create_zeros(device, sequence->queue, count, out);
    c = tsr__device_slot(device, TSR__SLOT_COUNTERS, counters_create, counters_destroy);
    if (!c)
        return TSR_ERROR_HOST_MEMORY;
    pthread_mutex_lock(&c->lock);
    if (c->count < count)
        status = grow(c, device, count);
    if (!status) {
        *out = c->buffer;
        clRetainMemObject(*out);
    }
    pthread_mutex_unlock(&c->lock);
    return status;
}

void tsr__counters_give(cl_mem buffer)
{
    if (buffer)
        clReleaseMemObject(buffer);
}
