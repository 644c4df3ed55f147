#include "earlier.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"

static bool same_problem(const cJSON *c, const problem *p)
{
    return field_number(c, "m") == (double)p->m &&
           field_number(c, "n") == (double)p->n &&
           field_number(c, "k") == (double)p->k &&
           field_number(c, "batch") == (double)p->batch &&
           strcmp(field_text(c, "dtype"), tsr_dtype_name(p->dtype)) == 0 &&
           cJSON_IsTrue(field(c, "trans_a")) == p->trans_a &&
           cJSON_IsTrue(field(c, "trans_b")) == p->trans_b;
}

/* The case of that product, or NULL. */
static const cJSON *find_case(const earlier_run *e, const problem *p)
{
    const cJSON *c;

    cJSON_ArrayForEach(c, field(e->root, "cases"))
    {
        if (same_problem(c, p))
            return c;
    }
    return NULL;
}

bool earlier_fits(const earlier_run *e, const problem_list *problems, bool cold,
                  failure *why)
{
    const bool was_cold = cJSON_IsTrue(field(e->root, "cold"));

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

/* The rows of one product. */
static void name_missing_rows(const earlier_run *e, const cJSON *old,
                              const case_result *now, FILE *file)
{
    const cJSON *row;
    char what[160];

    problem_describe(&now->problem, what, sizeof what);
    cJSON_ArrayForEach(row, field(old, "runners"))
    {
        const char *name = field_text(row, "name");

        if (results_on_host(name))
            continue;
        if (!results_has(now, name))
            fprintf(file, "compare: %s: %.64s of %s is not in this run\n", what, name,
                    e->path);
        else if (isnan(field_number(row, "best_ms")) && results_row(now, name))
            fprintf(file, "compare: %s: %.64s has no time in %s\n", what, name,
                    e->path);
    }
}

/* The case of this run that is the same product, or NULL. */
static const case_result *find_now(const results *all, const cJSON *old)
{
    for (size_t i = 0; i < all->case_count; i++)
        if (same_problem(old, &all->cases[i].problem))
            return &all->cases[i];
    return NULL;
}

void earlier_name_missing(const earlier_run *e, const results *all, FILE *file)
{
    const cJSON *old;

    cJSON_ArrayForEach(old, field(e->root, "cases"))
    {
        const case_result *now = find_now(all, old);

        if (now)
            name_missing_rows(e, old, now, file);
        else
            fprintf(file, "compare: %.0f x %.0f x %.0f of %s is not in this run\n",
                    field_number(old, "m"), field_number(old, "n"),
                    field_number(old, "k"), e->path);
    }
}

earlier_facts earlier_facts_of(const earlier_run *e)
{
    const cJSON *device = field(e->root, "device"), *roof = field(e->root, "roof");
    earlier_facts out = {.path = e->path, .fail_above = NAN};

    snprintf(out.date, sizeof out.date, "%s", field_text(e->root, "date"));
    snprintf(out.device, sizeof out.device, "%s: %s", field_text(device, "platform"),
             field_text(device, "name"));
    out.read_bytes_per_second = field_number(roof, "read_gbs") * 1e9;
    out.f32_flops_per_second = field_number(roof, "f32_gflops") * 1e9;
    return out;
}

static double spread(double best, double median)
{
    return best > 0 && median > best ? median / best - 1 : 0;
}

static void match_row(const cJSON *c, table_row *row)
{
    const cJSON *old;

    cJSON_ArrayForEach(old, field(c, "runners"))
    {
        const double best = field_number(old, "best_ms");

        if (strcmp(field_text(old, "name"), row->runner) != 0 || isnan(best))
            continue;
        row->earlier_s = best * 1e-3;
        row->noise =
            fmax(EARLIER_LEAST_NOISE, spread(best, field_number(old, "median_ms")));
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
