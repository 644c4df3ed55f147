/* wait.h: waiting for the commands on a device's own queue, and how they ended.
 *
 * For a CPU device each launch's event is kept, for two reasons.
 *
 * A thread that sleeps in clFinish has to be woken, and while it sleeps its core goes
 * idle, or into a halt that a virtual machine leaves slowly: 10 to 40 us, as long as a
 * product of 200 x 200 x 200. So the latest event is asked for a moment before the thread
 * goes to sleep. Between two questions the core is offered to others, the device's threads
 * among them.
 *
 * A command that ends abnormally says so by its event alone: in PoCL and Mesa what follows
 * on the queue runs, and clFinish and reads succeed. (On a GPU, where an event for each
 * launch would cost, drivers are trusted to fail later calls.) So whoever has waited for
 * the queue asks how the commands have ended.
 */
#ifndef TSR_DEVICE_WAIT_H
#define TSR_DEVICE_WAIT_H

#include "device/device.h"

/* Whether commands on this queue should be told to tsr__device_launched. */
bool tsr__device_wants_event(const tsr_device *device, cl_command_queue queue);

/* A command on the device's own queue. Takes a reference of its own to the event. */
void tsr__device_launched(tsr_device *device, cl_event event);

/* Returns when the latest launch has ended, or after a moment. Safe from many threads. */
void tsr__device_wait_a_moment(tsr_device *device);

/* After everything enqueued has been waited for: DEVICE_LOST if a command ended abnormally
 * since this was last asked. */
tsr_status tsr__device_ended(tsr_device *device);

/* Gives back the event of a command that the call `call` has waited for, NULL if it gave
 * none. DEVICE_LOST if the command ended abnormally. */
tsr_status tsr__device_waited(const tsr_device *device, cl_event event,
                              const char *call);

/* Gives back all events, when the device goes. */
void tsr__device_forget_launched(tsr_device *device);

#endif /* TSR_DEVICE_WAIT_H */
