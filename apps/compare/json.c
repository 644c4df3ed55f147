#include "json.h"

#include <math.h>

#include <tessera/version.h>

#include "above.h"
#include "json_parts.h"
#include "summary.h"

static void add_device(cJSON *root, const tsr_device_info *info)
{
    cJSON *device = cJSON_AddObjectToObject(root, "device");

    json_text(device, "platform", info->platform);
    json_text(device, "name", info->name);
    json_text(device, "type", tsr_device_type_name(info->type));
    json_text(device, "driver", info->driver);
    cJSON_AddNumberToObject(device, "compute_units", info->compute_units);
    cJSON_AddBoolToObject(device, "zero_copy", info->zero_copy);
}

static void add_roof(cJSON *root, const tsr_roof *roof, bool fp64)
{
    cJSON *object = cJSON_AddObjectToObject(root, "roof");

    json_number(object, "read_gbs", roof->read_bytes_per_second * 1e-9);
    json_number(object, "f32_gflops", roof->f32_flops_per_second * 1e-9);
    json_number(object, "f64_gflops", fp64 ? roof->f64_flops_per_second * 1e-9 : NAN);
    json_number(object, "launch_us", roof->launch_seconds * 1e6);
}

static void add_blas(cJSON *root, const blas_facts *blas)
{
    cJSON *object;

    if (!blas->path)
        return;
    object = cJSON_AddObjectToObject(root, "blas");
    json_text(object, "library", blas->path);
    json_text(object, "core", blas->core);
    json_number(object, "threads", blas->threads ? (double)blas->threads : NAN);
}

static void add_earlier(cJSON *root, const earlier_facts *earlier)
{
    cJSON *object;

    if (!earlier->path)
        return;
    object = cJSON_AddObjectToObject(root, "earlier");
    json_text(object, "file", earlier->path);
    json_text(object, "date", earlier->date);
    json_text(object, "device", earlier->device);
    json_number(object, "fail_above", earlier->fail_above);
}

/* Where a wrong result is wrong. A failed residual has no column: null. */
static void add_worst(cJSON *object, const tsr_verdict *v)
{
    cJSON *worst = cJSON_AddObjectToObject(object, "worst");

    json_number(worst, "batch", (double)v->worst_batch);
    json_number(worst, "row", (double)v->worst_row);
    json_number(worst, "column",
                v->worst_column == (size_t)-1 ? NAN : (double)v->worst_column);
    json_number(worst, "got", v->got);
    json_number(worst, "exact", v->exact);
    json_number(worst, "bound", v->bound);
}

static const char *change_word(change c)
{
    return c == CHANGE_NONE     ? "same"
           : c == CHANGE_FASTER ? "faster"
           : c == CHANGE_SLOWER ? "slower"
                                : NULL;
}

static cJSON *new_row(const case_result *c, const table_row *row)
{
    const bool done = row->state == ROW_DONE;
    cJSON *object = cJSON_CreateObject();

    json_text(object, "name", row->runner);
    json_text(object, "strategy", row->strategy);
    json_text(object, "method", row->method);
    if (!done)
        json_text(object, "skipped", row->reason);
    if (row->state == ROW_FAILED)
        cJSON_AddTrueToObject(object, "failed");
    json_number(object, "best_ms", done ? row->time.best * 1e3 : NAN);
    json_number(object, "median_ms", done ? row->time.median * 1e3 : NAN);
    json_number(object, "slowest_ms", done ? row->time.slowest * 1e3 : NAN);
    json_number(object, "first_ms", done ? row->first_s * 1e3 : NAN);
    json_number(object, "build_ms", done ? row->build_s * 1e3 : NAN);
    json_number(object, "device_ms", done ? row->device_s * 1e3 : NAN);
    if (!isnan(row->earlier_s)) {
        json_number(object, "earlier_ms", row->earlier_s * 1e3);
        json_number(object, "noise", row->noise);
        json_text(object, "change", change_word(results_change(row)));
    }
    json_number(object, "loops", done ? (double)row->time.loops : NAN);
    json_number(object, "batches", done ? (double)row->time.batches : NAN);
    json_number(object, "gflops", done ? row->flops_per_second * 1e-9 : NAN);
    json_number(object, "gbs", done ? row->bytes_per_second * 1e-9 : NAN);
    json_number(object, "roof_fraction", done ? row->roof_fraction : NAN);
    json_text(object, "above_roof", above_words(above_why(c, row)));
    json_number(object, "error_ratio", done ? row->verdict.error_ratio : NAN);
    if (done)
        cJSON_AddBoolToObject(object, "ok", row->verdict.ok);
    else
        cJSON_AddNullToObject(object, "ok");
    if (done && !row->verdict.ok)
        add_worst(object, &row->verdict);
    return object;
}

