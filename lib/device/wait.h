/* wait.h: waiting for a device that is the host's own processor.
 *
 * A thread that sleeps in clFinish has to be woken, and while it sleeps its core goes
 * idle, or into a halt that a virtual machine leaves slowly: 10 to 40 us, as long as a
 * product of 200 x 200 x 200. So for a CPU device the latest launch's event is kept, and
 * is asked for a moment before the thread goes to sleep. Between two questions the core
 * is offered to others, the device's threads among them.
 */
#ifndef TSR_DEVICE_WAIT_H
#define TSR_DEVICE_WAIT_H

#include "device/device.h"

/* Whether launches on this queue should be told to tsr__device_launched. */
bool tsr__device_wants_event(const tsr_device *device, cl_command_queue queue);

/* The latest launch. Takes a reference of its own to the event. */
void tsr__device_launched(tsr_device *device, cl_event event);

/* Returns when the latest launch has ended, or after a moment. Safe from many threads.
 * Only clFinish says how the commands ended. */
void tsr__device_wait_a_moment(tsr_device *device);

#endif /* TSR_DEVICE_WAIT_H */
