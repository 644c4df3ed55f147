/* stream on a CPU: one work-item per group (kernels/stream.cl). */
#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "matmul/cost.h"
#include "matmul/lanes.h"
#include "matmul/lines.h"
#include "matmul/reduce.h"
#include "matmul/reduce_native.h"
#include "matmul/stream.h"
#include "matmul/turns.h"
#include "memory/scratch.h"

/* Columns: longer runs of B are read no faster, and shorter ones more slowly. */
#define LONG_RUN  5120
#define SHORT_RUN 640

/* Slabs are multiples of all steps there are, and of a cache line. */
#define SLAB_UNIT 48

enum { MULTIPLY, GATHER, REDUCE };      /* plan->kernels */
enum { SLAB, SLABS, CHUNK, STEP, RUN }; /* plan->numbers; all of K but CHUNK, of N */

/* ---- Shape ---------------------------------------------------------------------- */

/* How a product is cut up. */
typedef struct shape {
    bool by_rows;       /* B's rows are contiguous: `sweep`; else `dots` */
    size_t slab, slabs; /* of K */
    size_t chunk;       /* of N */
    size_t step;        /* of K, that is taken together */
} shape;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Chunks of columns: long enough to be read at memory speed, short enough that their
 * sums stay in a core's own cache, and enough of them for all compute units. */
static size_t choose_chunk(const tsr__problem *p, const tsr_device_info *info,
                           const shape *s)
{
    size_t in_cache = ((size_t)256 << 10) / (p->m * tsr_dtype_size(p->dtype));
    size_t most = smaller(larger(in_cache, SHORT_RUN), LONG_RUN);
    size_t units = info->compute_units;
    size_t chunks = tsr__divide_up(4 * units, s->slabs * p->batch), chunk;

    if (s->by_rows)
        chunks = larger(chunks, tsr__divide_up(p->n, most));
    chunk = tsr__divide_up(p->n, chunks);
    return tsr__round_up(chunk < 64 ? 64 : chunk, 32);
}

/* Loop turns of one work-item. */
static double turns(const tsr__problem *p, const tsr_device_info *info, const shape *s)
{
    double m = (double)p->m, slab = (double)s->slab, chunk = (double)s->chunk;
    double lanes = (double)tsr__lanes(p->dtype, info);

    if (s->by_rows) { /* the last rows of B, and its last columns, one by one */
        double step = (double)s->step, wide = chunk / lanes;
        double narrow = lanes / 4.0 + 3.0;

        return (slab / step + 1.0) * (wide + narrow * (step + 1.0)) * (m + 1.0) +
               wide * (m + 1.0) * (step + 1.0);
    }
    return (chunk / 4.0 + 4.0) * (m + 1.0) * (slab / lanes + lanes + 2.0);
}

/* How K is cut depends on K alone, so that results do not depend on the device's number
 * of compute units: at most 8 slabs, none a sliver. Columns that are contiguous are cut
 * less, to be read in long runs. */
static shape choose_shape(const tsr__problem *p, const tsr_device_info *info)
{
    /* With very few rows of A sums take no time, and memory reads more rows of B best;
     * with more rows fewer leave caches to the sums. */
    bool by_rows = p->b.column == 1;
    shape s = {.by_rows = by_rows, .step = by_rows && p->m <= 4 ? 12 : 8};
    size_t slabs = smaller(tsr__divide_up(p->k, s.by_rows ? 192 : 4096), 8);

    s.slab = tsr__round_up(tsr__divide_up(p->k, slabs), SLAB_UNIT);
    s.slabs = tsr__divide_up(p->k, s.slab);
    s.chunk = choose_chunk(p, info, &s);
    while (s.chunk > 64 && tsr__turns_refused(turns(p, info, &s), info))
        s.chunk = tsr__round_up(s.chunk / 2, 32);
    return s;
}

/* ---- Choice ---------------------------------------------------------------------- */

static const char *cannot_run(const tsr__problem *p, const tsr_device_info *info)
{
    shape s = choose_shape(p, info);

    return tsr__turns_refused(turns(p, info, &s), info);
}

/* Whether A is copied first: with its rows apart, many rows would be in the same few lines
 * of a cache. */
static bool is_gathered(const tsr__problem *p, const shape *s)
{
    return p->a.column != 1 ||
           (s->by_rows && p->m > (tsr__pages_apart(p, p->a.row) ? 4 : 8));
}

static double cost(const tsr__problem *p, const tsr_device_info *info)
{
    /* Each row more is another pass over what is in a cache at best: sums, or B's columns,
     * of which `dots` takes eight at a time for one row, and four for more, which memory
     * delivers more slowly. AVX-512 takes elements of A as part of its multiply-adds, others
     * load them first, and it has registers for the sums of four rows. */
    const shape s = choose_shape(p, info);
    const bool wide =
        tsr__lanes(p->dtype, info) * tsr_dtype_size(p->dtype) == TSR__LINE;
    double pass = s.by_rows ? 0.005 : 0.02;
    double efficiency = s.by_rows ? (wide ? 0.85 : 0.5) : wide ? 0.4 : 0.3;
    double fewer = !s.by_rows && p->m > 1 ? 0.2 : 0.0;
    double bytes = (1.0 + pass * (double)p->m + fewer) * tsr__problem_bytes(p);

    return tsr__cost_roof(p, info, is_gathered(p, &s) ? 3 : 2, efficiency, bytes);
}

