/* keep.h: a device's records from one process to the next.
 *
 * One checked file in the cache directory (base/cache_file.h) for each device, driver and
 * version of the kernels. Anything odd about it means that there are no records; nothing
 * here fails a product.
 */
#ifndef TSR_TUNE_KEEP_H
#define TSR_TUNE_KEEP_H

#include <tessera/device.h>

#include "tune/records.h"

/* Whether there is a place for records, to be read or to be written too. Errors:
 * UNSUPPORTED: the detail says which directory, what is wrong and what mends it. */
tsr_status tsr__keep_check(bool write);

/* Around what loads, changes and saves: other processes wait meanwhile, so that what they
 * keep is not lost (base/cache_file.h). */
int tsr__keep_lock(void);
void tsr__keep_unlock(int lock);

/* What is kept; none if there is nothing, or nothing that can be trusted. */
void tsr__keep_load(const tsr_device_info *info, tsr__records *out);

/* Keeps all of `records` and nothing else. False, and a trace that says why, if there is
 * no place for them. */
bool tsr__keep_save(const tsr_device_info *info, const tsr__records *records);

/* Removes them. */
void tsr__keep_erase(const tsr_device_info *info);

#endif /* TSR_TUNE_KEEP_H */
