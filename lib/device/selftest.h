/* selftest.h: does the device build a kernel and get a product right? */
#ifndef TSR_DEVICE_SELFTEST_H
#define TSR_DEVICE_SELFTEST_H

#include "device/device.h"

/* Multiplies two small matrices of integers on the device's queue and compares with the
 * exact answer. Waits. Leaves nothing behind.
 * Errors: WRONG_RESULT, BUILD (the detail has the log's first line), DEVICE_LOST,
 * DEVICE_MEMORY, HOST_MEMORY, OPENCL. */
tsr_status tsr__selftest(const tsr_device *device);

#endif /* TSR_DEVICE_SELFTEST_H */
