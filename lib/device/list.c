/* list.c: tsr_device_list, every candidate with its self-test done in a child. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/trace.h"
#include "device/discover.h"
#include "device/drivers.h"
#include "device/select.h"
#include "device/selftest.h"
#include "device/selftest_child.h"
#include "device/spec.h"

struct tsr_device_list {
    tsr__entries entries;
};

/* Not an error: it is why the device cannot be used. */
static tsr_status test_in_child(const char *vendors, tsr_device_entry *entry)
{
    bool tested;
    tsr_status status = tsr__selftest_in_child(vendors, entry, &tested);

    if (status == TSR_ERROR_NO_DEVICE) { /* gone since */
        tsr__entry_reject(entry, "%s", tsr_error_detail());
        return TSR_OK;
    }
    if (!status && !tested)
        tsr__entry_reject(entry, "its self-test could not be started");
    return status;
}

static tsr_status list_with_children(const tsr__drivers *drivers, tsr__entries *entries)
{
    const char *vendors = drivers->vendors[0] ? drivers->vendors : NULL;
    tsr_status status = tsr__entries_append(entries, &drivers->entries);

    tsr__assign_specs(entries);
    for (size_t i = 0; i < entries->count && !status; i++)
        if (entries->items[i].usable)
            status = test_in_child(vendors, &entries->items[i]);
    return status;
}

static tsr_status list_here(tsr__entries *entries)
{
    tsr_status status = tsr__discover(entries);

    for (size_t i = 0; i < entries->count && !status; i++)
        if (entries->items[i].usable)
            status = tsr__selftest_entry(&entries->items[i]);
    return status;
}

static tsr_status fill(tsr__entries *entries)
{
    tsr__drivers drivers;
    tsr_status status = tsr__drivers_ask(&drivers);

    if (!status)
        status =
            drivers.asked ? list_with_children(&drivers, entries) : list_here(entries);
    tsr__drivers_free(&drivers);
    tsr__order(entries);
    return status;
}

tsr_status tsr_device_list_create(tsr_device_list **out)
{
    tsr_device_list *list;
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_list_create: out is NULL");
    *out = NULL;
    list = calloc(1, sizeof *list);
    if (!list)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for a list of devices");
    status = fill(&list->entries);
    if (status) {
        tsr_device_list_destroy(list);
        return status;
    }
    *out = list;
    return TSR_OK;
}

void tsr_device_list_destroy(tsr_device_list *list)
{
    if (!list)
        return;
    tsr__entries_free(&list->entries);
    free(list);
}

size_t tsr_device_list_count(const tsr_device_list *list)
{
    return list ? list->entries.count : 0;
}

const tsr_device_entry *tsr_device_list_get(const tsr_device_list *list, size_t index)
{
    return list && index < list->entries.count ? &list->entries.items[index] : NULL;
}

tsr_status tsr_device_list_find(const tsr_device_list *list, const char *spec,
                                size_t *index)
{
    bool *matches;
    tsr_status status;

    if (!list || !index)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_list_find: %s is NULL",
                         list ? "index" : "list");
    matches = calloc(list->entries.count + 1, sizeof *matches);
    if (!matches)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory to choose a device");
    status = tsr__explain_spec(
        tsr__select(&list->entries, tsr__spec_or_environment(spec), matches), spec);
    if (!status) {
        size_t best = 0;

        while (best < list->entries.count &&
               !(matches[best] && list->entries.items[best].usable))
            best++;
        if (best < list->entries.count)
            *index = best;
        else
            status = tsr__fail_no_device(&list->entries, matches);
    }
    free(matches);
    return status;
}
