/* runner_device.c: the library's own products, routed or with a strategy forced. */
#include "runner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How often the device's clock is asked, and for how long; the least is shown. */
#define DEVICE_CLOCK_CALLS   20
#define DEVICE_CLOCK_SECONDS 0.5

/* About how many flops a sample has that says how slow a strategy will be. */
#define SAMPLE_FLOPS 1e7

static row_state end_call(table_row *out, tsr_status status)
{
    const char *detail = tsr_error_detail();

    if (status == TSR_ERROR_UNSUPPORTED)
        return row_end(out, ROW_SKIPPED, "%s", detail);
    return row_end(out, ROW_FAILED, "%s: %s", tsr_status_string(status), detail);
}

static bool built_in(const char *strategy)
{
    for (size_t i = 0; i < tsr_strategy_count(); i++)
        if (strcmp(tsr_strategy_name(i), strategy) == 0)
            return true;
    return false;
}

/* Seconds for one reference product, from a few rows of it. It is the one strategy that
 * no device makes quick, so it is not run to find out. */
static double estimate_reference(workload *w)
{
    tsr_host_product few = w->sets[0].product;
    double start;

    if (problem_flops(&w->problem) < 10 * SAMPLE_FLOPS)
        return 0;
    few.batch = 1;
    few.m = (size_t)(SAMPLE_FLOPS / (2.0 * (double)few.n * (double)few.k));
    few.m = few.m < 1 ? 1 : few.m > w->problem.m ? w->problem.m : few.m;
    start = clock_now();
    if (tsr_reference_matmul(&few, w->host_c, w->c_layout.row_stride, 1, 0))
        return 0;
    return (clock_now() - start) * ((double)w->problem.m / (double)few.m) *
           (double)w->problem.batch;
}

static row_state prepare(runner *r, workload *w, table_row *out)
{
    if (r->strategy && !built_in(r->strategy))
        return row_end(out, ROW_SKIPPED, "this build of tessera has no %s",
                       r->strategy);
    r->first_is_typical = r->strategy && strcmp(r->strategy, "reference") == 0;
    r->estimate_s = r->first_is_typical ? estimate_reference(w) : 0;
    return ROW_DONE;
}

static void release_weights(runner *r)
{
    for (size_t i = 0; r->weights && i < r->weight_count; i++)
        tsr_tensor_destroy(r->weights[i]);
    free(r->weights);
    r->weights = NULL;
}

/* B through tensors of its own, so that the other runners' B stays as it is. */
static row_state prepare_weights(runner *r, workload *w, table_row *out)
{
    r->weight_count = w->set_count;
    r->weights = calloc(w->set_count, sizeof *r->weights);
    if (!r->weights)
        return row_end(out, ROW_FAILED, "out of host memory");
    for (size_t i = 0; i < w->set_count; i++) {
        const tsr_tensor *b = w->sets[i].b;
        tsr_status status =
            tsr_tensor_view(w->all_b, tsr_tensor_get_rank(b), tsr_tensor_get_shape(b),
                            tsr_tensor_get_strides(b), i * w->b_stride, &r->weights[i]);

        if (status || (status = tsr_tensor_prepare(r->weights[i])))
            return end_call(out, status);
    }
    return prepare(r, w, out);
}

static const tsr_tensor *b_of(const runner *r, const workload *w)
{
    return r->weights ? r->weights[w->turn] : workload_last(w)->b;
}

static tsr_matmul_options options_of(const runner *r, tsr_matmul_report *report)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    options.strategy = r->strategy;
    options.report = report;
    return options;
}

/* A device with a memory of its own is given the next product while it makes this one, by
 * any program that wants it busy; as many as no driver has to hold back. */
#define CALLS_IN_A_ROW 256

/* Calls before one is waited for. Where memory is shared the next thing a program does may
 * be to look at the result. */
static size_t calls_in_a_row(const workload *w)
{
    return w->zero_copy ? 1 : CALLS_IN_A_ROW;
}

static row_state run(runner *r, workload *w, size_t loops, table_row *out)
{
    tsr_matmul_report report = {0};
    const tsr_matmul_options options = options_of(r, &report);
    const size_t in_a_row = calls_in_a_row(w);
    tsr_status status;

    for (size_t i = 0; i < loops; i++) {
        const operand_set *set = workload_next(w);
        const bool waits = i + 1 == loops || (i + 1) % in_a_row == 0;

        if ((status = tsr_matmul(set->a, b_of(r, w), set->c, &options)) ||
            (waits && (status = tsr_device_finish(w->device))))
            return end_call(out, status);
    }
    out->strategy = report.strategy;
    /* The first call's; later ones build nothing. CLBlast builds inside its own calls,
     * where the library cannot see it. */
    if (isnan(out->build_s) && strcmp(report.strategy, "clblast") != 0)
        out->build_s = report.build_seconds;
    return ROW_DONE;
}

static row_state poison(runner *r, workload *w, table_row *out)
{
    tsr_status status;

    (void)r;
    if ((status = workload_poison_device(w)) || (status = tsr_device_finish(w->device)))
        return end_call(out, status);
    return ROW_DONE;
}

static row_state result(runner *r, workload *w, table_row *out, const void **c)
{
    const tsr_status status = workload_download(w, &r->read_s);

    *c = workload_last(w)->device_c;
    return status ? end_call(out, status) : ROW_DONE;
}

static row_state measure_more(runner *r, workload *w, table_row *out)
{
    tsr_matmul_report report = {0};
    const tsr_matmul_options options = options_of(r, &report);
    const double stop = clock_now() + DEVICE_CLOCK_SECONDS;

    for (int i = 0; i < DEVICE_CLOCK_CALLS && (i == 0 || clock_now() < stop); i++) {
        const operand_set *set = workload_next(w);
        double seconds = 0;
        const tsr_status status =
            tsr_matmul_device_time(set->a, b_of(r, w), set->c, &options, &seconds);

        if (status)
            return end_call(out, status);
        if (seconds == 0)
            return ROW_DONE; /* the device's clock says nothing */
        out->device_s = i ? fmin(out->device_s, seconds) : seconds;
    }
    return ROW_DONE;
}

runner runner_device(const char *name, const char *strategy)
{
    static const runner_kind kind = {.prepare = prepare,
                                     .run = run,
                                     .poison = poison,
                                     .result = result,
                                     .measure_more = measure_more};

    return (runner){.kind = &kind, .name = name, .strategy = strategy};
}

runner runner_prepared(void)
{
    static const runner_kind kind = {.prepare = prepare_weights,
                                     .run = run,
                                     .poison = poison,
                                     .result = result,
                                     .measure_more = measure_more,
                                     .release = release_weights};

    return (runner){.kind = &kind, .name = "tessera-prepared", .keeps_forms = true};
}
