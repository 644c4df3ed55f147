/* record.h: what this user's earlier processes found out about the drivers, on disk.
 *
 * Records lie in the cache directory (base/cache_file.h) and say good things only: that
 * the drivers survived being asked, that a device passed its self-test. They hold for
 * one boot of the machine, one version of tessera, one set of drivers (the ICD files and
 * the dynamic linker's cache as they are on disk) and one environment, as far as drivers
 * look at it. Anything odd means there is no record, and the question is asked again.
 *
 * A record does not make a driver safe for ever: it may crash where it once answered.
 * While a process loads drivers on the word of a record, the record is set aside; if the
 * process dies meanwhile, the next one finds none and asks in a child, as the first did.
 */
#ifndef TSR_DEVICE_RECORD_H
#define TSR_DEVICE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <tessera/device.h>

#include "base/cache_file.h"

/* Where records are kept, and what those of this process are about. */
typedef struct tsr__record {
    bool usable;    /* false: no directory, or no memory; nothing is kept or known */
    uint64_t about; /* a hash of boot, version, drivers and environment */
    char directory[TSR__PATH_SIZE];
} tsr__record;

/* Looks at the environment and the files. Does not touch the loader. */
void tsr__record_open(tsr__record *record);

/* True if the drivers are known to survive; the record is then set aside. */
bool tsr__record_take(tsr__record *record);

/* After the drivers were loaded: puts the record back where it was. */
void tsr__record_put_back(const tsr__record *record);

/* Notes that all drivers survived. */
void tsr__record_drivers(const tsr__record *record);

/* Whether this device has passed its self-test, and noting that it has. */
bool tsr__record_has_passed(const tsr__record *record, const tsr_device_info *info);
void tsr__record_passed(const tsr__record *record, const tsr_device_info *info);

#endif /* TSR_DEVICE_RECORD_H */
