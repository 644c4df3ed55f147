/* launches.h: what it costs to ask a device for anything at all. */
#ifndef STARTUP_LAUNCHES_H
#define STARTUP_LAUNCHES_H

/* Prints microseconds, best of several batches on the default device: an empty kernel
 * from enqueue to clFinish, one of many enqueued before one clFinish, a clSetKernelArg of
 * a buffer and of a number, and a product of 1x1x1 from tsr_matmul to tsr_device_finish.
 * An exit status: 0, 1 if a call failed, 3 if there is no device. */
int launches(void);

#endif /* STARTUP_LAUNCHES_H */
