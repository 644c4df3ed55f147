/* cold.h: --cold: how many bytes of operands no cache can hold. */
#ifndef COMPARE_COLD_H
#define COMPARE_COLD_H

#include <tessera/device.h>

#include "failure.h"

/* Four times the last-level cache: the larger of the device's and the host's, as both are
 * timed; of 64 MB if neither is known. */
double cold_bytes(const tsr_device_info *device);

/* Whether device and host have room for that, with results and f64 copies. */
bool cold_fits(double bytes, const tsr_device_info *device, failure *why);

#endif /* COMPARE_COLD_H */
