/* stream: few rows, or few columns, at memory speed (kernels/stream.cl). */
#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "matmul/arguments.h"
#include "matmul/cost.h"
#include "matmul/strategy.h"
#include "memory/scratch.h"

#define MOST_ROWS 32 /* beyond that the sums no longer stay in the nearest caches */
#define ROWS      8  /* as in the kernel file */

enum { KERNEL, GATHER, REDUCE };  /* plan->kernels */
enum { WAY, GROUP, SLAB, SLABS }; /* plan->numbers; SLAB in rows of B */
enum way { SWEEP, STRIP, DOT };   /* plan->numbers[WAY] */

static const char *const entries[] = {"sweep", "strip", "dot_columns"};

/* Few columns are few rows of the transpose. */
static bool wants_transpose(const tsr__problem *p)
{
    return p->n < p->m;
}

static tsr__problem oriented(const tsr__problem *problem)
{
    tsr__problem p = *problem;

    if (wants_transpose(&p))
        tsr__problem_transpose(&p);
    return p;
}

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__problem p = oriented(problem);

    (void)info;
    if (p.m > MOST_ROWS)
        return "it is for at most 32 rows or columns";
    if (p.b.row != 1 && p.b.column != 1)
        return "neither rows nor columns of the large operand are contiguous";
    return NULL;
}

static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    double bytes = tsr__problem_bytes(problem);

    return tsr__cost_roof(problem, info, 3, 0.35, 1.1 * bytes);
}

/* ---- Plan ----------------------------------------------------------------------- */

/* How many slabs: enough for all compute units, but no slivers. */
static size_t choose_slabs(const tsr__problem *p, enum way way, bool cpu, size_t units)
{
    size_t columns = way == STRIP ? tsr__divide_up(p->n, 64) : way == DOT ? p->n : 1;
    size_t groups = columns * p->batch;
    size_t wanted = cpu ? units : 8 * units;
    size_t slabs = groups >= wanted ? 1 : tsr__divide_up(wanted, groups);
    size_t most = tsr__divide_up(p->k, 64);

    return slabs < most ? slabs : most;
}

static size_t choose_group(const tsr_device_info *info)
{
    size_t most = info->max_group_size < info->max_item_sizes[0]
                      ? info->max_group_size
                      : info->max_item_sizes[0];

    return info->type == TSR_DEVICE_CPU || most < 64 ? 1 : 64;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    const tsr_device_info *info = &device->info;
    bool cpu = info->type == TSR_DEVICE_CPU;
    tsr__problem *p = &plan->problem;
    char parameters[32], options[TSR__OPTIONS_SIZE];
    enum way way;
    tsr_status status;

    plan->transposed = wants_transpose(p);
    if (plan->transposed)
        tsr__problem_transpose(p);
    way = p->b.column != 1 ? DOT : cpu ? SWEEP : STRIP;
    plan->numbers[WAY] = way;
    plan->numbers[GROUP] = choose_group(info);
    plan->numbers[SLAB] = tsr__divide_up(
        p->k, choose_slabs(p, way, cpu, info->compute_units ? info->compute_units : 1));
    plan->numbers[SLABS] = tsr__divide_up(p->k, plan->numbers[SLAB]);
    snprintf(parameters, sizeof parameters, "-DGROUP=%zu", plan->numbers[GROUP]);
    tsr__epilogue_options(p, parameters, options);
    if ((status = tsr__kernel_get(device, "stream", entries[way], p->dtype, options,
                                  &plan->build_seconds, &plan->kernels[KERNEL])) ||
        (status = tsr__kernel_get(device, "stream", "gather", p->dtype, options,
                                  &plan->build_seconds, &plan->kernels[GATHER])))
        return status;
    return tsr__kernel_get(device, "stream", "reduce", p->dtype, options,
                           &plan->build_seconds, &plan->kernels[REDUCE]);
}

