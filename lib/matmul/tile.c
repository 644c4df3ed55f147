/* tile: work-group tiles in local memory, for GPUs (kernels/tile.cl). */
#include "matmul/tile.h"

#include "base/checked.h"
#include "base/trace.h"
#include "matmul/reduce.h"
#include "memory/scratch.h"

enum { MULTIPLY, REDUCE };          /* plan->kernels */
enum { TILES, ITEMS, SLAB, SLABS }; /* plan->numbers */

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    const char *why = NULL;

    for (size_t i = 0; tsr__tile_shipped(i); i++)
        if (!(why = tsr__tile_refused(problem, info, tsr__tile_shipped(i))))
            return NULL;
    return why;
}

static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__parameters set;

    tsr__tile_guess(problem, info, &set);
    return tsr__tile_estimate(problem, info, &set);
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    tsr__problem *p = &plan->problem;
    tsr__problem seen = tsr__tile_oriented(p);
    char options[TSR__OPTIONS_SIZE];
    tsr__parameters set;
    tsr_status status;

    if (plan->parameters)
        set = *plan->parameters;
    else
        tsr__tile_guess(p, &device->info, &set);
    tsr__tile_options(p, &device->info, &set, options);
    tsr__trace(TSR__TRACE_ROUTER, "tile [%s], K in %zu: estimate %.3g ms", options,
               tsr__tile_slabs(&seen, &set),
               1e3 * tsr__tile_estimate(p, &device->info, &set));
    plan->transposed = seen.c.row != p->c.row;
    *p = seen;
    plan->numbers[TILES] = tsr__divide_up(p->m, set.values[TSR__TILE_TM]) *
                           tsr__divide_up(p->n, set.values[TSR__TILE_TN]);
    plan->numbers[ITEMS] = tsr__tile_items(&set);
    plan->numbers[SLAB] = tsr__tile_slab(p, &set);
    plan->numbers[SLABS] = tsr__tile_slabs(p, &set);
    status = tsr__kernel_get(device, "tile", "tile", p->dtype, options,
                             &plan->build_seconds, &plan->kernels[MULTIPLY]);
    if (!status && plan->numbers[SLABS] > 1)
        status = tsr__kernel_get(device, "tile", "reduce", p->dtype, options,
                                 &plan->build_seconds, &plan->kernels[REDUCE]);
    return status;
}

static tsr_status multiply(const tsr__plan *plan, const tsr__arguments *all,
                           tsr__sequence *sequence)
{
    const size_t *n = plan->numbers;
    const size_t local[3] = {n[ITEMS], 1, 1};
    const size_t global[3] = {n[TILES] * n[SLABS] * plan->problem.batch * n[ITEMS], 1,
                              1};
    cl_ulong slab = n[SLAB];
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),     TSR__ARG(slab),          TSR__ARG(all->a),
        TSR__ARG(all->a_layout),  TSR__ARG(all->b),        TSR__ARG(all->b_layout),
        TSR__ARG(all->c),         TSR__ARG(all->c_layout), TSR__ARG_REAL(all->alpha),
        TSR__ARG_REAL(all->beta), TSR__ARG(all->bias),     TSR__ARG(all->bias_layout),
        TSR__ARG(all->epilogue),
    };

    return tsr__launch(sequence, plan->kernels[MULTIPLY], 1, global, local,
                       sizeof args / sizeof args[0], args);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    tsr__arguments all = tsr__arguments_of(p, operands), part;
    tsr__sums sums = {plan->numbers[SLABS], p->n, NULL};
    tsr_status status;

    if (sums.slabs == 1)
        return multiply(plan, &all, sequence);
    if ((status = tsr__reduce_sums(p, sequence, &sums)))
        return status;
    part = tsr__reduce_part(p, &all, &sums);
    if (!(status = multiply(plan, &part, sequence)))
        status = tsr__reduce_enqueue(plan->kernels[REDUCE], p, &all, &sums, sequence);
    tsr__scratch_give(sequence, sums.buffer);
    return status;
}

const tsr__strategy tsr__tile = {"tile", cannot_run, cost,
                                 plan,   enqueue,    &tsr__tile_space};
