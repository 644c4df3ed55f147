#include "device/tested.h"

#include <pthread.h>

#include "base/error.h"
#include "base/trace.h"
#include "device/discover.h"
#include "device/pocl.h"
#include "device/selftest_child.h"

/* Held while a child is asked, too: who wants the same answer waits for it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Which have passed in this process, where there may be no records. One more than fit is
 * tested again, no more. */
static struct {
    unsigned platform_index, device_index;
} passed[64];
static size_t num_passed;

static bool has_passed(const tsr_device_info *info)
{
    for (size_t i = 0; i < num_passed; i++)
        if (passed[i].platform_index == info->platform_index &&
            passed[i].device_index == info->device_index)
            return true;
    return tsr__record_has_passed(tsr__discover_record(), info);
}

static void note_passed(const tsr_device_info *info)
{
    if (num_passed < sizeof passed / sizeof passed[0]) {
        passed[num_passed].platform_index = info->platform_index;
        passed[num_passed++].device_index = info->device_index;
    }
    tsr__record_passed(tsr__discover_record(), info);
}

/* PoCL's compiler takes 0.4 s to start, in each process that compiles: with a child, the
 * first product on a new machine would come after 1.4 s instead of 1.0. What it is known
 * to die of in a compilation can be looked for. */
static bool needs_child(const tsr_device_info *info)
{
    return !tsr__is_pocl(info->platform) || !tsr__pocl_has_linker();
}

static tsr_status ask_child(const tsr_device_entry *entry, bool *here)
{
    tsr_device_entry copy = *entry;
    tsr__drivers drivers;
    bool tested = false;
    tsr_status status = tsr__discover_drivers(&drivers);

    if (!status) {
        status = tsr__selftest_in_child(drivers.vendors[0] ? drivers.vendors : NULL,
                                        &copy, &tested);
        if (status == TSR_ERROR_NO_DEVICE) {
            tsr__trace(TSR__TRACE_DEVICE, "in a child: %s", tsr_error_detail());
            tested = false;
            status = TSR_OK;
        }
    }
    tsr__drivers_free(&drivers);
    *here = !status && !tested;
    if (status || *here)
        return status;
    if (!copy.usable)
        return tsr__fail(TSR_ERROR_NO_DEVICE, "%s", copy.reason);
    note_passed(&entry->info);
    return TSR_OK;
}

tsr_status tsr__tested(const tsr_device_entry *entry, bool *here)
{
    tsr_status status = TSR_OK;

    *here = false;
    pthread_mutex_lock(&lock);
    if (has_passed(&entry->info))
        tsr__trace(TSR__TRACE_DEVICE, "%s has passed its self-test before",
                   entry->info.spec);
    else if (needs_child(&entry->info))
        status = ask_child(entry, here);
    else
        *here = true;
    pthread_mutex_unlock(&lock);
    return status;
}

void tsr__tested_here(const tsr_device_entry *entry)
{
    pthread_mutex_lock(&lock);
    note_passed(&entry->info);
    pthread_mutex_unlock(&lock);
}
