/* selftest_child.h: a device's self-test in a child process, where its driver may die. */
#ifndef TSR_DEVICE_SELFTEST_CHILD_H
#define TSR_DEVICE_SELFTEST_CHILD_H

#include "device/entries.h"

/* Self-tests the entry's device in a child whose $OCL_ICD_VENDORS is `vendors` (NULL: as
 * it is here). One that fails, or whose driver crashes or hangs, is rejected with the
 * reason. *tested is false if there is no helper (ask.h): nothing is known then.
 * Errors: NO_DEVICE (the child does not find it), and those of tsr__ask_selftest. */
tsr_status tsr__selftest_in_child(const char *vendors, tsr_device_entry *entry,
                                  bool *tested);

#endif /* TSR_DEVICE_SELFTEST_CHILD_H */
