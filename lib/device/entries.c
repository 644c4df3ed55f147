#include "device/entries.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

tsr_status tsr__entries_add(tsr__entries *entries, const tsr_device_entry *entry)
{
    if (entries->count == entries->capacity) {
        size_t capacity = entries->capacity ? 2 * entries->capacity : 8;
        tsr_device_entry *items =
            realloc(entries->items, capacity * sizeof *entries->items);

        if (!items)
            return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu device entries",
                             capacity);
        entries->items = items;
        entries->capacity = capacity;
    }
    entries->items[entries->count++] = *entry;
    return TSR_OK;
}

tsr_status tsr__entries_append(tsr__entries *entries, const tsr__entries *from)
{
    tsr_status status = TSR_OK;

    for (size_t i = 0; i < from->count && !status; i++)
        status = tsr__entries_add(entries, &from->items[i]);
    return status;
}

tsr_device_entry tsr__entry_for_driver(const char *library, const char *icd)
{
    tsr_device_entry entry = {.info = {.type = TSR_DEVICE_OTHER,
                                       .platform_index = UINT_MAX,
                                       .device_index = UINT_MAX}};

    snprintf(entry.info.platform, sizeof entry.info.platform, "%s", library);
    snprintf(entry.info.driver, sizeof entry.info.driver, "%s", icd);
    return entry;
}

bool tsr__entry_is_device(const tsr_device_entry *entry)
{
    return entry->info.device_index != UINT_MAX;
}

void tsr__entry_reject(tsr_device_entry *entry, const char *format, ...)
{
    char text[sizeof entry->reason] = ""; /* an argument may be the old reason itself */
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!tsr__is_whole(length, sizeof text))
        memcpy(text + sizeof text - 4, "...", 4);
    memcpy(entry->reason, text, sizeof text);
    entry->usable = false;
}

void tsr__entries_free(tsr__entries *entries)
{
    free(entries->items);
    *entries = (tsr__entries){NULL, 0, 0};
}
