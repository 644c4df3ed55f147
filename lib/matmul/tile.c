/* tile: work-group tiles in local memory, for GPUs (kernels/tile.cl). */
#include <stdio.h>

#include "base/checked.h"
#include "matmul/arguments.h"
#include "matmul/cost.h"
#include "matmul/strategy.h"
#include "matmul/turns.h"

/* A parameter set of kernels/tile.cl. */
typedef struct parameters {
    size_t tm, tn, tk, rm, rn;
} parameters;

/* From the largest to one that fits a device with single-item groups. */
static const parameters sets[] = {
    {64, 64, 16, 4, 4},
    {32, 32, 16, 4, 4},
    {16, 16, 16, 2, 2},
    {4, 4, 4, 4, 4},
};

enum { TILE_M, TILE_N, GROUP_M, GROUP_N }; /* plan->numbers */

/* The same conditions as in the kernel file. */
static bool fits(const parameters *s, tsr_dtype dtype, const tsr_device_info *info)
{
    size_t local = (s->tm + s->tn + 2) * s->tk * tsr_dtype_size(dtype);
    size_t items_m = s->tm / s->rm, items_n = s->tn / s->rn;

    return s->tm % s->rm == 0 && s->tn % s->rn == 0 &&
           local <= info->local_memory_bytes &&
           items_m * items_n <= info->max_group_size &&
           items_n <= info->max_item_sizes[0] && items_m <= info->max_item_sizes[1];
}

/* The largest set that fits the device and is not mostly edge. */
static const parameters *choose(const tsr__problem *p, const tsr_device_info *info)
{
    const parameters *chosen = NULL;

    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        bool wasteful = sets[i].tm > 16 && p->m < sets[i].tm && p->n < sets[i].tn;

        if (fits(&sets[i], p->dtype, info) && (!chosen || !wasteful)) {
            chosen = &sets[i];
            if (!wasteful)
                break;
        }
    }
    return chosen;
}

/* Loop turns of one work-item; those over its own RM x RN elements are unrolled by
 * every compiler, but are counted once, in case. */
static double turns(const tsr__problem *p, const parameters *s)
{
    size_t items = s->tm / s->rm * (s->tn / s->rn);
    size_t loads =
        tsr__divide_up(s->tm * s->tk, items) + tsr__divide_up(s->tn * s->tk, items);
    size_t steps = tsr__divide_up(p->k, s->tk);

    return (double)steps * (double)(1 + loads + s->tk) + 2.0 * (double)(s->rm * s->rn);
}

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    const parameters *s = choose(problem, info);

    if (!s)
        return "no tile fits the device's local memory and largest work-group";
    return tsr__turns_refused(turns(problem, s), info);
}

static double cost(const tsr__problem *p, const tsr_device_info *info)
{
    const parameters *s = choose(p, info);
    double m = (double)tsr__round_up(p->m, s->tm);
    double n = (double)tsr__round_up(p->n, s->tn);
    /* Edges are computed like the rest, and thrown away. */
    double useful = (double)p->m / m * ((double)p->n / n);
    /* Without local memory of its own a device pays for every copy and barrier. */
    double efficiency = info->local_memory_dedicated ? 0.35 : 0.012;
    /* Every tile reads its rows of A and columns of B again, mostly from caches. */
    double again = (double)tsr_dtype_size(p->dtype) * m * n * (double)p->k *
                   (double)p->batch * (1.0 / (double)s->tm + 1.0 / (double)s->tn);

    return tsr__cost_roof(p, info, 1, efficiency * useful,
                          0.25 * again + tsr__problem_bytes(p));
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    const parameters *s = choose(&plan->problem, &device->info);
    char tiles[128], options[TSR__OPTIONS_SIZE];

    plan->numbers[TILE_M] = s->tm;
    plan->numbers[TILE_N] = s->tn;
    plan->numbers[GROUP_M] = s->tm / s->rm;
    plan->numbers[GROUP_N] = s->tn / s->rn;
    snprintf(tiles, sizeof tiles, "-DTM=%zu -DTN=%zu -DTK=%zu -DRM=%zu -DRN=%zu", s->tm,
             s->tn, s->tk, s->rm, s->rn);
    tsr__epilogue_options(&plan->problem, tiles, options);
    return tsr__kernel_get(device, "tile", "tile", plan->problem.dtype, options,
                           &plan->build_seconds, &plan->kernels[0]);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    tsr__arguments all = tsr__arguments_of(p, operands);
    const size_t local[3] = {n[GROUP_N], n[GROUP_M], 1};
    const size_t global[3] = {tsr__divide_up(p->n, n[TILE_N]) * n[GROUP_N],
                              tsr__divide_up(p->m, n[TILE_M]) * n[GROUP_M], p->batch};
    const tsr__arg args[] = {
        TSR__ARG(all.sizes),    TSR__ARG(all.a),           TSR__ARG(all.a_layout),
        TSR__ARG(all.b),        TSR__ARG(all.b_layout),    TSR__ARG(all.c),
        TSR__ARG(all.c_layout), TSR__ARG_REAL(all.alpha),  TSR__ARG_REAL(all.beta),
        TSR__ARG(all.bias),     TSR__ARG(all.bias_layout), TSR__ARG(all.epilogue),
    };

    return tsr__launch(sequence, plan->kernels[0], 3, global, local,
                       sizeof args / sizeof args[0], args);
}

const tsr__strategy tsr__tile = {"tile", cannot_run, cost, plan, enqueue};
