#include "device/drivers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/trace.h"
#include "device/ask.h"
#include "device/where.h"

/* ---- The folder of links --------------------------------------------------------- */

static tsr_status make_folder(tsr__drivers *drivers)
{
    const char *parent = getenv("TMPDIR");
    int length;

    if (!parent || !*parent)
        parent = "/tmp";
    length = snprintf(drivers->vendors, sizeof drivers->vendors, "%s/tessera-XXXXXX",
                      parent);
    if (tsr__is_whole(length, sizeof drivers->vendors) && mkdtemp(drivers->vendors))
        return TSR_OK;
    drivers->vendors[0] = '\0';
    return tsr__fail(TSR_ERROR_NO_DEVICE,
                     "an OpenCL driver crashed while being asked for its devices, and "
                     "finding out which needs a temporary folder, which cannot be made "
                     "in %s (%s): set TMPDIR to one that can be written",
                     parent, strerror(errno));
}

/* Where in the folder this ICD's link is. False if that path would be too long. */
static bool link_path(const tsr__drivers *drivers, size_t index, char *path,
                      size_t size)
{
    const char *icd = drivers->icds.items[index].path;
    const char *slash = strrchr(icd, '/');
    int length =
        snprintf(path, size, "%s/%s", drivers->vendors, slash ? slash + 1 : icd);

    return tsr__is_whole(length, size);
}

static void unlink_icd(const tsr__drivers *drivers, size_t index)
{
    char path[TSR__ICD_PATH_SIZE];

    if (link_path(drivers, index, path, sizeof path))
        unlink(path);
}

static bool link_icd(const tsr__drivers *drivers, size_t index)
{
    char path[TSR__ICD_PATH_SIZE], target[TSR__ICD_PATH_SIZE];

    return tsr__absolute_path(drivers->icds.items[index].path, target, sizeof target) &&
           link_path(drivers, index, path, sizeof path) && symlink(target, path) == 0;
}

static void remove_folder(tsr__drivers *drivers)
{
    if (!drivers->vendors[0])
        return;
    for (size_t i = 0; i < drivers->icds.count; i++)
        unlink_icd(drivers, i);
    rmdir(drivers->vendors);
    drivers->vendors[0] = '\0';
}

/* ---- Faults ---------------------------------------------------------------------- */

/* What is known to make a good driver crash, if it is so here. */
static const char *hint(void)
{
    if (access("/proc/cpuinfo", R_OK) != 0 || access("/sys/devices", R_OK) != 0)
        return "; /proc or /sys is missing here, which PoCL cannot do without: mount "
               "them";
    return "; reinstall or update its package, or remove its ICD file";
}

static tsr_status add_fault(tsr__drivers *drivers, size_t index, const char *how,
                            const char *advice)
{
    const tsr__icd *icd = &drivers->icds.items[index];
    tsr_device_entry entry = tsr__icd_entry(icd);

    tsr__entry_reject(
        &entry, "this driver %s while being asked for its devices, and is left out%s",
        how, advice);
    tsr__trace(TSR__TRACE_DEVICE, "%s %s while being asked; left out",
               entry.info.platform, how);
    return tsr__entries_add(&drivers->entries, &entry);
}

/* ---- Who is it? ------------------------------------------------------------------ */

/* Asks with what is linked now. *good says whether the child survived. */
static tsr_status ask_linked(tsr__drivers *drivers, tsr__answer *answer, bool *good)
{
    tsr_status status = tsr__ask_devices(drivers->vendors, answer);

    *good = answer->outcome == TSR__ANSWERED;
    return status;
}

/* Asks each alone and leaves those linked that answer. The last answer that was good is
 * in *answer: the whole answer if only one is. */
static tsr_status ask_each(tsr__drivers *drivers, bool *kept, size_t *num_kept)
{
    tsr_status status = TSR_OK;

    *num_kept = 0;
    for (size_t i = 0; i < drivers->icds.count && !status; i++) {
        tsr__answer answer = {.how = "cannot be linked to"};

        kept[i] = false;
        if (link_icd(drivers, i)) {
            status = ask_linked(drivers, &answer, &kept[i]);
            unlink_icd(drivers, i);
        }
        if (!status && !kept[i])
            status = add_fault(drivers, i, answer.how, hint());
        *num_kept += kept[i];
        tsr__answer_free(&answer);
    }
    return status;
}

/* Links one after another and takes back whoever breaks the company. The last good
 * answer is the answer of all that stay. */
