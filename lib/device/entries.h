/* entries.h: a growing array of tsr_device_entry. For lib/device only. */
#ifndef TSR_DEVICE_ENTRIES_H
#define TSR_DEVICE_ENTRIES_H

#include <tessera/device.h>

#include "base/error.h"

typedef struct tsr__entries {
    tsr_device_entry *items;
    size_t count;
    size_t capacity;
} tsr__entries;

/* Errors: HOST_MEMORY; then the array is as it was. */
tsr_status tsr__entries_add(tsr__entries *entries, const tsr_device_entry *entry);

/* Adds copies of all of `from`. Errors: HOST_MEMORY. */
tsr_status tsr__entries_append(tsr__entries *entries, const tsr__entries *from);

/* An entry for a driver that gave no devices: its library (or file) for the platform's
 * name, its ICD file for the driver, and no indices. The caller writes the reason. */
tsr_device_entry tsr__entry_for_driver(const char *library, const char *icd);

/* Whether the entry is a device, rather than a driver or platform without one. */
bool tsr__entry_is_device(const tsr_device_entry *entry);

/* Marks the entry as not usable, with the reason; one that is too long ends in
 * "...". */
void tsr__entry_reject(tsr_device_entry *entry, const char *format, ...)
    TSR__PRINTF(2, 3);

void tsr__entries_free(tsr__entries *entries);

#endif /* TSR_DEVICE_ENTRIES_H */
