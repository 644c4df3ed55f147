/* Device specs against devices with any names: a spec is refused or names some, and each
 * device's own spec names that device and no other.
 *
 *     gpu
 *     g NVIDIA CUDA|H100|OpenCL 3.0 CUDA
 *     C pocl|a CPU that is not usable|OpenCL 3.0 PoCL
 *     d a driver without devices
 *
 * The first line is the spec. Two devices in a row are of one platform index.
 */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "device/select.h"

#include "fuzz.h"

enum { MOST = 12 };

static tsr_device_type type_of(char letter)
{
    switch (tolower((unsigned char)letter)) {
    case 'g':
        return TSR_DEVICE_GPU;
    case 'c':
        return TSR_DEVICE_CPU;
    case 'a':
        return TSR_DEVICE_ACCELERATOR;
    default:
        return TSR_DEVICE_OTHER;
    }
}

/* As a driver's text is kept (facts.c): what fits, without space around it. */
static void keep(char *text, char *to, size_t size)
{
    static const char space[] = " \t\n\v\f\r";
    size_t length;

    text += strspn(text, space);
    length = strlen(text);
    if (length >= size)
        length = size - 1;
    while (length > 0 && strchr(space, text[length - 1]))
        length--;
    memcpy(to, text, length);
    to[length] = '\0';
}

static tsr_device_entry entry_of(char *line, unsigned index)
{
    char *name = strchr(line, '|'), *version;
    char letter = line[0];
    tsr_device_entry entry = {.usable = islower((unsigned char)letter) != 0};

    line += letter != '\0';
    if (letter == 'd') {
        entry = tsr__entry_for_driver(line, "some.icd");
        tsr__entry_reject(&entry, "%s", "no devices");
        return entry;
    }
    if (name)
        *name++ = '\0';
    version = name ? strchr(name, '|') : NULL;
    if (version)
        *version++ = '\0';
    keep(line, entry.info.platform, sizeof entry.info.platform);
    keep(name ? name : line, entry.info.name, sizeof entry.info.name);
    keep(version ? version : line, entry.info.version, sizeof entry.info.version);
    entry.info.type = type_of(letter);
    entry.info.platform_index = index / 2;
    entry.info.device_index = index % 2;
    return entry;
}

static void each_is_named_by_its_own_spec(const tsr__entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        bool matches[MOST];

        if (!tsr__entry_is_device(&entries->items[i]))
            continue;
        FUZZ_CHECK(!tsr__select(entries, entries->items[i].info.spec, matches));
        for (size_t j = 0; j < entries->count; j++)
            FUZZ_CHECK(matches[j] == (i == j));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_text(bytes, size), *rest = text;
    const char *spec = rest;
    tsr__entries entries = {NULL, 0, 0};
    bool matches[MOST], usable = false;
    tsr_status status;

    while ((rest = strchr(rest, '\n')) && entries.count < MOST) {
        char *line = rest + 1, *end = strchr(line, '\n');
        tsr_device_entry entry;

        *rest = '\0';
        if (end)
            *end = '\0';
        entry = entry_of(line, (unsigned)entries.count);
        FUZZ_CHECK(!tsr__entries_add(&entries, &entry));
        usable = usable || entry.usable;
        if (!end)
            break;
        *end = '\n';
        rest = end;
    }
    tsr__assign_specs(&entries);
    tsr__order(&entries);
    status = tsr__select(&entries, spec, matches);
    if (!status) {
        bool any = false;

        for (size_t i = 0; i < entries.count; i++)
            any = any || matches[i];
        FUZZ_CHECK(any && usable);
    }
    if (usable)
        each_is_named_by_its_own_spec(&entries);
    tsr__entries_free(&entries);
    free(text);
    return 0;
}
