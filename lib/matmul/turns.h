/* turns.h: how many loop turns a work-item may make.
 *
 * Mesa's llvmpipe (22.3) ends a work-item's loops after 65535 turns, all of them counted
 * together, without a word: sums come out short. A strategy says how many turns a
 * work-item of its kernels makes at most, and refuses what that driver would cut off.
 */
#ifndef TSR_MATMUL_TURNS_H
#define TSR_MATMUL_TURNS_H

#include <tessera/device.h>

/* Whether the device is such a one, so that turns have to be counted at all. */
bool tsr__turns_count(const tsr_device_info *info);

/* NULL, or why a kernel whose work-items make `turns` turns cannot run. */
const char *tsr__turns_refused(double turns, const tsr_device_info *info);

#endif /* TSR_MATMUL_TURNS_H */
