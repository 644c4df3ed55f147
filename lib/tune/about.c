#include "tune/about.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <tessera/version.h>

#include "program/sources.h"

/* The first line; changes when the meaning of records does. */
#define FORMAT "tessera records 1"

/* Of every kernel: a change to any may change which is fastest. */
static unsigned long long sources_hash(void)
{
    XXH64_hash_t hash = 0;

    for (size_t i = 0; i < tsr__sources_count; i++)
        hash = XXH3_64bits_withSeed(tsr__sources[i].text, tsr__sources[i].length, hash);
    return hash;
}

void tsr__about(const tsr_device_info *info, char head[TSR__HEAD_SIZE])
{
    snprintf(head, TSR__HEAD_SIZE,
             FORMAT "\n"
                    "platform %s\nvendor %s\ndevice %s\ndriver %s\nversion %s\n"
                    "type %s\nfamily %d\ngeneration %u\nunits %u\n"
                    "clblast %s\nkernels %016llx\n",
             info->platform, info->vendor, info->name, info->driver, info->version,
             tsr_device_type_name(info->type), (int)info->family, info->generation,
             info->compute_units, tsr_clblast_version(), sources_hash());
}

/* ---- Fields ---------------------------------------------------------------------- */

typedef struct span {
    const char *at;
    size_t length;
} span;

/* Takes the next line off the text. */
static span next_line(span *text)
{
    const char *stop =
        text->length ? memchr(text->at, '\n', text->length) : NULL; /* at may be NULL */
    span line = {text->at, stop ? (size_t)(stop - text->at) : text->length};
    size_t taken = line.length + (stop ? 1 : 0);

    text->at += taken;
    text->length -= taken;
    return line;
}

static bool same(span a, span b)
{
    return a.length == b.length && (a.length == 0 || !memcmp(a.at, b.at, a.length));
}

static void copy(span from, char *to, size_t size)
{
    snprintf(to, size, "%.*s", (int)(from.length < size ? from.length : size - 1),
             from.length ? from.at : "");
}

/* "driver" of "driver 3.1"; the first line is a field of its own. */
static size_t name_length(span line)
{
    size_t length = 0;

    while (length < line.length && line.at[length] != ' ')
        length++;
    return length;
}

bool tsr__about_differ(const char *theirs, size_t length, const char *ours,
                       tsr__difference *difference)
{
    span a = {theirs, length}, b = {ours, strlen(ours)};

    while (a.length || b.length) {
        span line_a = next_line(&a), line_b = next_line(&b);
        span of = line_b.length ? line_b : line_a;
        size_t name = name_length(of);

        if (same(line_a, line_b))
            continue;
        copy((span){of.at, name}, difference->field, sizeof difference->field);
        name += name < of.length;
        copy(line_b.length ? (span){line_b.at + name, line_b.length - name} : line_b,
             difference->ours, sizeof difference->ours);
        copy(line_a.length > name && line_b.length &&
                     memcmp(line_a.at, line_b.at, name) == 0
                 ? (span){line_a.at + name, line_a.length - name}
                 : line_a,
             difference->theirs, sizeof difference->theirs);
        return true;
    }
    return false;
}

/* ---- Kinship --------------------------------------------------------------------- */

/* Whether the head has this very line, "field value". */
static bool says(const char *head, size_t length, const char *field, const char *value)
{
    span text = {head, length};
    char wanted[192];
    span line = {wanted, 0};

    snprintf(wanted, sizeof wanted, "%s %s", field, value);
    line.length = strlen(wanted);
    while (text.length)
        if (same(next_line(&text), line))
            return true;
    return false;
}

tsr__kinship tsr__about_kinship(const char *head, size_t length,
                                const tsr_device_info *info)
{
    span text = {head, length}, format = {FORMAT, strlen(FORMAT)};
    char family[16], generation[16];

    if (!same(next_line(&text), format) ||
        !says(head, length, "type", tsr_device_type_name(info->type)))
        return TSR__KIN_NONE;
    snprintf(family, sizeof family, "%d", (int)info->family);
    snprintf(generation, sizeof generation, "%u", info->generation);
    if (says(head, length, "platform", info->platform) &&
        says(head, length, "device", info->name))
        return TSR__KIN_DEVICE;
    if (info->generation && says(head, length, "family", family) &&
        says(head, length, "generation", generation))
        return TSR__KIN_GENERATION;
    return says(head, length, "vendor", info->vendor) ? TSR__KIN_VENDOR : TSR__KIN_TYPE;
}
