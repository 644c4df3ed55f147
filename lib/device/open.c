/* open.c: tsr_device_open, and the choice it makes. */
#include <stdio.h>
#include <stdlib.h>

#include "base/trace.h"
#include "device/coherent.h"
#include "device/create.h"
#include "device/discover.h"
#include "device/enumerate.h"
#include "device/select.h"
#include "device/selftest.h"
#include "device/spec.h"
#include "device/tested.h"

static void trace_candidates(const tsr__entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        const tsr_device_entry *entry = &entries->items[i];
        const tsr_device_info *info = &entry->info;

        if (entry->usable)
            tsr__trace(TSR__TRACE_DEVICE, "candidate %zu: %s (%s, %u units, %u MHz)",
                       i + 1, info->spec, tsr_device_type_name(info->type),
                       info->compute_units, info->clock_mhz);
        else
            tsr__trace(TSR__TRACE_DEVICE, "skipped: %s: %s", info->spec, entry->reason);
    }
}

static tsr_status open_tested(const tsr_device_entry *entry, tsr_device **out)
{
    tsr__handles handles;
    tsr_device *device;
    bool here;
    tsr_status status;

    if ((status = tsr__tested(entry, &here)) ||
        (status = tsr__find_handles(&entry->info, &handles)) ||
        (status = tsr__device_create(&handles, &entry->info, &device)))
        return status;
    if (here) {
        if ((status = tsr__selftest(device))) {
            tsr__device_release(device);
            return status;
        }
        tsr__tested_here(entry);
    }
    device->coherent = tsr__coherent(device);
    *out = device;
    return TSR_OK;
}

/* Opens the first of the matching entries that passes its self-test. */
static tsr_status open_first(tsr__entries *entries, const bool *matches,
                             tsr_device **out)
{
    for (size_t i = 0; i < entries->count; i++) {
        tsr_device_entry *entry = &entries->items[i];
        tsr_status status;

        if (!matches[i] || !entry->usable)
            continue;
        status = open_tested(entry, out);
        if (!status) {
            tsr__trace(TSR__TRACE_DEVICE, "chosen: %s", entry->info.spec);
            return TSR_OK;
        }
        /* Not the device's fault, and the next one would fare no better. */
        if (status == TSR_ERROR_ARGUMENT || status == TSR_ERROR_HOST_MEMORY)
            return status;
        tsr__entry_reject(entry, "%s", tsr_error_detail());
        tsr__trace(TSR__TRACE_DEVICE, "skipped: %s: %s", entry->info.spec,
                   entry->reason);
    }
    return tsr__fail_no_device(entries, matches);
}

tsr_status tsr_device_open(const char *given, tsr_device **out)
{
    const char *spec = tsr__spec_or_environment(given);
    tsr__entries entries = {NULL, 0, 0};
    bool *matches = NULL;
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_open: out is NULL");
    *out = NULL;
    if ((status = tsr__discover(&entries)))
        goto done;
    trace_candidates(&entries);
    if (spec)
        tsr__trace(TSR__TRACE_DEVICE, "asked for: %s", spec);
    matches = calloc(entries.count + 1, sizeof *matches);
    if (!matches) {
        status = tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory to choose a device");
        goto done;
    }
    status = tsr__explain_spec(tsr__select(&entries, spec, matches), given);
    if (!status)
        status = open_first(&entries, matches, out);
done:
    free(matches);
    tsr__entries_free(&entries);
    return status;
}
