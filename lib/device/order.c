/* order.c: which device is better, and what each is called. See select.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "device/select.h"

/* ---- Order ----------------------------------------------------------------------- */

static int type_rank(tsr_device_type type)
{
    switch (type) {
    case TSR_DEVICE_GPU:
        return 0;
    case TSR_DEVICE_ACCELERATOR:
        return 1;
    case TSR_DEVICE_CPU:
        return 2;
    case TSR_DEVICE_OTHER:
        break;
    }
    return 3;
}

/* Compute units x MHz. A driver that does not say its clock is taken to run at 1
 * GHz. */
static uint64_t speed(const tsr_device_info *info)
{
    return (uint64_t)info->compute_units * (info->clock_mhz ? info->clock_mhz : 1000);
}

/* Below 0 if the smaller number is better, and that is a's. */
static int ascending(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_entries(const void *left, const void *right)
{
    const tsr_device_entry *a = left, *b = right;
    int order;

    if ((order = tsr__entry_is_device(b) - tsr__entry_is_device(a)) ||
        (order = b->usable - a->usable) ||
        (order = type_rank(a->info.type) - type_rank(b->info.type)) ||
        (order = ascending(speed(&b->info), speed(&a->info))) ||
        (order = ascending(b->info.memory_bytes, a->info.memory_bytes)) ||
        (order = ascending(a->info.platform_index, b->info.platform_index)) ||
        (order = ascending(a->info.device_index, b->info.device_index)))
        return order;
    return strcmp(a->info.platform, b->info.platform);
}

void tsr__order(tsr__entries *entries)
{
    if (entries->count > 1)
        qsort(entries->items, entries->count, sizeof *entries->items, compare_entries);
}

/* ---- Specs ----------------------------------------------------------------------- */

static bool all_digits(const char *text)
{
    while (isdigit((unsigned char)*text))
        text++;
    return *text == '\0';
}

static bool same_names(const tsr_device_info *a, const tsr_device_info *b)
{
    char spec_a[sizeof a->spec], spec_b[sizeof b->spec];

    snprintf(spec_a, sizeof spec_a, "%s:%s", a->platform, a->name);
    snprintf(spec_b, sizeof spec_b, "%s:%s", b->platform, b->name);
    return strcasecmp(spec_a, spec_b) == 0;
}

/* Whether "platform:name" means this device and no other. */
static bool names_are_enough(const tsr__entries *entries, size_t index)
{
    const tsr_device_info *info = &entries->items[index].info;

    if (!info->platform[0] || !info->name[0] ||
        (all_digits(info->platform) && all_digits(info->name)))
        return false;
    for (size_t i = 0; i < entries->count; i++)
        if (i != index && tsr__entry_is_device(&entries->items[i]) &&
            same_names(info, &entries->items[i].info))
            return false;
    return true;
}

void tsr__assign_specs(tsr__entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        tsr_device_info *info = &entries->items[i].info;

        if (!tsr__entry_is_device(&entries->items[i]))
            snprintf(info->spec, sizeof info->spec, "%s", info->platform);
        else if (names_are_enough(entries, i))
            snprintf(info->spec, sizeof info->spec, "%s:%s", info->platform,
                     info->name);
        else
            snprintf(info->spec, sizeof info->spec, "%u:%u", info->platform_index,
                     info->device_index);
    }
}
