#include "list.h"

#include <tessera/device.h>

#include "text.h"

static void print_entry(FILE *file, const tsr_device_entry *entry, bool chosen)
{
    const tsr_device_info *d = &entry->info;
    const char *lead = chosen ? "* " : "  ";

    if (!entry->usable) {
        text_say(file, "- ", "%s: not usable: %s", d->spec[0] ? d->spec : d->platform,
                 entry->reason);
        return;
    }
    /* The spec is a line of its own: it can be pasted after --device. */
    fprintf(file, "%s%s\n", lead, d->spec);
    fprintf(file, "    %s, %u compute unit%s, %s memory, %s\n",
            tsr_device_type_name(d->type), d->compute_units,
            d->compute_units == 1 ? "" : "s", text_bytes((double)d->memory_bytes).s,
            d->fp64 ? "f32 and f64" : "f32 only");
}

bool list_devices(FILE *file, const char *spec, failure *why)
{
    tsr_device_list *list = NULL;
    size_t chosen = (size_t)-1;
    tsr_status status = tsr_device_list_create(&list);
    bool fine = true;

    if (status)
        return fail_call(why, status, "listing devices");
    status = tsr_device_list_find(list, spec, &chosen);
    if (status) {
        chosen = (size_t)-1;
        fine = fail_call(why, status, "choosing a device");
    }
    for (size_t i = 0; i < tsr_device_list_count(list); i++)
        print_entry(file, tsr_device_list_get(list, i), i == chosen);
    tsr_device_list_destroy(list);
    return fine;
}
