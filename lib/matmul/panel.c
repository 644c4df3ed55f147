/* panel: panels and a register tile, for CPUs (kernels/panel.cl). */
#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "matmul/cost.h"
#include "matmul/lanes.h"
#include "matmul/panel_space.h"
#include "matmul/reduce.h"
#include "matmul/strategy.h"
#include "matmul/turns.h"
#include "memory/form.h"
#include "memory/scratch.h"

#define PART   128 /* of K, that one work-item of pack_a or pack_b packs */
#define BUNDLE 8   /* panels that one of pack_b packs; as in the kernel file */

enum { PACK_A, PACK_B, MULTIPLY, REDUCE };                    /* plan->kernels */
enum { A_WAY, B_WAY, MR, NR, BLOCK_M, BLOCK_N, SLAB, SLABS }; /* plan->numbers */

/* ---- Choice --------------------------------------------------------------------- */

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    if (!tsr__turns_count(info)) /* what is below costs the router some time */
        return NULL;
    return tsr__panel_refused(problem, info, tsr__panel_shape_of(problem, info));
}

/* Bytes of the operands that are packed first, and not kept from another product. */
static double packed_bytes(const tsr__problem *problem, const tsr__panel_shape *s)
{
    tsr__problem p = *problem;
    double a, b;

    if (s->transposed)
        tsr__problem_transpose(&p);
    a = (double)p.m * (double)p.k * (p.a.batch ? (double)p.batch : 1.0);
    b = (double)p.k * (double)p.n * (p.b.batch ? (double)p.batch : 1.0);
    return (double)tsr_dtype_size(p.dtype) *
           ((s->a == TSR__PACKED && !p.a_prepared ? a : 0.0) +
            (s->b == TSR__PACKED && !p.b_prepared ? b : 0.0));
}

static double cost_of(const tsr__problem *p, const tsr_device_info *info,
                      tsr__panel_shape s)
{
    double packed = packed_bytes(p, &s);
    unsigned launches = 1u + (packed > 0.0 ? 1u : 0u) + (s.slabs > 1 ? 1u : 0u);
    /* One work-item per group leaves most of a GPU idle. */
    double efficiency = info->type == TSR_DEVICE_CPU ? 0.85 : 0.005;

    if (s.few && s.a == TSR__IN_PLACE) /* its stores are scattered, its vectors short */
        efficiency *= 0.7 * (double)s.lanes / (double)tsr__lanes(p->dtype, info);
    /* Of rows that are read in place short runs at a time, memory delivers less. */
    double bytes = (s.few && s.b == TSR__IN_PLACE ? 1.25 : 1.1) * tsr__problem_bytes(p);

    return tsr__cost_roof(p, info, launches, efficiency / tsr__panel_waste(p, &s),
                          bytes) +
           2.0 * packed / tsr__cost_bandwidth(info);
}

static double cost(const tsr__problem *p, const tsr_device_info *info)
{
    return cost_of(p, info, tsr__panel_shape_of(p, info));
}

static double estimate(const tsr__problem *p, const tsr_device_info *info,
                       const tsr__parameters *set)
{
    return cost_of(p, info, tsr__panel_shape_by(p, info, set)) *
           tsr__panel_penalty(p, info, set);
}

static const tsr__space space = {tsr__panel_names, tsr__panel_sets, estimate,
                                 tsr__panel_fits, NULL};

/* ---- Plan ----------------------------------------------------------------------- */

static tsr_status get_kernels(tsr_device *device, const tsr__panel_shape *s,
                              tsr__plan *plan)
{
    static const char *const entries[] = {"pack_a", "pack_b", "multiply", "reduce"};
    const bool needed[] = {s->a == TSR__PACKED, s->b == TSR__PACKED, true,
                           s->slabs > 1};
    char parameters[160], options[TSR__OPTIONS_SIZE];
    tsr_status status = TSR_OK;

    snprintf(parameters, sizeof parameters,
             "-DLANES=%zu -DMR=%zu -DNV=%zu -DA_WAY=%d -DB_WAY=%d -DKC=%zu "
             "-DLOCAL_A=%zu",
             s->lanes, s->mr, s->nv, (int)s->a, (int)s->b, s->kc, s->local_a);
    tsr__epilogue_options(&plan->problem, parameters, options);
    for (size_t i = 0; i < 4 && !status; i++)
        if (needed[i])
            status = tsr__kernel_get(device, "panel", entries[i], plan->problem.dtype,
                                     options, &plan->build_seconds, &plan->kernels[i]);
    return status;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    tsr__panel_shape s =
        tsr__panel_shape_by(&plan->problem, &device->info, plan->parameters);

    plan->transposed = s.transposed;
    if (s.transposed)
        tsr__problem_transpose(&plan->problem);
    tsr__panel_blocks(&plan->problem, &device->info, &s);
    plan->numbers[A_WAY] = s.a;
    plan->numbers[B_WAY] = s.b;
    plan->numbers[MR] = s.mr;
    plan->numbers[NR] = s.nr;
    plan->numbers[BLOCK_M] = s.block_m;
    plan->numbers[BLOCK_N] = s.block_n;
    plan->numbers[SLAB] = s.slab;
    plan->numbers[SLABS] = s.slabs;
    return get_kernels(device, &s, plan);
}

/* ---- Packing -------------------------------------------------------------------- */

