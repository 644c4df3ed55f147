/* device.c: the life of an opened device, and what the layers above keep with it. */
#include "device/create.h"

#include <stdlib.h>
#include <string.h>

#include "device/cl_error.h"
#include "device/wait.h"

static tsr_status copy_forced_strategy(tsr_device *device)
{
    const char *name = getenv("TESSERA_STRATEGY");
    size_t length = name ? strlen(name) : 0;

    if (length >= sizeof device->forced_strategy)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "TESSERA_STRATEGY is \"%s\": no strategy has such a long name",
                         name);
    if (length)
        memcpy(device->forced_strategy, name, length + 1);
    return TSR_OK;
}

static tsr_status read_tune(tsr_device *device)
{
    const char *when = getenv("TESSERA_TUNE");

    if (!when || !*when)
        return TSR_OK;
    if (strcmp(when, "first-use") != 0)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "TESSERA_TUNE is \"%s\"; it may be first-use, or unset", when);
    device->tunes_on_first_use = true;
    return TSR_OK;
}

static tsr_status create_context(tsr_device *device, cl_context theirs)
{
    const cl_context_properties properties[] = {
        CL_CONTEXT_PLATFORM, (cl_context_properties)device->platform, 0};
    cl_int code;

    if (theirs) {
        code = clRetainContext(theirs);
        if (code != CL_SUCCESS)
            return tsr__fail_cl(code, "clRetainContext", NULL);
        device->context = theirs;
        return TSR_OK;
    }
    device->context = clCreateContext(properties, 1, &device->id, NULL, NULL, &code);
    if (!device->context)
        return tsr__fail_cl(code, "clCreateContext", "%s", device->info.name);
    return TSR_OK;
}

static tsr_status create_queue(tsr_device *device, cl_command_queue theirs)
{
    cl_int code;

    if (theirs) {
        code = clRetainCommandQueue(theirs);
        if (code != CL_SUCCESS)
            return tsr__fail_cl(code, "clRetainCommandQueue", NULL);
        device->queue = theirs;
        return TSR_OK;
    }
    device->queue = clCreateCommandQueue(device->context, device->id, 0, &code);
    if (!device->queue)
        return tsr__fail_cl(code, "clCreateCommandQueue", "%s", device->info.name);
    return TSR_OK;
}

tsr_status tsr__device_create(const tsr__handles *handles, const tsr_device_info *info,
                              tsr_device **out)
{
    tsr_device *device = calloc(1, sizeof *device);
    tsr_status status;
    cl_int code;

    *out = NULL;
    if (!device)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no %zu bytes for a device",
                         sizeof *device);
    atomic_init(&device->references, 1);
    atomic_init(&device->others_enqueue, handles->queue != NULL);
    atomic_init(&device->worker_stays, false);
    device->platform = handles->platform;
    device->id = handles->id;
    device->info = *info;
    if ((status = copy_forced_strategy(device)) || (status = read_tune(device)))
        goto fail_environment;
    code = clRetainDevice(device->id); /* counts for a sub-device only */
    if (code != CL_SUCCESS) {
        status = tsr__fail_cl(code, "clRetainDevice", "%s", info->name);
        goto fail_retain;
    }
    if ((status = create_context(device, handles->context)))
        goto fail_context;
    if ((status = create_queue(device, handles->queue)))
        goto fail_queue;
    if (pthread_mutex_init(&device->lock, NULL) != 0) {
        status = tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for a device's lock");
        goto fail_lock;
    }
    *out = device;
    return TSR_OK;

fail_lock:
    clReleaseCommandQueue(device->queue);
fail_queue:
    clReleaseContext(device->context);
fail_context:
    clReleaseDevice(device->id);
fail_retain:
fail_environment:
    free(device);
    return status;
}

void tsr__device_retain(tsr_device *device)
{
    atomic_fetch_add_explicit(&device->references, 1, memory_order_relaxed);
}

/* Codes are not looked at: there is nobody left to tell. */
static void destroy(tsr_device *device)
{
    clFinish(device->queue);
    tsr__device_forget_launched(device);
    if (device->profiling_queue)
        clFinish(device->profiling_queue);
    for (int slot = 0; slot < TSR__SLOTS; slot++)
        if (device->slots[slot].state)
            device->slots[slot].destroy(device, device->slots[slot].state);
    if (device->profiling_queue)
        clReleaseCommandQueue(device->profiling_queue);
    clReleaseCommandQueue(device->queue);
    clReleaseContext(device->context);
    clReleaseDevice(device->id);
    pthread_mutex_destroy(&device->lock);
    free(device);
}

void tsr__device_release(tsr_device *device)
{
    if (atomic_fetch_sub_explicit(&device->references, 1, memory_order_acq_rel) == 1)
        destroy(device);
}

void tsr_device_close(tsr_device *device)
{
    if (!device)
        return;
    clFinish(device->queue);
    tsr__device_release(device);
}

void *tsr__device_slot(tsr_device *device, tsr__slot slot,
                       void *(*create)(tsr_device *device),
                       void (*destroy_state)(tsr_device *device, void *state))
{
    void *state;

    pthread_mutex_lock(&device->lock);
    state = device->slots[slot].state;
    if (!state) {
        state = create(device);
        device->slots[slot].state = state;
        device->slots[slot].destroy = destroy_state;
    }
    pthread_mutex_unlock(&device->lock);
    return state;
}

tsr_status tsr__device_profiling_queue(tsr_device *device, cl_command_queue *out)
{
    tsr_status status = TSR_OK;
    cl_int code = CL_SUCCESS;

    pthread_mutex_lock(&device->lock);
    if (!device->profiling_queue)
        device->profiling_queue = clCreateCommandQueue(
            device->context, device->id, CL_QUEUE_PROFILING_ENABLE, &code);
    *out = device->profiling_queue;
    pthread_mutex_unlock(&device->lock);
    if (!*out)
        status = tsr__fail_cl(code, "clCreateCommandQueue", "with profiling, on %s",
                              device->info.name);
    return status;
}

tsr_status tsr_device_finish(tsr_device *device)
{
    cl_int code;

    if (!device)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_finish: device is NULL");
    tsr__device_wait_a_moment(device);
    code = clFinish(device->queue);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clFinish", "%s", device->info.name);
    return tsr__device_ended(device);
}

const tsr_device_info *tsr_device_get_info(const tsr_device *device)
{
    return device ? &device->info : NULL;
}

cl_context tsr_device_get_cl_context(const tsr_device *device)
{
    return device ? device->context : NULL;
}

cl_device_id tsr_device_get_cl_device(const tsr_device *device)
{
    return device ? device->id : NULL;
}

cl_command_queue tsr_device_get_cl_queue(const tsr_device *device)
{
    if (!device)
        return NULL;
    /* No tsr_device is a const object: the caller only has no other use for it. */
    atomic_store(&((tsr_device *)device)->others_enqueue, true);
    return device->queue;
}
