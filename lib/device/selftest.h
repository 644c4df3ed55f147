/* selftest.h: does the device build a kernel and get a product right? */
#ifndef TSR_DEVICE_SELFTEST_H
#define TSR_DEVICE_SELFTEST_H

#include "device/device.h"
#include "device/entries.h"

/* Multiplies two small matrices of integers on the device's queue and compares with the
 * exact answer. Waits. Leaves nothing behind.
 * Errors: WRONG_RESULT, BUILD (the detail has the log's first line), DEVICE_LOST,
 * DEVICE_MEMORY, HOST_MEMORY, OPENCL. */
tsr_status tsr__selftest(const tsr_device *device);

/* Makes the entry's device and self-tests it, in this process. One that fails is rejected
 * with the reason. Errors: ARGUMENT and HOST_MEMORY, which say nothing about the device. */
tsr_status tsr__selftest_entry(tsr_device_entry *entry);

#endif /* TSR_DEVICE_SELFTEST_H */
