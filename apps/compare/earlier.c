#include "earlier.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

/* A run of a thousand products has about 2 MB. */
#define MAX_BYTES (64u << 20)

struct earlier_run {
    const char *path; /* lent */
    cJSON *root;
};

static const cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* NAN where there is none. */
static double number(const cJSON *object, const char *key)
{
    const cJSON *item = get(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static const char *text(const cJSON *object, const char *key)
{
    const cJSON *item = get(object, key);

    return cJSON_IsString(item) ? item->valuestring : "";
}

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

    cJSON_ArrayForEach(row, get(c, "runners"))
    {
        const cJSON *best = get(row, "best_ms");

        if (best && !cJSON_IsNull(best) && !(number(row, "best_ms") > 0))
            return fail_with(why, EXIT_INPUT,
                             "%s: %.0f x %.0f x %.0f: the best_ms of %.64s is no time",
                             path, number(c, "m"), number(c, "n"), number(c, "k"),
                             text(row, "name"));
    }
    return true;
}

static bool all_times_fit(const char *path, const cJSON *root, failure *why)
{
    const cJSON *c;

    cJSON_ArrayForEach(c, get(root, "cases"))
    {
        if (!times_fit(path, c, why))
            return false;
    }
    return true;
}

static bool is_run(const cJSON *root)
{
    const cJSON *c, *cases = get(root, "cases");

    if (!cJSON_IsArray(cases) || !cJSON_IsObject(get(root, "device")))
        return false;
    cJSON_ArrayForEach(c, cases)
    {
        if (isnan(number(c, "m")) || isnan(number(c, "n")) || isnan(number(c, "k")) ||
            !cJSON_IsArray(get(c, "runners")))
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

static bool same_problem(const cJSON *c, const problem *p)
{
    return number(c, "m") == (double)p->m && number(c, "n") == (double)p->n &&
           number(c, "k") == (double)p->k && number(c, "batch") == (double)p->batch &&
           strcmp(text(c, "dtype"), tsr_dtype_name(p->dtype)) == 0 &&
           cJSON_IsTrue(get(c, "trans_a")) == p->trans_a &&
           cJSON_IsTrue(get(c, "trans_b")) == p->trans_b;
}

/* The case of that product, or NULL. */
static const cJSON *find_case(const earlier_run *e, const problem *p)
{
    const cJSON *c;

    cJSON_ArrayForEach(c, get(e->root, "cases"))
    {
        if (same_problem(c, p))
            return c;
    }
    return NULL;
}

bool earlier_fits(const earlier_run *e, const problem_list *problems, bool cold,
                  failure *why)
{
    const bool was_cold = cJSON_IsTrue(get(e->root, "cold"));

    if (was_cold != cold)
        return fail_with(
            why, EXIT_INPUT, "%s was measured %s --cold, and this is to be %s", e->path,
            was_cold ? "with" : "without", cold ? "with it" : "without it");
    for (size_t i = 0; i < problems->count; i++)
        if (find_case(e, &problems->items[i]))
            return true;
    return fail_with(why, EXIT_INPUT, "%s has none of the products of this run",
                     e->path);
}

bool earlier_judges(const earlier_facts *e, const tsr_device_info *device, failure *why)
{
    char now[sizeof e->device];

    snprintf(now, sizeof now, "%s: %s", device->platform, device->name);
    return isnan(e->fail_above) || strcmp(now, e->device) == 0 ||
           fail_with(
               why, EXIT_INPUT,
               "--fail-above judges runs of one device: %s is of \"%s\", this run "
               "of \"%s\"",
               e->path, e->device, now);
}

void earlier_name_missing(const earlier_run *e, const case_result *c, FILE *file)
{
    const cJSON *row, *old = find_case(e, &c->problem);
    char what[160];

    problem_describe(&c->problem, what, sizeof what);
    cJSON_ArrayForEach(row, get(old, "runners"))
    {
        if (!results_has(c, text(row, "name")))
            fprintf(file, "compare: %s: %.64s of %s is not in this run\n", what,
                    text(row, "name"), e->path);
        else if (!(number(row, "best_ms") > 0) && results_row(c, text(row, "name")))
            fprintf(file, "compare: %s: %.64s has no time in %s\n", what,
                    text(row, "name"), e->path);
    }
}

earlier_facts earlier_facts_of(const earlier_run *e)
{
    const cJSON *device = get(e->root, "device"), *roof = get(e->root, "roof");
    earlier_facts out = {.path = e->path, .fail_above = NAN};

    snprintf(out.date, sizeof out.date, "%s", text(e->root, "date"));
    snprintf(out.device, sizeof out.device, "%s: %s", text(device, "platform"),
             text(device, "name"));
    out.read_bytes_per_second = number(roof, "read_gbs") * 1e9;
    out.f32_flops_per_second = number(roof, "f32_gflops") * 1e9;
    return out;
}

static double spread(double best, double median)
{
    return best > 0 && median > best ? median / best - 1 : 0;
}

static void match_row(const cJSON *c, table_row *row)
{
    const cJSON *old;

    cJSON_ArrayForEach(old, get(c, "runners"))
    {
        const double best = number(old, "best_ms");

        if (strcmp(text(old, "name"), row->runner) != 0 || isnan(best))
            continue;
        row->earlier_s = best * 1e-3;
        row->noise = fmax(EARLIER_LEAST_NOISE, spread(best, number(old, "median_ms")));
        if (row->state == ROW_DONE)
            row->noise = fmax(row->noise, spread(row->time.best, row->time.median));
    }
}

void earlier_match(const earlier_run *e, case_result *c)
{
    const cJSON *old = e ? find_case(e, &c->problem) : NULL;

    for (size_t i = 0; old && i < c->row_count; i++)
        match_row(old, &c->rows[i]);
}

void earlier_free(earlier_run *e)
{
    if (e)
        cJSON_Delete(e->root);
    free(e);
}
