/* fits.h: whether there is room to compare a product on a device. */
#ifndef COMPARE_FITS_H
#define COMPARE_FITS_H

#include <tessera/device.h>

#include "problem.h"

/* Whether the device has the dtype and room for each operand and for all three. */
bool problem_fits(const problem *p, const tsr_device_info *device, failure *why);

#endif /* COMPARE_FITS_H */
