#include "device/select.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/checked.h"
#include "base/error.h"
#include "device/pocl.h"

/* A piece of the spec, not terminated. */
typedef struct word {
    const char *text;
    size_t length;
} word;

/* One way to read the spec; an empty word asks for nothing. */
typedef struct reading {
    word platform;
    word device;
} reading;

static bool is_space(char c)
{
    return isspace((unsigned char)c) != 0;
}

static word trim(word w)
{
    while (w.length > 0 && is_space(w.text[0])) {
        w.text++;
        w.length--;
    }
    while (w.length > 0 && is_space(w.text[w.length - 1]))
        w.length--;
    return w;
}

static bool equals(word w, const char *text)
{
    return strlen(text) == w.length && strncasecmp(text, w.text, w.length) == 0;
}

static bool is_part_of(word w, const char *text)
{
    for (size_t length = strlen(text); length >= w.length; length--, text++)
        if (strncasecmp(text, w.text, w.length) == 0)
            return true;
    return false;
}

/* The number a word is, if it is one and nothing else. */
static bool is_index(word w, unsigned *index)
{
    unsigned long long number = 0;

    for (size_t i = 0; i < w.length; i++) {
        if (!isdigit((unsigned char)w.text[i]))
            return false;
        number = number * 10 + (unsigned long long)(w.text[i] - '0');
        if (number >= UINT_MAX) /* UINT_MAX is "no index" (entries.h) */
            return false;
    }
    *index = (unsigned)number;
    return w.length > 0;
}

/* ---- One word against one entry -------------------------------------------------- */

static bool platform_matches(word w, bool as_index, const tsr_device_info *info)
{
    unsigned index;

    if (w.length == 0)
        return true;
    if (as_index)
        return is_index(w, &index) && index == info->platform_index;
    return is_part_of(w, info->platform) || is_part_of(w, info->version);
}

static bool device_matches(word w, bool as_index, const tsr_device_info *info)
{
    unsigned index;

    if (w.length == 0)
        return true;
    if (as_index)
        return is_index(w, &index) && index == info->device_index;
    return is_part_of(w, info->name);
}

/* ---- Readings against all entries; each says whether it named any ---------------- */

static bool match_pasted(const tsr__entries *entries, word spec, bool *matches)
{
    bool any = false;

    for (size_t i = 0; i < entries->count; i++) {
        matches[i] = tsr__entry_is_device(&entries->items[i]) &&
                     equals(spec, entries->items[i].info.spec);
        any = any || matches[i];
    }
    return any;
}

static bool match_type(const tsr__entries *entries, word spec, bool *matches)
{
    static const tsr_device_type types[] = {TSR_DEVICE_GPU, TSR_DEVICE_CPU,
                                            TSR_DEVICE_ACCELERATOR};
    bool any = false;

    for (size_t i = 0; i < entries->count; i++) {
        const tsr_device_entry *entry = &entries->items[i];

        matches[i] = false;
        for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
            if (entry->info.type == types[t] && tsr__entry_is_device(entry))
                matches[i] = matches[i] || equals(spec, tsr_device_type_name(types[t]));
        any = any || matches[i];
    }
    return any;
}

static bool match_words(const tsr__entries *entries, reading r, bool platform_index,
                        bool device_index, bool *matches)
{
    bool any = false;

    for (size_t i = 0; i < entries->count; i++) {
        const tsr_device_info *info = &entries->items[i].info;

        matches[i] = platform_matches(r.platform, platform_index, info) &&
                     device_matches(r.device, device_index, info);
        any = any || matches[i];
    }
    return any;
}

/* Indices first: a digit may well be part of many names. */
static bool match_reading(const tsr__entries *entries, reading r, bool *matches)
{
    return match_words(entries, r, true, true, matches) ||
           match_words(entries, r, true, false, matches) ||
           match_words(entries, r, false, true, matches) ||
           match_words(entries, r, false, false, matches);
}

