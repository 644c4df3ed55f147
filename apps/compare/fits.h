/* fits.h: whether a product can be compared on a device. */
#ifndef COMPARE_FITS_H
#define COMPARE_FITS_H

#include <tessera/device.h>

#include "problem.h"

/* Whether it has that dtype at all. */
bool device_has(const tsr_device_info *device, tsr_dtype dtype);

/* Whether the device has room for each operand and for all three. */
bool problem_fits(const problem *p, const tsr_device_info *device, failure *why);

#endif /* COMPARE_FITS_H */
