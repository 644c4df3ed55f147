#include "device/selftest_child.h"

#include "device/ask.h"
#include "device/pocl.h"

/* What is known to help. */
static const char *advice_for(const tsr_device_entry *entry)
{
    if (tsr__is_pocl(entry->info.platform) && !tsr__pocl_has_linker())
        return "PoCL links with ld, which is in no folder of PATH: install binutils, "
               "or "
               "add its folder";
    return "update the driver";
}

/* A child of its own for each device: one that crashes says nothing about the next. */
tsr_status tsr__selftest_in_child(const char *vendors, tsr_device_entry *entry,
                                  bool *tested)
{
    tsr__answer answer;
    tsr_status status = tsr__ask_selftest(vendors, entry->info.spec, &answer);

    *tested = answer.outcome != TSR__NO_HELPER;
    if (!status && answer.outcome == TSR__ANSWERED && answer.entries.count) {
        if (!answer.entries.items[0].usable)
            tsr__entry_reject(entry, "%s", answer.entries.items[0].reason);
    } else if (!status && *tested) {
        tsr__entry_reject(entry, "its driver %s during the self-test; %s", answer.how,
                          advice_for(entry));
    }
    tsr__answer_free(&answer);
    return status;
}