/* ---- Enqueue -------------------------------------------------------------------- */

static size_t group_of(const tsr__kernel *kernel)
{
    return tsr__kernel_max_group(kernel) < 64 ? 1 : 64;
}

static tsr_status gather(const tsr__plan *plan, const tsr__arguments *all, cl_mem rows,
                         tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t local[3] = {group_of(plan->kernels[GATHER]), 1, 1};
    const size_t global[3] = {tsr__round_up(p->k, local[0]), p->m, p->batch};
    const tsr__arg args[] = {TSR__ARG(all->sizes), TSR__ARG(all->a),
                             TSR__ARG(all->a_layout), TSR__ARG(rows)};

    return tsr__launch(sequence, plan->kernels[GATHER], 3, global, local, 4, args);
}

static tsr_status multiply(const tsr__plan *plan, const tsr__arguments *all,
                           cl_mem rows, cl_mem sums, tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    cl_ulong slab = n[SLAB];
    size_t blocks = tsr__divide_up(p->m, ROWS);
    const size_t local[3] = {n[WAY] == SWEEP ? 1 : n[GROUP], 1, 1};
    size_t global[3] = {n[SLABS], 1, p->batch};
    const tsr__arg args[] = {TSR__ARG(all->sizes),    TSR__ARG(slab),
                             TSR__ARG(rows),          TSR__ARG(all->b),
                             TSR__ARG(all->b_layout), TSR__ARG(sums)};

    if (n[WAY] != SWEEP) {
        global[0] = n[WAY] == DOT ? p->n * n[GROUP] : tsr__round_up(p->n, n[GROUP]);
        global[1] = n[SLABS] * blocks;
    }
    return tsr__launch(sequence, plan->kernels[KERNEL], 3, global, local, 6, args);
}

static tsr_status reduce(const tsr__plan *plan, const tsr__arguments *all, cl_mem sums,
                         tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    cl_ulong slabs = plan->numbers[SLABS];
    const size_t local[3] = {group_of(plan->kernels[REDUCE]), 1, 1};
    const size_t global[3] = {tsr__round_up(p->n, local[0]), p->m, p->batch};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),     TSR__ARG(slabs),         TSR__ARG(sums),
        TSR__ARG(all->c),         TSR__ARG(all->c_layout), TSR__ARG_REAL(all->alpha),
        TSR__ARG_REAL(all->beta), TSR__ARG(all->bias),     TSR__ARG(all->bias_layout),
    };

    return tsr__launch(sequence, plan->kernels[REDUCE], 3, global, local,
                       sizeof args / sizeof args[0], args);
}

/* Bytes of the gathered rows and of the sums. */
static bool scratch_bytes(const tsr__plan *plan, size_t *rows, size_t *sums)
{
    const tsr__problem *p = &plan->problem;
    size_t each = p->m * p->batch * tsr_dtype_size(p->dtype);

    return tsr__multiply(each, p->k, rows) && tsr__multiply(each, p->n, sums) &&
           tsr__multiply(*sums, plan->numbers[SLABS], sums);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    tsr__arguments all = tsr__arguments_of(&plan->problem, operands);
    cl_mem rows = NULL, sums = NULL;
    size_t row_bytes, sum_bytes;
    tsr_status status;

    if (!scratch_bytes(plan, &row_bytes, &sum_bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "the partial sums are beyond size_t");
    if (!(status = tsr__scratch_take(sequence, row_bytes, &rows)) &&
        !(status = tsr__scratch_take(sequence, sum_bytes, &sums)) &&
        !(status = gather(plan, &all, rows, sequence)) &&
        !(status = multiply(plan, &all, rows, sums, sequence)))
        status = reduce(plan, &all, sums, sequence);
    tsr__scratch_give(sequence, rows);
    tsr__scratch_give(sequence, sums);
    return status;
}

const tsr__strategy tsr__stream = {"stream", cannot_run, cost, plan, enqueue};
