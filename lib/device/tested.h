/* tested.h: devices that are to be opened have passed their self-test.
 *
 * That is known of an earlier process (record.h), or of this one; else a child makes the
 * test. A driver's first compilation is where most go wrong, and one that crashes or hangs
 * in it takes its process along.
 *
 * Threads may call these at once; of several that want the same device tested, one asks.
 */
#ifndef TSR_DEVICE_TESTED_H
#define TSR_DEVICE_TESTED_H

#include "device/entries.h"

/* OK if the device has passed. *here says that it is not known: no child can tell, because
 * there is none or it does not find the device, or none is needed, for PoCL that finds its
 * linker. Then it is OK, too, and whoever opens the device makes the test (selftest.h) and
 * tells tsr__tested_here of one that passes.
 * Errors: NO_DEVICE (it has not passed; the detail says why), those of
 * tsr__discover_drivers and tsr__selftest_in_child. */
tsr_status tsr__tested(const tsr_device_entry *entry, bool *here);

void tsr__tested_here(const tsr_device_entry *entry);

#endif /* TSR_DEVICE_TESTED_H */
