#include "program/launch.h"

#include "device/cl_error.h"
#include "device/wait.h"
#include "device/worker.h"
#include "program/kernel.h"

tsr__sequence tsr__sequence_on(tsr_device *device)
{
    return (tsr__sequence){.device = device, .queue = device->queue};
}

tsr_status tsr__check_waits(cl_uint count, const cl_event *list)
{
    for (cl_uint i = 0; i < count; i++) {
        cl_int state;

        if (clGetEventInfo(list[i], CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state,
                           &state, NULL) == CL_SUCCESS &&
            state < CL_COMPLETE)
            return tsr__fail(TSR_ERROR_DEVICE_LOST,
                             "event %u of %u to wait for has ended with %s (%d), as "
                             "clGetEventInfo says",
                             i, count, tsr_cl_status_name(state), (int)state);
    }
    return TSR_OK;
}

/* The caller's events and the command before. The queue is in-order; but a command that
 * waits for one that fails, fails. The caller's again, as Intel's CPU runtime does not hand
 * on their failure from command to command. */
tsr_status tsr__sequence_waits(const tsr__sequence *sequence, cl_uint *count,
                               const cl_event **list)
{
    *count = sequence->num_wait + (sequence->last != NULL);
    if (sequence->num_wait && sequence->last)
        sequence->wait[sequence->num_wait] = sequence->last;
    *list = sequence->num_wait ? sequence->wait : *count ? &sequence->last : NULL;
    return tsr__check_waits(*count, *list);
}

cl_event *tsr__sequence_event(const tsr__sequence *sequence, cl_event *event)
{
    const bool told = tsr__device_wants_event(sequence->device, sequence->queue);

    return sequence->want_event || told ? event : NULL;
}

void tsr__sequence_took(tsr__sequence *sequence, cl_event event)
{
    sequence->waited |= sequence->num_wait > 0;
    if (!event)
        return;
    if (tsr__device_wants_event(sequence->device, sequence->queue))
        tsr__device_launched(sequence->device, event);
    if (!sequence->want_event) {
        clReleaseEvent(event);
        return;
    }
    if (sequence->last)
        clReleaseEvent(sequence->last);
    sequence->last = event;
}

tsr_status tsr__sequence_end(tsr__sequence *sequence)
{
    cl_event event = NULL;
    tsr_status status;
    cl_int code;

    if (!sequence->want_event || sequence->last)
        return TSR_OK;
    if ((status = tsr__check_waits(sequence->num_wait, sequence->wait)))
        return status;
    code =
        clEnqueueMarkerWithWaitList(sequence->queue, sequence->num_wait,
                                    sequence->num_wait ? sequence->wait : NULL, &event);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueMarkerWithWaitList", NULL);
    tsr__sequence_took(sequence, event);
    return TSR_OK;
}

void tsr__sequence_release(tsr__sequence *sequence)
{
    if (sequence->last)
        clReleaseEvent(sequence->last);
    sequence->last = NULL;
}

static tsr_status launch_locked(tsr__sequence *sequence, tsr__kernel *kernel,
                                cl_uint dims, const size_t *global, const size_t *local,
                                size_t num_args, const tsr__arg *args)
{
    cl_event event = NULL;
    const cl_event *list;
    cl_uint num_wait;
    tsr_status status;
    cl_int code;

    for (size_t i = 0; i < num_args; i++) {
        code = clSetKernelArg(kernel->handle, (cl_uint)i, args[i].size, args[i].value);
        if (code != CL_SUCCESS)
            return tsr__fail_cl(code, "clSetKernelArg", "argument %zu of %s", i,
                                kernel->entry);
    }
    if ((status = tsr__sequence_waits(sequence, &num_wait, &list)))
        return status;
    code = clEnqueueNDRangeKernel(sequence->queue, kernel->handle, dims, NULL, global,
                                  local, num_wait, list,
                                  tsr__sequence_event(sequence, &event));
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueNDRangeKernel",
                            "%s, %zu x %zu x %zu work-items in groups of %zu x %zu x "
                            "%zu",
                            kernel->entry, global[0], dims > 1 ? global[1] : 1,
                            dims > 2 ? global[2] : 1, local[0], dims > 1 ? local[1] : 1,
                            dims > 2 ? local[2] : 1);
    tsr__sequence_took(sequence, event);
    return TSR_OK;
}

tsr_status tsr__launch(tsr__sequence *sequence, tsr__kernel *kernel, cl_uint dims,
                       const size_t *global, const size_t *local, size_t num_args,
                       const tsr__arg *args)
{
    tsr_status status;

    tsr__worker_dismiss(sequence->device);
    pthread_mutex_lock(&kernel->lock);
    status = launch_locked(sequence, kernel, dims, global, local, num_args, args);
    pthread_mutex_unlock(&kernel->lock);
    return status;
}

tsr_status tsr__launch_native(tsr__sequence *sequence,
                              void(CL_CALLBACK *function)(void *arguments),
                              void *arguments, size_t size, cl_mem buffer,
                              const void **place)
{
    cl_event event = NULL;
    const cl_event *list;
    cl_uint num_wait;
    tsr_status status;
    cl_int code;

    tsr__worker_dismiss(sequence->device);
    if ((status = tsr__sequence_waits(sequence, &num_wait, &list)))
        return status;
    code = clEnqueueNativeKernel(sequence->queue, function, arguments, size, 1, &buffer,
                                 place, num_wait, list,
                                 tsr__sequence_event(sequence, &event));
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueNativeKernel", "%zu bytes of arguments",
                            size);
    tsr__sequence_took(sequence, event);
    return TSR_OK;
}
