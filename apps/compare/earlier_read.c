/* earlier_read.c: the file of a saved run, and whether it is one. */
#include "earlier.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

/* A run of a thousand products has about 2 MB. */
#define MAX_BYTES (64u << 20)

/* The caller frees it. */
static char *read_text(const char *path, failure *why)
{
    FILE *file = fopen(path, "rb");
    char *content = NULL;
    size_t size = 0, capacity = 1 << 16;

    if (!file) {
        fail_with(why, EXIT_INPUT, "%s: %s", path, strerror(errno));
        return NULL;
    }
    while (capacity <= MAX_BYTES) {
        char *more = realloc(content, capacity);

        if (!more)
            break;
        content = more;
        errno = 0;
        size += fread(content + size, 1, capacity - 1 - size, file);
        if (ferror(file) || size < capacity - 1)
            break;
        capacity *= 2;
    }
    if (ferror(file) || size == 0 || size >= capacity - 1 || capacity > MAX_BYTES) {
        fail_with(why, EXIT_INPUT, "%s: %s", path,
                  ferror(file) ? strerror(errno)
                  : size == 0  ? "it is empty"
                               : "too large to be a result of compare");
        free(content);
        content = NULL;
    } else {
        content[size] = '\0';
    }
    fclose(file);
    return content;
}

/* A time is a number above 0, or null where the row has none. */
static bool times_fit(const char *path, const cJSON *c, failure *why)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, field(c, "runners"))
    {
        const cJSON *best = field(row, "best_ms");

        if (best && !cJSON_IsNull(best) && !(field_number(row, "best_ms") > 0))
            return fail_with(why, EXIT_INPUT,
                             "%s: %.0f x %.0f x %.0f: the best_ms of %.64s is no time",
                             path, field_number(c, "m"), field_number(c, "n"),
                             field_number(c, "k"), field_text(row, "name"));
    }
    return true;
}

static bool all_times_fit(const char *path, const cJSON *root, failure *why)
{
    const cJSON *c;

    cJSON_ArrayForEach(c, field(root, "cases"))
    {
        if (!times_fit(path, c, why))
            return false;
    }
    return true;
}

static bool is_run(const cJSON *root)
{
    const cJSON *c, *cases = field(root, "cases");

    if (!cJSON_IsArray(cases) || !cJSON_IsObject(field(root, "device")))
        return false;
    cJSON_ArrayForEach(c, cases)
    {
        if (isnan(field_number(c, "m")) || isnan(field_number(c, "n")) ||
            isnan(field_number(c, "k")) || !cJSON_IsArray(field(c, "runners")))
            return false;
    }
    return true;
}

bool earlier_read(const char *path, earlier_run **out, failure *why)
{
    char *content = read_text(path, why);
    cJSON *root;

    if (!content)
        return false;
    root = cJSON_ParseWithOpts(content, NULL, 1);
    free(content);
    if (!root || !is_run(root)) {
        cJSON_Delete(root);
        return fail_with(why, EXIT_INPUT, "%s is no result of compare --json", path);
    }
    if (!all_times_fit(path, root, why)) {
        cJSON_Delete(root);
        return false;
    }
    *out = calloc(1, sizeof **out);
    if (!*out) {
        cJSON_Delete(root);
        return fail_with(why, EXIT_INPUT, "out of host memory");
    }
    **out = (earlier_run){.path = path, .root = root};
    return true;
}

void earlier_free(earlier_run *e)
{
    if (e)
        cJSON_Delete(e->root);
    free(e);
}