/* ---- Plan ----------------------------------------------------------------------- */

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    const tsr__problem *p = &plan->problem;
    shape s = choose_shape(p, &device->info);
    char parameters[64], options[TSR__OPTIONS_SIZE];
    tsr_status status;

    plan->numbers[SLAB] = s.slab;
    plan->numbers[SLABS] = s.slabs;
    plan->numbers[CHUNK] = s.chunk;
    plan->numbers[STEP] = s.step;
    plan->numbers[RUN] = s.by_rows ? s.step : p->k;
    snprintf(parameters, sizeof parameters, "-DLANES=%zu -DSTEP=%zu%s",
             tsr__lanes(p->dtype, &device->info), s.step, s.by_rows ? "" : " -DDOTS");
    tsr__epilogue_options(p, parameters, options);
    if ((status = tsr__kernel_get(device, "stream", s.by_rows ? "sweep" : "dots",
                                  p->dtype, options, &plan->build_seconds,
                                  &plan->kernels[MULTIPLY])) ||
        (is_gathered(p, &s) &&
         (status = tsr__kernel_get(device, "stream", "gather", p->dtype, options,
                                   &plan->build_seconds, &plan->kernels[GATHER]))))
        return status;
    if (tsr__reduce_is_native(device, p, s.slabs))
        return TSR_OK;
    return tsr__kernel_get(device, "stream", "reduce", p->dtype, options,
                           &plan->build_seconds, &plan->kernels[REDUCE]);
}

/* ---- Enqueue -------------------------------------------------------------------- */

static size_t group_of(const tsr__kernel *kernel)
{
    return tsr__kernel_max_group(kernel) < 64 ? 1 : 64;
}

/* Makes what a step reads of A contiguous, in *rows; from then on `all` names that. */
static tsr_status gather(const tsr__plan *plan, tsr__arguments *all, cl_mem *rows,
                         tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const cl_ulong run = plan->numbers[RUN];
    const size_t runs = tsr__divide_up(p->k, run);
    const size_t local[3] = {group_of(plan->kernels[GATHER]), 1, 1};
    const size_t global[3] = {
        tsr__round_up(tsr__divide_up(p->k, plan->numbers[STEP]), local[0]), p->m,
        p->batch};
    size_t bytes;
    tsr_status status;

    if (!tsr__multiply(p->m * p->batch * tsr_dtype_size(p->dtype), runs * run, &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "the gathered rows are beyond size_t");
    if ((status = tsr__scratch_take(sequence, bytes, rows)))
        return status;

    const tsr__arg args[] = {TSR__ARG(all->sizes), TSR__ARG(run), TSR__ARG(all->a),
                             TSR__ARG(all->a_layout), TSR__ARG(*rows)};

    status = tsr__launch(sequence, plan->kernels[GATHER], 3, global, local, 5, args);
    all->a = *rows;
    all->a_layout =
        tsr__layout4((tsr__layout){0, run, run < p->k ? p->m : 1, p->m * runs * run});
    return status;
}

static tsr_status multiply(const tsr__plan *plan, const tsr__arguments *all,
                           const tsr__sums *sums, tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    cl_ulong4 cut = {{n[SLAB], n[CHUNK], sums->row, 0}};
    const size_t local[3] = {1, 1, 1};
    const size_t global[3] = {tsr__divide_up(p->n, n[CHUNK]), n[SLABS], p->batch};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),    TSR__ARG(cut),    TSR__ARG(all->a),
        TSR__ARG(all->a_layout), TSR__ARG(all->b), TSR__ARG(all->b_layout),
        TSR__ARG(sums->buffer),
    };

    return tsr__launch(sequence, plan->kernels[MULTIPLY], 3, global, local, 7, args);
}

/* Whole vectors, as the kernels write them, and an odd number of cache lines, so that no two
 * rows' sums are always in the same few of a cache's lines. */
static size_t row_of_sums(const tsr__problem *p, const tsr_device_info *info)
{
    const size_t unit =
        larger(TSR__LINE / tsr_dtype_size(p->dtype), tsr__lanes(p->dtype, info));

    return (tsr__divide_up(p->n, unit) | 1) * unit;
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    tsr__arguments all = tsr__arguments_of(&plan->problem, operands);
    tsr__sums sums = {plan->numbers[SLABS],
                      row_of_sums(&plan->problem, &sequence->device->info), NULL};
    cl_mem rows = NULL;
    tsr_status status = TSR_OK;

    if (plan->kernels[GATHER])
        status = gather(plan, &all, &rows, sequence);
    if (!status && !(status = tsr__reduce_sums(&plan->problem, sequence, &sums)) &&
        !(status = multiply(plan, &all, &sums, sequence)))
        status = plan->kernels[REDUCE]
                     ? tsr__reduce_enqueue(plan->kernels[REDUCE], &plan->problem, &all,
                                           &sums, sequence)
                     : tsr__reduce_native(&plan->problem, operands->c, &sums, sequence);
    tsr__scratch_give(sequence, rows);
    tsr__scratch_give(sequence, sums.buffer);
    return status;
}

const tsr__strategy tsr__stream_sweep = {"stream sweep", cannot_run, cost,
                                         plan,           enqueue,    NULL};
