/* drivers.h: what all installed drivers answer, and which of them are safe to load.
 *
 * One child asks all drivers at once. If it dies, one child per ICD file finds the
 * culprit; the others are then asked together, as the loader would load them (two
 * drivers that are fine alone may still not stand each other, two copies of LLVM for
 * example).
 */
#ifndef TSR_DEVICE_DRIVERS_H
#define TSR_DEVICE_DRIVERS_H

#include "device/entries.h"
#include "device/vendors.h"

typedef struct tsr__drivers {
    bool asked;           /* false: there is no helper, and nothing is known */
    bool any_safe;        /* false: every driver failed; do not start the loader */
    tsr__entries entries; /* devices, not tested yet, and what has none, with reasons */
    /* $OCL_ICD_VENDORS that leaves the failing drivers out: a folder of ours with
     * links, removed by tsr__drivers_free. "" if all are safe. */
    char vendors[TSR__ICD_PATH_SIZE];
    tsr__icds icds;
} tsr__drivers;

/* To be freed, also after a failure. Errors: HOST_MEMORY, ARGUMENT, OPENCL, NO_DEVICE
 * (a driver failed, and no temporary folder could be made to find out which). */
tsr_status tsr__drivers_ask(tsr__drivers *drivers);

/* Makes `vendors` lead past the drivers in `left_out` (their entries; may be none) as it
 * did when tsr__drivers_ask found them. To be freed, also after a failure. Errors:
 * HOST_MEMORY, NO_DEVICE (no temporary folder could be made). */
tsr_status tsr__drivers_leave_out(tsr__drivers *drivers, const tsr__entries *left_out);

void tsr__drivers_free(tsr__drivers *drivers);

#endif /* TSR_DEVICE_DRIVERS_H */