static tsr_status gather(tsr__drivers *drivers, const bool *kept)
{
    tsr__entries together = {NULL, 0, 0};
    tsr_status status = TSR_OK;

    for (size_t i = 0; i < drivers->icds.count && !status; i++) {
        tsr__answer answer = {.how = "cannot be linked to"};
        bool good = false;

        if (!kept[i])
            continue;
        if (link_icd(drivers, i))
            status = ask_linked(drivers, &answer, &good);
        if (good) {
            tsr__entries swap = together;

            together = answer.entries;
            answer.entries = swap;
            drivers->any_safe = true;
        } else if (!status) {
            char how[sizeof answer.how + 32];

            unlink_icd(drivers, i);
            snprintf(how, sizeof how, "%s beside the other drivers", answer.how);
            status = add_fault(drivers, i, how,
                               "; it can be used alone, with OCL_ICD_VENDORS set to "
                               "its ICD file");
        }
        tsr__answer_free(&answer);
    }
    if (!status)
        status = tsr__entries_append(&drivers->entries, &together);
    tsr__entries_free(&together);
    return status;
}

/* As gather, in one go, for the usual case that those who are good alone get along. */
static tsr_status ask_together(tsr__drivers *drivers, const bool *kept, bool *good)
{
    tsr__answer answer;
    tsr_status status;
    bool all = true;

    for (size_t i = 0; i < drivers->icds.count; i++)
        if (kept[i])
            all = link_icd(drivers, i) && all;
    status = ask_linked(drivers, &answer, good);
    *good = *good && all;
    if (!status && *good)
        status = tsr__entries_append(&drivers->entries, &answer.entries);
    tsr__answer_free(&answer);
    drivers->any_safe = *good;
    for (size_t i = 0; i < drivers->icds.count && !*good; i++)
        unlink_icd(drivers, i);
    return status;
}

static tsr_status isolate(tsr__drivers *drivers)
{
    bool *kept = calloc(drivers->icds.count, sizeof *kept);
    size_t num_kept = 0;
    bool good = false;
    tsr_status status;

    if (!kept)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu drivers",
                         drivers->icds.count);
    if (!(status = make_folder(drivers)) &&
        !(status = ask_each(drivers, kept, &num_kept)) && num_kept > 0 &&
        !(status = ask_together(drivers, kept, &good)) && !good)
        status = gather(drivers, kept);
    free(kept);
    return status;
}

tsr_status tsr__drivers_ask(tsr__drivers *drivers)
{
    tsr__answer answer;
    tsr_status status;

    memset(drivers, 0, sizeof *drivers);
    if ((status = tsr__ask_devices(NULL, &answer))) {
        tsr__answer_free(&answer);
        return status;
    }
    drivers->asked = answer.outcome != TSR__NO_HELPER;
    drivers->any_safe = answer.outcome != TSR__DRIVER_FAILED;
    if (answer.outcome == TSR__ANSWERED)
        status = tsr__entries_append(&drivers->entries, &answer.entries);
    if (!drivers->any_safe) {
        if (!(status = tsr__icds_find(&drivers->icds)))
            status = drivers->icds.count == 1
                         ? add_fault(drivers, 0, answer.how, hint())
                         : isolate(drivers);
    }
    tsr__answer_free(&answer);
    return status;
}

static bool is_left_out(const tsr__entries *left_out, const char *icd)
{
    for (size_t i = 0; i < left_out->count; i++)
        if (strcmp(left_out->items[i].info.driver, icd) == 0)
            return true;
    return false;
}

tsr_status tsr__drivers_leave_out(tsr__drivers *drivers, const tsr__entries *left_out)
{
    tsr_status status;

    memset(drivers, 0, sizeof *drivers);
    if ((status = tsr__icds_find(&drivers->icds)) || (status = make_folder(drivers)))
        return status;
    for (size_t i = 0; i < drivers->icds.count; i++) {
        tsr_device_entry entry = tsr__icd_entry(&drivers->icds.items[i]);

        if (!is_left_out(left_out, entry.info.driver) && !link_icd(drivers, i))
            tsr__trace(TSR__TRACE_DEVICE, "%s cannot be linked to", entry.info.driver);
    }
    return TSR_OK;
}

void tsr__drivers_free(tsr__drivers *drivers)
{
    remove_folder(drivers);
    tsr__entries_free(&drivers->entries);
    tsr__icds_free(&drivers->icds);
}
