/* native.h: plain C on a device's threads, enqueued like kernels. */
#ifndef TSR_DEVICE_NATIVE_H
#define TSR_DEVICE_NATIVE_H

#include "device/device.h"

/* Whether this is a CPU whose driver runs clEnqueueNativeKernel. */
bool tsr__runs_native(const tsr_device *device);

#endif /* TSR_DEVICE_NATIVE_H */
