/* who.h: whether a product gains by a device. Decided on numbers alone, so that the same
 * call of the same program is always computed by the same library. */
#ifndef TSR_BLAS_WHO_H
#define TSR_BLAS_WHO_H

#include <tessera/device.h>

#include "blocks.h"

/* So small that tsr__may_gain() is false, whatever its form: a product of some tens of
 * nanoseconds, told before any time is spent on it. */
bool tsr__is_small(double flops);

/* Whether any device might: cheap, and asked before one is opened. */
bool tsr__may_gain(const tsr__product *product);

/* Whether this one does, in these blocks. */
bool tsr__gains(const tsr__blocks *blocks, const tsr_device_info *info);

#endif /* TSR_BLAS_WHO_H */
