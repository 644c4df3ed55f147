/* panel_space.h: what may be searched of the panel strategy.
 *
 * Tiles, the depth of a pass over K, how K is cut and how operands' panels come about:
 * each by itself around the best guess, not all with all, as each set costs a build. A
 * record of a set cuts K otherwise than by the problem alone; it holds for one device.
 */
#ifndef TSR_MATMUL_PANEL_SPACE_H
#define TSR_MATMUL_PANEL_SPACE_H

#include "matmul/panel_shape.h"
#include "matmul/strategy.h"

/* In the order of a space's names; NULL after the last. */
extern const char *const tsr__panel_names[];

/* tsr__space's, without those that a device that counts turns (turns.h) would refuse. */
size_t tsr__panel_sets(const tsr__problem *problem, const tsr_device_info *info,
                       tsr__parameters *out, size_t room);
bool tsr__panel_fits(const tsr__problem *problem, const tsr_device_info *info,
                     const tsr__parameters *set);

/* The shape with a set that fits, or with the best guess for NULL. */
tsr__panel_shape tsr__panel_shape_by(const tsr__problem *problem,
                                     const tsr_device_info *info,
                                     const tsr__parameters *set);

/* How much longer a set should take than its shape's cost says: 1 for the best guess. */
double tsr__panel_penalty(const tsr__problem *problem, const tsr_device_info *info,
                          const tsr__parameters *set);

/* The shape with its blocks, or why a device that counts turns refuses it. */
const char *tsr__panel_refused(const tsr__problem *problem, const tsr_device_info *info,
                               tsr__panel_shape shape);

#endif /* TSR_MATMUL_PANEL_SPACE_H */
