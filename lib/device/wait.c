#include "device/wait.h"

#include <sched.h>
#include <string.h>

#include "base/clock.h"
#include "device/cl_error.h"

/* Seconds. Waking a thread after a longer launch costs little beside it. */
#define MOMENT 500e-6

bool tsr__device_wants_event(const tsr_device *device, cl_command_queue queue)
{
    return device->info.type == TSR_DEVICE_CPU && queue == device->queue;
}

/* Whether the event could be asked. *state is CL_COMPLETE, negative if the command failed,
 * positive if it has not ended. */
static bool ask(cl_event event, cl_int *state)
{
    return clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof *state,
                          state, NULL) == CL_SUCCESS;
}

/* The same; what cannot be asked counts as complete: waiting for it would not help. */
static cl_int state_of(cl_event event)
{
    cl_int state;

    return ask(event, &state) ? state : CL_COMPLETE;
}

/* ---- The list: the device's lock is held ----------------------------------------- */

static void drop_first(tsr__launched *l, cl_uint count)
{
    for (cl_uint i = 0; i < count; i++)
        clReleaseEvent(l->events[i]);
    l->count -= count;
    memmove(l->events, l->events + count, l->count * sizeof *l->events);
}

static void note_failure(tsr__launched *l, cl_int code, const char *teller)
{
    l->failure = code;
    l->teller = teller;
}

/* Drops those that have ended, up to the first that has not. */
static void drop_ended(tsr__launched *l)
{
    cl_uint ended = 0;
    bool all_asked = true; /* what was not may not have ended, and is not waited for */
    cl_int code;

    for (; ended < l->count; ended++) {
        cl_int state = CL_COMPLETE;

        all_asked = ask(l->events[ended], &state) && all_asked;
        if (state > CL_COMPLETE)
            break;
        if (state < CL_COMPLETE)
            note_failure(l, state, "clGetEventInfo");
    }
    /* To Intel's CPU runtime a command whose wait list failed is complete, except for
     * who waits for it; which is over at once. */
    if (ended && all_asked && !l->failure &&
        (code = clWaitForEvents(ended, l->events)) != CL_SUCCESS)
        note_failure(l, code, "clWaitForEvents");
    drop_first(l, ended);
}

/* Puts one command that waits for the older half in place of them: it fails if one of them
 * does. */
static void merge_older(tsr_device *device)
{
    tsr__launched *l = &device->launched;
    const cl_uint half = TSR__LAUNCHED / 2;
    cl_event all;
    cl_int code = clEnqueueMarkerWithWaitList(device->queue, half, l->events, &all);

    drop_first(l, half);
    if (code != CL_SUCCESS) {
        l->lost = code;
        return;
    }
    memmove(l->events + 1, l->events, l->count * sizeof *l->events);
    l->events[0] = all;
    l->count++;
}

/* ---- For those who enqueue and wait ---------------------------------------------- */

void tsr__device_launched(tsr_device *device, cl_event event)
{
    tsr__launched *l = &device->launched;

    if (clRetainEvent(event) != CL_SUCCESS)
        return;
    pthread_mutex_lock(&device->lock);
    if (l->count == TSR__LAUNCHED)
        drop_ended(l);
    if (l->count == TSR__LAUNCHED)
        merge_older(device);
    l->events[l->count++] = event;
    pthread_mutex_unlock(&device->lock);
}

/* The latest launch, retained; NULL if there is none or it is not known. */
static cl_event latest(tsr_device *device)
{
    tsr__launched *l = &device->launched;
    cl_event event = NULL;

    pthread_mutex_lock(&device->lock);
    if (l->count && clRetainEvent(l->events[l->count - 1]) == CL_SUCCESS)
        event = l->events[l->count - 1];
    pthread_mutex_unlock(&device->lock);
    return event;
}

void tsr__device_wait_a_moment(tsr_device *device)
{
    const double start = tsr__seconds();
    cl_event event = latest(device);

    if (!event)
        return;
    if (clFlush(device->queue) == CL_SUCCESS)
        while (state_of(event) > CL_COMPLETE && tsr__seconds() - start < MOMENT)
            sched_yield();
    clReleaseEvent(event);
}

static tsr_status fail_abnormal(const tsr_device *device, cl_int state,
                                const char *teller, const char *what)
{
    return tsr__fail(TSR_ERROR_DEVICE_LOST,
                     "%s on %s ended abnormally, with %s (%d), as %s says; "
                     "what it was to write is not there",
                     what, device->info.name, tsr_cl_status_name(state), (int)state,
                     teller);
}

static tsr_status fail_lost(const tsr_device *device, cl_int code)
{
    return tsr__fail(
        TSR_ERROR_DEVICE_LOST,
        "nobody can say how commands enqueued earlier on %s ended: "
        "clEnqueueMarkerWithWaitList failed with %s (%d); what they were to "
        "write may not be there",
        device->info.name, tsr_cl_status_name(code), (int)code);
}

tsr_status tsr__device_ended(tsr_device *device)
{
    tsr__launched *l = &device->launched;
    const char *teller;
    cl_int failure, lost;

    pthread_mutex_lock(&device->lock);
    drop_ended(l);
    failure = l->failure;
    lost = l->lost;
    teller = l->teller;
    l->failure = l->lost = CL_COMPLETE;
    pthread_mutex_unlock(&device->lock);
    return failure
               ? fail_abnormal(device, failure, teller, "a command enqueued earlier")
           : lost ? fail_lost(device, lost)
                  : TSR_OK;
}

tsr_status tsr__device_waited(const tsr_device *device, cl_event event,
                              const char *call)
{
    cl_int state = event ? state_of(event) : CL_COMPLETE;

    if (event)
        clReleaseEvent(event);
    return state < CL_COMPLETE ? fail_abnormal(device, state, "clGetEventInfo", call)
                               : TSR_OK;
}

void tsr__device_forget_launched(tsr_device *device)
{
    drop_first(&device->launched, device->launched.count);
}
