#include "results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const table_row *results_row(const case_result *c, const char *runner)
{
    for (size_t i = 0; i < c->row_count; i++)
        if (strcmp(c->rows[i].runner, runner) == 0 && c->rows[i].state == ROW_DONE)
            return &c->rows[i];
    return NULL;
}

bool results_has(const case_result *c, const char *runner)
{
    for (size_t i = 0; i < c->row_count; i++)
        if (strcmp(c->rows[i].runner, runner) == 0)
            return true;
    return false;
}

double results_fma_rate(const case_result *c)
{
    return c->problem.dtype == TSR_F32 ? c->roof.f32_flops_per_second
                                       : c->roof.f64_flops_per_second;
}

bound results_bound(const case_result *c)
{
    const table_row *device = results_row(c, "tessera");
    const double few =
        c->zero_copy ? RESULTS_FEW_LAUNCHES : RESULTS_FEW_LAUNCHES_IN_ROW;

    if (!(c->roof_s > 0))
        return BOUND_NOTHING;
    if (device && device->time.best < few * c->roof.launch_seconds)
        return BOUND_LAUNCH;
    return c->bytes / c->roof.read_bytes_per_second >= c->flops / results_fma_rate(c)
               ? BOUND_MEMORY
               : BOUND_ARITHMETIC;
}

const char *results_bound_name(bound b)
{
    return b == BOUND_LAUNCH       ? "launch"
           : b == BOUND_MEMORY     ? "memory"
           : b == BOUND_ARITHMETIC ? "arithmetic"
                                   : NULL;
}

const table_row *results_fastest(const case_result *c)
{
    const table_row *fastest = NULL;

    for (size_t i = 0; i < c->row_count; i++) {
        const table_row *row = &c->rows[i];

        if (row->state == ROW_DONE && row->verdict.ok &&
            (!fastest || row->time.best < fastest->time.best))
            fastest = row;
    }
    return fastest;
}

double results_payoff(const case_result *c, const char *host_runner, bool kernels_built)
{
    const table_row *device = results_row(c, "tessera");
    const table_row *host = results_row(c, host_runner);
    double once, gain;

    if (!device || !host)
        return NAN;
    gain = host->time.best - device->time.best;
    if (gain <= 0)
        return INFINITY;
    /* upload + first + (n - 1) * device + download <= n * host */
    once = c->upload_s + c->download_s;
    if (!kernels_built)
        once += fmax(device->first_s - device->time.best, 0);
    return fmax(ceil(once / gain), 1);
}

change results_change(const table_row *row)
{
    if (row->state != ROW_DONE || isnan(row->earlier_s))
        return CHANGE_UNKNOWN;
    if (row->time.best > row->earlier_s * (1 + row->noise))
        return CHANGE_SLOWER;
    if (row->earlier_s > row->time.best * (1 + row->noise))
        return CHANGE_FASTER;
    return CHANGE_NONE;
}

bool results_on_host(const char *runner)
{
    return strncmp(runner, "plain-c", 7) == 0 || strcmp(runner, "blas") == 0;
}

/* Whether it is the device's and the earlier run has a time for it. */
static bool is_judged(const table_row *row)
{
    return !isnan(row->earlier_s) && !results_on_host(row->runner);
}

bool results_regressed(const results *all, const table_row *row)
{
    if (!all->earlier.path || isnan(all->earlier.fail_above) || !is_judged(row))
        return false;
    return row->state != ROW_DONE ||
           (results_change(row) == CHANGE_SLOWER &&
            row->time.best > row->earlier_s * (1 + all->earlier.fail_above));
}

size_t results_count_judged(const results *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            count += is_judged(&all->cases[i].rows[j]);
    return count;
}

size_t results_count_noisy(const results *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            count += is_judged(&all->cases[i].rows[j]) &&
                     all->cases[i].rows[j].noise > all->earlier.fail_above;
    return count;
}

size_t results_count_regressed(const results *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            count += results_regressed(all, &all->cases[i].rows[j]);
    return count;
}

size_t results_count(const results *all, row_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            count += all->cases[i].rows[j].state == state;
    return count;
}

size_t results_count_wrong(const results *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            count += all->cases[i].rows[j].state == ROW_DONE &&
                     !all->cases[i].rows[j].verdict.ok;
    return count;
}

void results_free(results *all)
{
    for (size_t i = 0; i < all->case_count; i++)
        free(all->cases[i].rows);
    free(all->cases);
    *all = (results){0};
}

void results_describe_blas(const blas_facts *blas, char *text, size_t size)
{
    char threads[48] = "its own number of threads";

    if (blas->threads)
        snprintf(threads, sizeof threads, "%u thread%s", blas->threads,
                 blas->threads == 1 ? "" : "s");
    snprintf(text, size, "%s, %s%s%s", blas->path, blas->core ? blas->core : "",
             blas->core ? " kernels, " : "", threads);
}

const char *results_shown_name(const char *runner)
{
    static const char own[] = "tessera-";
    const size_t length = sizeof own - 1;

    return strncmp(runner, own, length) == 0 ? runner + length : runner;
}