/* One operand to pack. */
typedef struct operand {
    const tsr_tensor *tensor;
    tsr__layout layout;
    tsr__kernel *kernel;
    size_t length, width; /* its rows or columns, and how many a panel has */
    size_t bundle;        /* panels per work-item */
} operand;

static tsr__form_key key_of(const operand *o, const tsr__problem *p, size_t batch)
{
    static const char maker;
    const tsr__layout *l = &o->layout;

    return (tsr__form_key){&maker,
                           {o->length, o->width, p->k, batch, l->offset, l->row,
                            l->column, l->batch, p->dtype, o->bundle}};
}

/* Puts an operand's panels into a form's buffer, unless they are there already, and
 * makes *source and *layout those of the panels. */
static tsr_status pack(const operand *o, const tsr__problem *p, tsr__sequence *sequence,
                       tsr__form *form, cl_mem *source, cl_ulong4 *layout)
{
    const size_t panels = tsr__divide_up(o->length, o->width);
    const size_t batch = o->layout.batch ? p->batch : 1;
    const size_t one[3] = {1, 1, 1};
    const size_t global[3] = {tsr__divide_up(panels, o->bundle),
                              tsr__divide_up(p->k, PART), batch};
    tsr__form_key key = key_of(o, p, batch);
    cl_ulong4 sizes = tsr__sizes4(p);
    size_t bytes;
    tsr_status status;

    if (!tsr__multiply(panels * o->width, p->k, &bytes) ||
        !tsr__multiply(bytes, batch * tsr_dtype_size(p->dtype), &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "a packed operand of %zu x %zu x %zu",
                         batch, panels * o->width, p->k);
    if ((status = tsr__form_take(o->tensor, &key, bytes, sequence, form)))
        return tsr__explain(status, "packing an operand");
    if (!form->ready) {
        const tsr__arg args[] = {TSR__ARG(sizes), TSR__ARG(*source), TSR__ARG(*layout),
                                 TSR__ARG(form->buffer)};

        if ((status = tsr__launch(sequence, o->kernel, 3, global, one, 4, args)))
            return status;
        tsr__form_made(o->tensor, &key, sequence, form);
    }
    *source = form->buffer;
    *layout = (cl_ulong4){
        {0, p->k * o->width, o->width, batch == 1 ? 0 : panels * p->k * o->width}};
    return TSR_OK;
}

/* ---- Enqueue -------------------------------------------------------------------- */

static tsr_status multiply(const tsr__plan *plan, const tsr__arguments *all,
                           tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    const size_t one[3] = {1, 1, 1};
    const size_t global[3] = {tsr__divide_up(tsr__divide_up(p->n, n[NR]), n[BLOCK_N]),
                              tsr__divide_up(tsr__divide_up(p->m, n[MR]), n[BLOCK_M]),
                              p->batch * n[SLABS]};
    cl_ulong4 block = {{n[BLOCK_M], n[BLOCK_N], n[SLAB], n[SLABS]}};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),     TSR__ARG(block),         TSR__ARG(all->a),
        TSR__ARG(all->a_layout),  TSR__ARG(all->b),        TSR__ARG(all->b_layout),
        TSR__ARG(all->c),         TSR__ARG(all->c_layout), TSR__ARG_REAL(all->alpha),
        TSR__ARG_REAL(all->beta), TSR__ARG(all->bias),     TSR__ARG(all->bias_layout),
        TSR__ARG(all->epilogue),
    };

    return tsr__launch(sequence, plan->kernels[MULTIPLY], 3, global, one,
                       sizeof args / sizeof args[0], args);
}

/* The product of each slab of K, dense and without anything else, then their sum. */
static tsr_status multiply_slabs(const tsr__plan *plan, const tsr__arguments *all,
                                 tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    tsr__sums sums = {plan->numbers[SLABS], p->n, NULL};
    tsr__arguments part;
    tsr_status status = tsr__reduce_sums(p, sequence, &sums);

    if (status)
        return status;
    part = tsr__reduce_part(p, all, &sums);
    if (!(status = multiply(plan, &part, sequence)))
        status = tsr__reduce_enqueue(plan->kernels[REDUCE], p, all, &sums, sequence);
    tsr__scratch_give(sequence, sums.buffer);
    return status;
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    const operand a = {operands->a, p->a, plan->kernels[PACK_A], p->m, n[MR], 1};
    const operand b = {operands->b, p->b, plan->kernels[PACK_B], p->n, n[NR], BUNDLE};
    tsr__arguments all = tsr__arguments_of(p, operands);
    tsr__form form_a = {0}, form_b = {0};
    tsr_status status = TSR_OK;

    if (n[A_WAY] == TSR__PACKED)
        status = pack(&a, p, sequence, &form_a, &all.a, &all.a_layout);
    if (!status && n[B_WAY] == TSR__PACKED)
        status = pack(&b, p, sequence, &form_b, &all.b, &all.b_layout);
    if (!status)
        status = n[SLABS] > 1 ? multiply_slabs(plan, &all, sequence)
                              : multiply(plan, &all, sequence);
    tsr__form_give(sequence, &form_a);
    tsr__form_give(sequence, &form_b);
    return status;
}

const tsr__strategy tsr__panel = {"panel", cannot_run, cost, plan, enqueue, &space};
