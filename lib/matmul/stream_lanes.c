/* stream on a GPU: a tile of columns per group (kernels/stream_lanes.cl). */
#include <stdio.h>

#include "base/error.h"
#include "base/trace.h"
#include "matmul/reduce.h"
#include "matmul/stream.h"
#include "matmul/stream_shape.h"
#include "memory/counters.h"
#include "memory/scratch.h"

enum { LANES, REDUCE };                           /* plan->kernels */
enum { ITEMS, SLAB, SLABS, TILES, BLOCKS, ONCE }; /* plan->numbers */

/* ---- Choice --------------------------------------------------------------------- */

static const char *cannot_run(const tsr__problem *p, const tsr_device_info *info)
{
    tsr__lanes_set set;

    return tsr__lanes_guess(p, info, &set)
               ? NULL
               : "no parameters fit the device's local memory, work-groups and loops";
}

static double cost(const tsr__problem *p, const tsr_device_info *info)
{
    tsr__lanes_set set;

    tsr__lanes_guess(p, info, &set);
    return tsr__lanes_estimate(p, info, &set);
}

/* ---- The space ------------------------------------------------------------------ */

static const char *const names[] = {"IN", "IK", "RM",    "RN",   "VW",
                                    "UK", "TK", "SLABS", "ONCE", NULL};

static size_t sets(const tsr__problem *problem, const tsr_device_info *info,
                   tsr__parameters *out, size_t room)
{
    tsr__problem p = tsr__stream_oriented(problem);

    return info->type == TSR_DEVICE_CPU ? 0 : tsr__lanes_sets(&p, info, out, room);
}

static double estimate(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set)
{
    tsr__problem p = tsr__stream_oriented(problem);
    tsr__lanes_set s = tsr__lanes_set_of(set);

    return tsr__lanes_estimate(&p, info, &s);
}

static bool fits(const tsr__problem *problem, const tsr_device_info *info,
                 const tsr__parameters *set)
{
    tsr__problem p = tsr__stream_oriented(problem);
    tsr__lanes_set s = tsr__lanes_set_of(set);

    return info->type != TSR_DEVICE_CPU && tsr__lanes_fits(&p, info, &s);
}

const tsr__space tsr__stream_space = {names, sets, estimate, fits, NULL};

/* ---- Plan ----------------------------------------------------------------------- */

void tsr__lanes_options(const tsr__problem *p, const tsr_device_info *info,
                        const tsr__lanes_set *s, char options[TSR__OPTIONS_SIZE])
{
    const tsr__lanes_shape shape = tsr__lanes_shape_of(p, s);
    char set[192], once[32] = "";

    if (s->once && shape.slabs > 1)
        snprintf(once, sizeof once, " -DONCE -DFAMILY=%d", (int)info->family);
    snprintf(set, sizeof set,
             "-DIN=%u -DIK=%u -DRM=%u -DRN=%u -DVW=%u -DUK=%u -DTK=%u%s%s%s", s->in,
             s->ik, s->rm, s->rn, shape.vw, s->uk, s->tk, shape.dots ? " -DDOTS" : "",
             info->zero_copy ? " -DUNALIGNED" : "", once);
    tsr__epilogue_options(p, set, options);
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    const tsr__problem *p = &plan->problem;
    const tsr_device_info *info = &device->info;
    char options[TSR__OPTIONS_SIZE];
    tsr__lanes_shape shape;
    tsr__lanes_set s;
    tsr_status status;

    if (plan->parameters)
        s = tsr__lanes_set_of(plan->parameters);
    else
        tsr__lanes_guess(p, info, &s);
    shape = tsr__lanes_shape_of(p, &s);
    plan->numbers[ITEMS] = shape.items;
    plan->numbers[SLAB] = shape.slab;
    plan->numbers[SLABS] = shape.slabs;
    plan->numbers[TILES] = shape.tiles;
    plan->numbers[BLOCKS] = shape.blocks;
    plan->numbers[ONCE] = s.once && shape.slabs > 1;
    tsr__lanes_options(p, info, &s, options);
    tsr__trace(TSR__TRACE_ROUTER, "stream: %s, %zu x %zu groups, about %.3g ms",
               options, shape.tiles, shape.slabs * shape.blocks,
               1e3 * tsr__lanes_estimate(p, info, &s));
    status = tsr__kernel_get(device, "stream_lanes", "lanes", p->dtype, options,
                             &plan->build_seconds, &plan->kernels[LANES]);
    if (status || shape.slabs == 1 || s.once)
        return status;
    return tsr__kernel_get(device, "stream_lanes", "reduce", p->dtype, options,
                           &plan->build_seconds, &plan->kernels[REDUCE]);
}

/* ---- Enqueue -------------------------------------------------------------------- */

static tsr_status multiply(const tsr__plan *plan, const tsr__arguments *all,
                           cl_mem sums, cl_mem arrived, tsr__sequence *sequence)
{
    const size_t *n = plan->numbers;
    const size_t local[3] = {n[ITEMS], 1, 1};
    const size_t global[3] = {n[TILES] * n[ITEMS], n[SLABS] * n[BLOCKS],
                              plan->problem.batch};
    cl_ulong2 cut = {{n[SLAB], n[SLABS]}};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),
        TSR__ARG(cut),
        TSR__ARG(all->a),
        TSR__ARG(all->a_layout),
        TSR__ARG(all->b),
        TSR__ARG(all->b_layout),
        TSR__ARG(sums),
        TSR__ARG(arrived),
        TSR__ARG(all->c),
        TSR__ARG(all->c_layout),
        TSR__ARG_REAL(all->alpha),
        TSR__ARG_REAL(all->beta),
        TSR__ARG(all->bias),
        TSR__ARG(all->bias_layout),
        TSR__ARG(all->epilogue),
    };

    return tsr__launch(sequence, plan->kernels[LANES], 3, global, local,
                       sizeof args / sizeof args[0], args);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    tsr__arguments all = tsr__arguments_of(p, operands);
    tsr__sums sums = {n[SLABS], p->n, NULL};
    cl_mem arrived = NULL;
    tsr_status status = TSR_OK;

    if (n[SLABS] > 1)
        status = tsr__reduce_sums(p, sequence, &sums);
    if (!status && n[ONCE])
        status =
            tsr__counters_take(sequence, n[TILES] * n[BLOCKS] * p->batch, &arrived);
    /* C stands in for what the kernel then does not touch. */
    if (!status)
        status = multiply(plan, &all, sums.buffer ? sums.buffer : all.c,
                          arrived ? arrived : all.c, sequence);
    if (!status && plan->kernels[REDUCE])
        status = tsr__reduce_enqueue(plan->kernels[REDUCE], p, &all, &sums, sequence);
    tsr__scratch_give(sequence, sums.buffer);
    tsr__counters_give(arrived);
    return status;
}

const tsr__strategy tsr__stream_lanes = {"stream lanes", cannot_run, cost,
                                         plan,           enqueue,    NULL};
