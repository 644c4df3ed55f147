/* engines.h: the two ways in which a device gets at the caller's arrays.
 *
 * Matrices here have no negative strides, and rows or columns that are contiguous. Both
 * wait until C is complete and nothing touches the caller's arrays any more, also when
 * they fail; then C is neither what it was nor what it should be.
 */
#ifndef TSR_BLAS_ENGINES_H
#define TSR_BLAS_ENGINES_H

#include <tessera/device.h>

#include "blocks.h"

#define TSR__TEXT_SIZE 256

/* Whether the arrays can be the device's storage themselves: the device shares the host's
 * memory, and they are aligned enough. A CPU needs elements to be aligned. Other devices
 * need pages, or their driver copies in secret, and then the gaps between a result's rows
 * with it, which may be another thread's. */
bool tsr__in_place(const tsr_device_info *info, const tsr__product *product);

/* Each block's arrays lent to the device. */
tsr_status tsr__compute_in_place(tsr_device *device, tsr__blocks blocks);

/* Blocks copied to the device and back, the next one's operands on their way while one is
 * multiplied. `text` says what failed if it was no call of the core's, which have
 * tsr_error_detail(). */
tsr_status tsr__compute_copied(tsr_device *device, tsr__blocks blocks,
                               char text[TSR__TEXT_SIZE]);

#endif /* TSR_BLAS_ENGINES_H */
