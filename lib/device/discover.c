#include "device/discover.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/trace.h"
#include "device/enumerate.h"
#include "device/select.h"

/* What this process has learned, guarded by the lock and kept until it ends. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool loader_started;
static tsr__entries left_out; /* drivers that failed, with reasons */
static bool leads_past;    /* some of them, which may not be loaded in a child either */
static tsr__record record; /* of when the loader was started */
static bool record_is_taken; /* until the devices are listed */

static bool is_driver(const tsr_device_entry *entry)
{
    return entry->info.platform_index == UINT_MAX;
}

/* Keeps the faults among `entries`; devices and empty platforms will be asked again. */
static tsr_status keep_faults(const tsr__entries *entries)
{
    tsr_status status = TSR_OK;

    tsr__entries_free(&left_out);
    for (size_t i = 0; i < entries->count && !status; i++)
        if (is_driver(&entries->items[i]))
            status = tsr__entries_add(&left_out, &entries->items[i]);
    return status;
}

static void touch_loader(void)
{
    cl_uint count = 0;

    clGetPlatformIDs(0, NULL, &count);
    loader_started = true;
}

/* Better none than the name of a folder that will be removed. */
static tsr_status fail_unset(const char *before)
{
    unsetenv("OCL_ICD_VENDORS");
    return tsr__fail(
        TSR_ERROR_HOST_MEMORY,
        "no memory to set OCL_ICD_VENDORS to \"%s\" again: it is unset now", before);
}

/* Lets the loader load only what is in the folder `vendors`. */
static tsr_status start_loader(const char *vendors)
{
    const char *before = getenv("OCL_ICD_VENDORS");
    char *copy = before ? strdup(before) : NULL;
    tsr_status status = TSR_OK;

    if (before && !copy)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for OCL_ICD_VENDORS");
    if (setenv("OCL_ICD_VENDORS", vendors, 1) != 0) {
        free(copy);
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "OCL_ICD_VENDORS cannot be set");
    }
    touch_loader();
    if (!copy)
        unsetenv("OCL_ICD_VENDORS");
    else if (setenv("OCL_ICD_VENDORS", copy, 1) != 0)
        status = fail_unset(copy);
    free(copy);
    return status;
}

/* Loads the drivers here, because there is no helper to ask them or no need to. */
static tsr_status begin_here(void)
{
    tsr__entries faults = {NULL, 0, 0};
    tsr_status status;

    touch_loader();
    status = tsr__icds_check(&faults);
    if (!status)
        status = keep_faults(&faults);
    tsr__entries_free(&faults);
    return status;
}

/* Asks the drivers in a child, then loads those that are safe. */
static tsr_status begin_with_child(void)
{
    tsr__drivers drivers;
    tsr_status status = tsr__drivers_ask(&drivers);

    if (!status && !drivers.asked) {
        tsr__trace(TSR__TRACE_DEVICE, "the drivers are asked in this process");
        status = begin_here();
    } else if (!status && !(status = keep_faults(&drivers.entries))) {
        leads_past = drivers.vendors[0] != '\0';
        if (leads_past && drivers.any_safe) {
            status = start_loader(drivers.vendors);
        } else if (drivers.any_safe) {
            tsr__record_drivers(&record);
            touch_loader();
        }
    }
    tsr__drivers_free(&drivers);
    return status;
}

static tsr_status begin(void)
{
    tsr__record_open(&record);
    record_is_taken = tsr__record_take(&record);
    if (!record_is_taken)
        return begin_with_child();
    tsr__trace(TSR__TRACE_DEVICE, "these drivers have survived being asked before");
    return begin_here();
}

static tsr_status list_all(tsr__entries *entries)
{
    tsr_status status = TSR_OK;

    if (loader_started)
        status = tsr__enumerate(entries);
    if (!status)
        status = tsr__entries_append(entries, &left_out);
    if (record_is_taken)
        tsr__record_put_back(&record);
    record_is_taken = false;
    return status;
}

const tsr__record *tsr__discover_record(void)
{
    return &record; /* written once, before tsr__discover first succeeds */
}

tsr_status tsr__discover_drivers(tsr__drivers *drivers)
{
    memset(drivers, 0, sizeof *drivers);
    return leads_past ? tsr__drivers_leave_out(drivers, &left_out) : TSR_OK;
}

tsr_status tsr__discover(tsr__entries *entries)
{
    tsr_status status = TSR_OK;

    pthread_mutex_lock(&lock);
    if (!loader_started)
        status = begin();
    if (!status)
        status = list_all(entries);
    pthread_mutex_unlock(&lock);
    if (status)
        return status;
    tsr__assign_specs(entries);
    tsr__order(entries);
    return TSR_OK;
}
