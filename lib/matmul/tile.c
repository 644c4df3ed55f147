/* tile: work-group tiles in local memory, for GPUs (kernels/tile.cl). */
#include <stdio.h>

#include "base/checked.h"
#include "matmul/arguments.h"
#include "matmul/cost.h"
#include "matmul/strategy.h"
#include "matmul/turns.h"

/* ---- Parameters ----------------------------------------------------------------- */

/* A parameter set of kernels/tile.cl. */
typedef struct parameters {
    size_t tm, tn, tk, rm, rn;
} parameters;

static const char *const names[] = {"TM", "TN", "TK", "RM", "RN", NULL};

/* From the largest to one that fits a device with single-item groups. */
static const tsr__parameters sets[] = {
    {{64, 64, 16, 4, 4}},
    {{32, 32, 16, 4, 4}},
    {{16, 16, 16, 2, 2}},
    {{4, 4, 4, 4, 4}},
};

#define SETS (sizeof sets / sizeof sets[0])

static parameters read_set(const tsr__parameters *set)
{
    const unsigned *v = set->values;

    return (parameters){v[0], v[1], v[2], v[3], v[4]};
}

enum { TILE_M, TILE_N, GROUP_M, GROUP_N }; /* plan->numbers */

/* Beyond this no tile has its rows or columns in local memory. */
#define LARGEST 65536

/* The same conditions as in the kernel file. */
static bool fits_device(const parameters *s, tsr_dtype dtype,
                        const tsr_device_info *info)
{
    size_t local = (s->tm + s->tn + 2) * s->tk * tsr_dtype_size(dtype);
    size_t items_m, items_n;

    if (!s->rm || !s->rn || !s->tk || !s->tm || !s->tn || s->tm > LARGEST ||
        s->tn > LARGEST || s->tk > LARGEST || s->tm % s->rm || s->tn % s->rn)
        return false;
    items_m = s->tm / s->rm;
    items_n = s->tn / s->rn;
    return local <= info->local_memory_bytes &&
           items_m * items_n <= info->max_group_size &&
           items_n <= info->max_item_sizes[0] && items_m <= info->max_item_sizes[1];
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

static bool fits(const tsr__problem *problem, const tsr_device_info *info,
                 const tsr__parameters *set)
{
    parameters s = read_set(set);

    return fits_device(&s, problem->dtype, info) &&
           !tsr__turns_refused(turns(problem, &s), info);
}

static double estimate(const tsr__problem *p, const tsr_device_info *info,
                       const tsr__parameters *set)
{
    parameters s = read_set(set);
    double m = (double)tsr__round_up(p->m, s.tm);
    double n = (double)tsr__round_up(p->n, s.tn);
    /* Edges are computed like the rest, and thrown away. */
    double useful = (double)p->m / m * ((double)p->n / n);
    /* Without local memory of its own a device pays for every copy and barrier. */
    double efficiency = info->local_memory_dedicated ? 0.35 : 0.012;
    /* Every tile reads its rows of A and columns of B again, mostly from caches. */
    double again = (double)tsr_dtype_size(p->dtype) * m * n * (double)p->k *
                   (double)p->batch * (1.0 / (double)s.tm + 1.0 / (double)s.tn);

    return tsr__cost_roof(p, info, 1, efficiency * useful,
                          0.25 * again + tsr__problem_bytes(p));
}

/* ---- Choice --------------------------------------------------------------------- */

/* The largest set that fits and is not mostly edge; NULL if none fits. */
static const tsr__parameters *choose(const tsr__problem *p, const tsr_device_info *info)
{
    const tsr__parameters *chosen = NULL;

    for (size_t i = 0; i < SETS; i++) {
        parameters s = read_set(&sets[i]);
        bool wasteful = s.tm > 16 && p->m < s.tm && p->n < s.tn;

        if (fits(p, info, &sets[i]) && (!chosen || !wasteful)) {
            chosen = &sets[i];
            if (!wasteful)
                break;
        }
    }
    return chosen;
}

static size_t all_sets(const tsr__problem *p, const tsr_device_info *info,
                       tsr__parameters *out, size_t room)
{
    const tsr__parameters *first = choose(p, info);
    size_t count = 0;

    if (first && room)
        out[count++] = *first;
    for (size_t i = 0; i < SETS && count < room; i++)
        if (&sets[i] != first && fits(p, info, &sets[i]))
            out[count++] = sets[i];
    return count;
}

static const tsr__space space = {names, all_sets, estimate, fits};

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    parameters smallest = read_set(&sets[SETS - 1]);

    if (!fits_device(&smallest, problem->dtype, info))
        return "no tile fits the device's local memory and largest work-group";
    return choose(problem, info) ? NULL
                                 : tsr__turns_refused(turns(problem, &smallest), info);
}

static double cost(const tsr__problem *p, const tsr_device_info *info)
{
    return estimate(p, info, choose(p, info));
}

/* ---- Plan and enqueue ----------------------------------------------------------- */

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    const tsr__parameters *set = plan->parameters;
    parameters s = read_set(set ? set : choose(&plan->problem, &device->info));
    char tiles[128], options[TSR__OPTIONS_SIZE];

    plan->numbers[TILE_M] = s.tm;
    plan->numbers[TILE_N] = s.tn;
    plan->numbers[GROUP_M] = s.tm / s.rm;
    plan->numbers[GROUP_N] = s.tn / s.rn;
    snprintf(tiles, sizeof tiles, "-DTM=%zu -DTN=%zu -DTK=%zu -DRM=%zu -DRN=%zu", s.tm,
             s.tn, s.tk, s.rm, s.rn);
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

const tsr__strategy tsr__tile = {"tile", cannot_run, cost, plan, enqueue, &space};