static bool match_colons(const tsr__entries *entries, word spec, bool *matches)
{
    for (size_t at = 0; at < spec.length; at++) {
        reading r = {trim((word){spec.text, at}),
                     trim((word){spec.text + at + 1, spec.length - at - 1})};

        if (spec.text[at] == ':' && r.platform.length && r.device.length &&
            match_reading(entries, r, matches))
            return true;
    }
    return false;
}

static bool match_any(const tsr__entries *entries, word spec, bool *matches)
{
    const word nothing = {"", 0};

    return match_pasted(entries, spec, matches) || match_type(entries, spec, matches) ||
           match_colons(entries, spec, matches) ||
           match_reading(entries, (reading){spec, nothing}, matches) ||
           match_words(entries, (reading){nothing, spec}, false, false, matches);
}

/* ---- Failures -------------------------------------------------------------------- */

/* Text that grows up to its size and then stays. */
typedef struct text {
    char bytes[TSR__DETAIL_SIZE];
    size_t length;
} text;

static void append(text *to, const char *separator, const char *a, const char *b,
                   const char *c)
{
    int written = snprintf(to->bytes + to->length, sizeof to->bytes - to->length,
                           "%s%s%s%s", to->length ? separator : "", a, b, c);

    if (tsr__is_whole(written, sizeof to->bytes - to->length))
        to->length += (size_t)written;
    else
        to->length = sizeof to->bytes - 1;
}

/* The loader's variable that says where to look, if one is set. */
static tsr_status fail_no_driver(void)
{
    static const char *const names[] = {"OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return tsr__fail(
                TSR_ERROR_NO_DEVICE,
                "no OpenCL driver found where %s says, \"%s\": unset it, or "
                "install pocl-opencl-icd, or your GPU vendor's driver",
                names[i], value);
    }
    return tsr__fail(TSR_ERROR_NO_DEVICE,
                     "no OpenCL driver found: install pocl-opencl-icd, or your GPU "
                     "vendor's driver");
}

tsr_status tsr__fail_no_device(const tsr__entries *entries, const bool *matches)
{
    text reasons = {"", 0};
    bool has_pocl = false;

    for (size_t i = 0; i < entries->count; i++) {
        has_pocl = has_pocl || tsr__is_pocl(entries->items[i].info.platform);
        if (matches[i] && !entries->items[i].usable)
            append(&reasons, ". ", entries->items[i].info.spec, ": ",
                   entries->items[i].reason);
    }
    if (reasons.length == 0)
        return fail_no_driver();
    return tsr__fail(TSR_ERROR_NO_DEVICE, "%s. Or install %syour GPU vendor's driver",
                     reasons.bytes, has_pocl ? "" : "pocl-opencl-icd, or ");
}

static tsr_status fail_no_match(const tsr__entries *entries, const char *spec)
{
    text there = {"", 0};

    for (size_t i = 0; i < entries->count; i++)
        if (entries->items[i].usable)
            append(&there, ", ", "\"", entries->items[i].info.spec, "\"");
    return tsr__fail(TSR_ERROR_NO_MATCH, "no device matches \"%s\"; there is %s", spec,
                     there.bytes);
}

static bool is_malformed(word spec)
{
    return spec.length == 0 || spec.text[0] == ':' || spec.text[spec.length - 1] == ':';
}

tsr_status tsr__select(const tsr__entries *entries, const char *spec, bool *matches)
{
    bool any_usable = false, named = spec && *spec;
    word whole = {named ? spec : "", named ? strlen(spec) : 0};

    whole = trim(whole);
    if (named && is_malformed(whole) && !match_pasted(entries, whole, matches))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the device spec \"%s\" has an empty part; write gpu, cpu, "
                         "accelerator, PLATFORM or PLATFORM:DEVICE",
                         spec);
    for (size_t i = 0; i < entries->count; i++) {
        matches[i] = true;
        any_usable = any_usable || entries->items[i].usable;
    }
    if (!any_usable)
        return tsr__fail_no_device(entries, matches);
    if (named && !match_any(entries, whole, matches))
        return fail_no_match(entries, spec);
    return TSR_OK;
}
