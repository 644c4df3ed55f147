/* panel: packed panels and a register tile, for CPUs (kernels/panel.cl). */
#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "matmul/arguments.h"
#include "matmul/cost.h"
#include "matmul/lanes.h"
#include "matmul/strategy.h"
#include "matmul/turns.h"
#include "memory/scratch.h"

#define MR 6   /* rows of a panel of A, as in the kernel file */
#define KC 256 /* how much of K one pass covers */
#define MC 72  /* rows of A that should stay in the L2 cache: MC x KC elements */

enum { NR, BLOCK_M, BLOCK_N };     /* plan->numbers; blocks in panels */
enum { PACK_A, PACK_B, MULTIPLY }; /* plan->kernels */

/* Blocks of C, in panels: about MC rows, and columns so that every compute unit gets as
 * much. */
typedef struct blocks {
    size_t m, n;
} blocks;

static blocks choose_blocks(const tsr__problem *p, const tsr_device_info *info)
{
    size_t panels_m = tsr__divide_up(p->m, MR);
    size_t panels_n = tsr__divide_up(p->n, 2 * tsr__lanes(p->dtype, info));
    size_t blocks_m = tsr__divide_up(panels_m, MC / MR);
    size_t others = blocks_m * p->batch;
    size_t units = info->compute_units ? info->compute_units : 1;
    size_t wanted = others >= 4 * units ? 1 : tsr__divide_up(4 * units, others);

    if (wanted > panels_n)
        wanted = panels_n;
    return (blocks){tsr__divide_up(panels_m, blocks_m),
                    tsr__divide_up(panels_n, wanted)};
}

/* Stores go along rows of C: the transpose is solved when C lies the other way. */
static bool wants_transpose(const tsr__problem *p)
{
    return p->c.row == 1 && p->c.column != 1;
}

/* Loop turns of one work-item, the epilogue's element by element. */
static double turns(const tsr__problem *p, const tsr_device_info *info)
{
    blocks b = choose_blocks(p, info);
    double passes = (double)tsr__divide_up(p->k, KC);
    double stores = MR * (1.0 + 2.0 * (double)tsr__lanes(p->dtype, info));

    return (double)(b.m * b.n) * ((double)p->k / 4.0 + passes * (4.0 + stores));
}

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__problem p = *problem;

    if (wants_transpose(&p))
        tsr__problem_transpose(&p);
    return tsr__turns_refused(turns(&p, info), info);
}

static double cost(const tsr__problem *p, const tsr_device_info *info)
{
    double width = 2.0 * (double)tsr__lanes(p->dtype, info);
    double rows = (double)tsr__round_up(p->m, MR);
    double columns = (double)tsr__round_up(p->n, (size_t)width);
    double waste = rows / (double)p->m * columns / (double)p->n;
    double packed = tsr__problem_bytes(p);
    /* One work-item per group leaves most of a GPU idle. */
    double efficiency = info->type == TSR_DEVICE_CPU ? 0.8 : 0.005;

    return tsr__cost_roof(p, info, 3, efficiency / waste, 0.0) +
           2.0 * packed / tsr__cost_bandwidth(info);
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    static const char *const entries[] = {"pack_a", "pack_b", "multiply"};
    size_t width = tsr__lanes(plan->problem.dtype, &device->info);
    char parameters[64], options[TSR__OPTIONS_SIZE];
    tsr_status status = TSR_OK;
    blocks b;

    plan->transposed = wants_transpose(&plan->problem);
    if (plan->transposed)
        tsr__problem_transpose(&plan->problem);
    plan->numbers[NR] = 2 * width;
    b = choose_blocks(&plan->problem, &device->info);
    plan->numbers[BLOCK_M] = b.m;
    plan->numbers[BLOCK_N] = b.n;
    snprintf(parameters, sizeof parameters, "-DLANES=%zu -DKC=%d", width, KC);
    tsr__epilogue_options(&plan->problem, parameters, options);
    for (size_t i = 0; i < 3 && !status; i++)
        status = tsr__kernel_get(device, "panel", entries[i], plan->problem.dtype,
                                 options, &plan->build_seconds, &plan->kernels[i]);
    return status;
}

/* Packs one operand into a new buffer: `length` rows or columns in panels of `width`,
 * once for all products if they share it. */
static tsr_status pack(tsr__kernel *kernel, const tsr__problem *p, cl_mem source,
                       const cl_ulong4 *layout, size_t length, size_t width,
                       size_t batch, tsr__sequence *sequence, cl_mem *packed)
{
    const size_t one[3] = {1, 1, 1};
    const size_t global[3] = {tsr__divide_up(length, width), tsr__divide_up(p->k, KC),
                              batch};
    cl_ulong4 sizes = tsr__sizes4(p);
    size_t bytes;
    tsr_status status;

    if (!tsr__multiply(global[0] * width, p->k, &bytes) ||
        !tsr__multiply(bytes, batch * tsr_dtype_size(p->dtype), &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "a packed operand of %zu x %zu x %zu",
                         batch, global[0] * width, p->k);
    if ((status = tsr__scratch_take(sequence, bytes, packed)))
        return tsr__explain(status, "packing an operand");

    const tsr__arg args[] = {TSR__ARG(sizes), TSR__ARG(source), TSR__ARG(*layout),
                             TSR__ARG(*packed)};

    return tsr__launch(sequence, kernel, 3, global, one, 4, args);
}

static tsr_status multiply(const tsr__plan *plan, const tsr__arguments *all,
                           cl_mem packed_a, cl_mem packed_b, tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const size_t *n = plan->numbers;
    const size_t one[3] = {1, 1, 1};
    const size_t global[3] = {tsr__divide_up(tsr__divide_up(p->n, n[NR]), n[BLOCK_N]),
                              tsr__divide_up(tsr__divide_up(p->m, MR), n[BLOCK_M]),
                              p->batch};
    cl_ulong4 block = {{n[BLOCK_M], n[BLOCK_N], p->a.batch == 0, p->b.batch == 0}};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),       TSR__ARG(block),          TSR__ARG(packed_a),
        TSR__ARG(packed_b),         TSR__ARG(all->c),         TSR__ARG(all->c_layout),
        TSR__ARG_REAL(all->alpha),  TSR__ARG_REAL(all->beta), TSR__ARG(all->bias),
        TSR__ARG(all->bias_layout),
    };

    return tsr__launch(sequence, plan->kernels[MULTIPLY], 3, global, one,
                       sizeof args / sizeof args[0], args);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    tsr__arguments all = tsr__arguments_of(p, operands);
    cl_mem packed_a = NULL, packed_b = NULL;
    tsr_status status;

    if (!(status = pack(plan->kernels[PACK_A], p, all.a, &all.a_layout, p->m, MR,
                        p->a.batch ? p->batch : 1, sequence, &packed_a)) &&
        !(status =
              pack(plan->kernels[PACK_B], p, all.b, &all.b_layout, p->n,
                   plan->numbers[NR], p->b.batch ? p->batch : 1, sequence, &packed_b)))
        status = multiply(plan, &all, packed_a, packed_b, sequence);
    tsr__scratch_give(sequence, packed_a);
    tsr__scratch_give(sequence, packed_b);
    return status;
}

const tsr__strategy tsr__panel = {"panel", cannot_run, cost, plan, enqueue};
