/* runner_plain.c: plain C in the problem's dtype, and in f64 beside it. */
#include "runner.h"

#include <math.h>
#include <stdlib.h>

#include "memory.h"
#include "plain.h"
#include "progress.h"

/* About how many flops a sample has that says how long a whole product would take. */
#define SAMPLE_FLOPS 2e7

/* Seconds for `p` from its first rows, timed once. */
static double estimate(const tsr_host_product *p, void *c)
{
    const double row_flops = 2.0 * (double)p->n * (double)p->k;
    tsr_host_product few = *p;
    double start;

    if (row_flops * (double)p->m * (double)p->batch < 10 * SAMPLE_FLOPS)
        return 0;
    few.batch = 1;
    few.m = (size_t)(SAMPLE_FLOPS / row_flops);
    few.m = few.m < 1 ? 1 : few.m > p->m ? p->m : few.m;
    start = clock_now();
    plain_matmul(&few, c, NULL);
    return (clock_now() - start) * ((double)p->m / (double)few.m) * (double)p->batch;
}

static row_state prepare(runner *r, workload *w, table_row *out)
{
    const tsr_host_product *p = &w->sets[0].product;

    out->method = plain_by_rows(p) ? "rows" : "dots";
    r->estimate_s = estimate(p, w->host_c);
    return ROW_DONE;
}

/* Nobody reads it: what is interrupted loses the whole case. */
static row_state end_interrupted(table_row *out)
{
    return row_end(out, ROW_SKIPPED, "interrupted");
}

static row_state run(runner *r, workload *w, size_t loops, table_row *out)
{
    (void)r;
    for (size_t i = 0; i < loops; i++) {
        const operand_set *set = workload_next(w);

        if (!plain_matmul(&set->product, set->host_c, interrupt_seen))
            return end_interrupted(out);
    }
    return ROW_DONE;
}

row_state runner_poison_host(runner *r, workload *w, table_row *out)
{
    (void)r;
    (void)out;
    workload_poison_host(w);
    return ROW_DONE;
}

row_state runner_result_host(runner *r, workload *w, table_row *out, const void **c)
{
    (void)r;
    (void)out;
    *c = workload_last(w)->host_c;
    return ROW_DONE;
}

runner runner_plain(void)
{
    static const runner_kind kind = {.prepare = prepare,
                                     .run = run,
                                     .poison = runner_poison_host,
                                     .result = runner_result_host};

    return (runner){.kind = &kind, .name = "plain-c", .first_is_typical = true};
}

/* ---- plain-c-f64 -------------------------------------------------------------------- */

/* The sets of f64 operands. They have twice the bytes of the others, so half as many do. */
static size_t wide_sets(const workload *w)
{
    return (w->set_count + 1) / 2;
}

static double *wide_c(const runner *r, const workload *w)
{
    return (double *)r->wide[2] + r->wide_turn * problem_c_count(&w->problem);
}

/* The f32 problem with its operands widened, of the set whose turn it is. */
static tsr_host_product wide_product(const runner *r, const workload *w)
{
    tsr_host_product p = w->sets[0].product;

    p.dtype = TSR_F64;
    p.a.data = (double *)r->wide[0] + r->wide_turn * problem_a_count(&w->problem);
    p.b.data = (double *)r->wide[1] + r->wide_turn * problem_b_count(&w->problem);
    return p;
}

static void release_wide(runner *r)
{
    for (int i = 0; i < 3; i++) {
        free(r->wide[i]);
        r->wide[i] = NULL;
    }
}

/* `from` once for each set. */
static void widen(double *to, const float *from, size_t count, size_t sets)
{
    for (size_t set = 0; set < sets; set++)
        for (size_t i = 0; i < count; i++)
            to[set * count + i] = from[i];
}

static row_state prepare_wide(runner *r, workload *w, table_row *out)
{
    const size_t counts[3] = {problem_a_count(&w->problem),
                              problem_b_count(&w->problem),
                              problem_c_count(&w->problem)};
    const size_t sets = wide_sets(w);
    tsr_host_product p;

    if (w->problem.dtype == TSR_F64)
        return row_end(out, ROW_SKIPPED, "the problem is f64: plain-c is it");
    r->wide_turn = 0;
    for (int i = 0; i < 3; i++) {
        if (counts[i] <= (size_t)-1 / sizeof(double) / sets)
            r->wide[i] = memory_get(counts[i] * sizeof(double) * sets);
        if (!r->wide[i]) {
            release_wide(r);
            return row_end(out, ROW_SKIPPED, "no host memory for the operands in f64");
        }
    }
    widen(r->wide[0], w->a, counts[0], sets);
    widen(r->wide[1], w->b, counts[1], sets);
    p = wide_product(r, w);
    out->method = plain_by_rows(&p) ? "rows" : "dots";
    r->estimate_s = estimate(&p, r->wide[2]);
    return ROW_DONE;
}

static row_state run_wide(runner *r, workload *w, size_t loops, table_row *out)
{
    for (size_t i = 0; i < loops; i++) {
        r->wide_turn = (r->wide_turn + 1) % wide_sets(w);

        const tsr_host_product p = wide_product(r, w);
        if (!plain_matmul(&p, wide_c(r, w), interrupt_seen))
            return end_interrupted(out);
    }
    return ROW_DONE;
}

static row_state poison_wide(runner *r, workload *w, table_row *out)
{
    double *c = r->wide[2];

    (void)out;
    for (size_t i = 0; i < wide_sets(w) * problem_c_count(&w->problem); i++)
        c[i] = NAN;
    return ROW_DONE;
}

/* Rounded to f32 and judged as the others are: one oracle for all, and the ratio shows
 * how much of f32's error comes of summing in f32. */
static row_state result_wide(runner *r, workload *w, table_row *out, const void **c)
{
    const double *from = wide_c(r, w);
    float *to = w->host_c;

    (void)out;
    for (size_t i = 0; i < problem_c_count(&w->problem); i++)
        to[i] = (float)from[i];
    *c = to;
    return ROW_DONE;
}

runner runner_plain_f64(void)
{
    static const runner_kind kind = {.prepare = prepare_wide,
                                     .run = run_wide,
                                     .poison = poison_wide,
                                     .result = result_wide,
                                     .release = release_wide};

    return (runner){.kind = &kind, .name = "plain-c-f64", .first_is_typical = true};
}
