#include "matmul/reduce.h"

#include "base/checked.h"
#include "base/error.h"
#include "memory/scratch.h"

#define RUN 512 /* columns that one work-item of a CPU adds */

tsr_status tsr__reduce_sums(const tsr__problem *p, size_t slabs,
                            const tsr__sequence *sequence, cl_mem *sums)
{
    size_t bytes = tsr_dtype_size(p->dtype);

    if (!tsr__multiply(bytes, p->m, &bytes) || !tsr__multiply(bytes, p->n, &bytes) ||
        !tsr__multiply(bytes, p->batch, &bytes) || !tsr__multiply(bytes, slabs, &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "the partial sums are beyond size_t");
    return tsr__scratch_take(sequence, bytes, sums);
}

tsr__arguments tsr__reduce_part(const tsr__problem *p, const tsr__arguments *all,
                                cl_mem sums)
{
    tsr__arguments part = *all;

    part.c = part.bias = sums;
    part.c_layout = tsr__layout4((tsr__layout){0, p->n, 1, p->m * p->n});
    part.epilogue = 0;
    part.alpha = tsr__real_of(p->dtype, 1.0);
    part.beta = tsr__real_of(p->dtype, 0.0);
    return part;
}

tsr_status tsr__reduce_enqueue(tsr__kernel *kernel, const tsr__problem *p,
                               const tsr__arguments *all, cl_mem sums, size_t slabs,
                               tsr__sequence *sequence)
{
    bool cpu = sequence->device->info.type == TSR_DEVICE_CPU;
    const size_t group = cpu || tsr__kernel_max_group(kernel) < 64 ? 1 : 64;
    const size_t local[3] = {group, 1, 1};
    cl_ulong count = slabs, run = cpu ? RUN : 1;
    const size_t global[3] = {tsr__round_up(tsr__divide_up(p->n, run), group), p->m,
                              p->batch};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),
        TSR__ARG(count),
        TSR__ARG(run),
        TSR__ARG(sums),
        TSR__ARG(all->c),
        TSR__ARG(all->c_layout),
        TSR__ARG_REAL(all->alpha),
        TSR__ARG_REAL(all->beta),
        TSR__ARG(all->bias),
        TSR__ARG(all->bias_layout),
        TSR__ARG(all->epilogue),
    };

    return tsr__launch(sequence, kernel, 3, global, local, sizeof args / sizeof args[0],
                       args);
}
