/* coherent.h: is an array that was lent to a device the device's memory, at any time? */
#ifndef TSR_DEVICE_COHERENT_H
#define TSR_DEVICE_COHERENT_H

#include "device/device.h"

/* Whether, once the device's queue is empty, the host sees in an array under
 * CL_MEM_USE_HOST_PTR what commands have written there, and later commands see what the
 * host has, without a map in between. OpenCL does not promise it; where a CPU's kernels run
 * on the host's own memory it is so. Tried with a page, on devices of type CPU only. */
bool tsr__coherent(const tsr_device *device);

#endif /* TSR_DEVICE_COHERENT_H */
