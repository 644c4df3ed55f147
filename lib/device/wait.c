#include "device/wait.h"

#include <sched.h>

#include "base/clock.h"

/* Seconds. Waking a thread after a longer launch costs little beside it. */
#define MOMENT 500e-6

bool tsr__device_wants_event(const tsr_device *device, cl_command_queue queue)
{
    return device->info.type == TSR_DEVICE_CPU && queue == device->queue;
}

void tsr__device_launched(tsr_device *device, cl_event event)
{
    cl_event before;

    if (clRetainEvent(event) != CL_SUCCESS)
        return;
    pthread_mutex_lock(&device->lock);
    before = device->latest;
    device->latest = event;
    pthread_mutex_unlock(&device->lock);
    if (before)
        clReleaseEvent(before);
}

static bool ended(cl_event event)
{
    cl_int state;

    return clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state,
                          &state, NULL) != CL_SUCCESS ||
           state <= CL_COMPLETE;
}

void tsr__device_wait_a_moment(tsr_device *device)
{
    const double start = tsr__seconds();
    cl_event event;

    pthread_mutex_lock(&device->lock);
    event = device->latest;
    device->latest = NULL;
    pthread_mutex_unlock(&device->lock);
    if (!event)
        return;
    if (clFlush(device->queue) == CL_SUCCESS)
        while (!ended(event) && tsr__seconds() - start < MOMENT)
            sched_yield();
    clReleaseEvent(event);
}