static cJSON *new_case(const case_result *c)
{
    const problem *p = &c->problem;
    cJSON *object = cJSON_CreateObject();
    cJSON *runners;

    json_number(object, "m", (double)p->m);
    json_number(object, "n", (double)p->n);
    json_number(object, "k", (double)p->k);
    json_number(object, "batch", (double)p->batch);
    json_text(object, "dtype", tsr_dtype_name(p->dtype));
    cJSON_AddBoolToObject(object, "trans_a", p->trans_a);
    cJSON_AddBoolToObject(object, "trans_b", p->trans_b);
    json_number(object, "upload_ms", c->upload_s * 1e3);
    json_number(object, "upload_copy_ms", c->copy_s * 1e3);
    json_number(object, "download_ms", c->download_s * 1e3);
    json_number(object, "roof_ms", c->roof_s * 1e3);
    json_number(object, "run_roof_ms", c->run_roof_s * 1e3);
    json_number(object, "roof_read_gbs", c->roof.read_bytes_per_second * 1e-9);
    json_number(object, "roof_gflops", results_fma_rate(c) * 1e-9);
    json_number(object, "launch_us", c->roof.launch_seconds * 1e6);
    json_text(object, "bound", results_bound_name(results_bound(c)));
    json_number(object, "pays_off_after", results_payoff(c, "plain-c", false));
    json_number(object, "pays_off_after_built", results_payoff(c, "plain-c", true));
    json_number(object, "pays_off_after_blas", results_payoff(c, "blas", false));
    json_number(object, "pays_off_after_blas_built", results_payoff(c, "blas", true));
    json_number(object, "operand_sets", (double)c->sets);
    json_number(object, "operand_sets_bytes", c->sets_bytes);
    json_text(object, "checked",
              c->checked_all ? "all"
              : c->checked   ? "rows and residual"
                             : NULL);
    runners = cJSON_AddArrayToObject(object, "runners");
    for (size_t i = 0; i < c->row_count; i++)
        cJSON_AddItemToArray(runners, new_row(c, &c->rows[i]));
    return object;
}

static cJSON *new_summary(const summary *s)
{
    cJSON *object = cJSON_CreateObject();

    json_text(object, "name", s->runner);
    json_number(object, "geomean", s->geomean);
    json_number(object, "worst", s->worst);
    json_number(object, "worst_case", s->cases ? (double)s->worst_case : NAN);
    json_number(object, "cases", (double)s->cases);
    return object;
}

static void add_summary(cJSON *root, const results *all)
{
    cJSON *array = cJSON_AddArrayToObject(root, "summary");

    for (size_t i = 0; i < summary_count(all); i++) {
        const summary s = summary_of(all, i);

        cJSON_AddItemToArray(array, new_summary(&s));
    }
}

bool json_write(FILE *file, const results *all, failure *why)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *cases;

    json_text(root, "tessera", tsr_version());
    json_text(root, "date", all->date);
    json_text(root, "command", all->command);
    cJSON_AddBoolToObject(root, "interrupted", all->interrupted);
    cJSON_AddBoolToObject(root, "cold", all->cold_bytes > 0);
    add_device(root, &all->device);
    add_roof(root, &all->roof, all->device.fp64);
    add_blas(root, &all->blas);
    add_earlier(root, &all->earlier);
    cases = cJSON_AddArrayToObject(root, "cases");
    for (size_t i = 0; i < all->case_count; i++)
        cJSON_AddItemToArray(cases, new_case(&all->cases[i]));
    add_summary(root, all);
    return json_print(file, root, why);
}
