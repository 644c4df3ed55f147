#include "matmul/reduce.h"

#include "base/checked.h"
#include "base/error.h"
#include "memory/scratch.h"

#define RUN 512 /* columns that one work-item of a CPU adds */

tsr_status tsr__reduce_sums(const tsr__problem *p, const tsr__sequence *sequence,
                            tsr__sums *sums)
{
    size_t bytes = tsr_dtype_size(p->dtype);

    if (!tsr__multiply(bytes, p->m, &bytes) ||
        !tsr__multiply(bytes, sums->row, &bytes) ||
        !tsr__multiply(bytes, p->batch, &bytes) ||
        !tsr__multiply(bytes, sums->slabs, &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW, "the partial sums are beyond size_t");
    return tsr__scratch_take(sequence, bytes, &sums->buffer);
}

tsr__arguments tsr__reduce_part(const tsr__problem *p, const tsr__arguments *all,
                                const tsr__sums *sums)
{
    tsr__arguments part = *all;

    part.c = part.bias = sums->buffer;
    part.c_layout = tsr__layout4((tsr__layout){0, sums->row, 1, p->m * sums->row});
    part.epilogue = 0;
    part.alpha = tsr__real_of(p->dtype, 1.0);
    part.beta = tsr__real_of(p->dtype, 0.0);
    return part;
}

tsr_status tsr__reduce_enqueue(tsr__kernel *kernel, const tsr__problem *p,
                               const tsr__arguments *all, const tsr__sums *sums,
                               tsr__sequence *sequence)
{
    bool cpu = sequence->device->info.type == TSR_DEVICE_CPU;
    const size_t group = cpu || tsr__kernel_max_group(kernel) < 64 ? 1 : 64;
    const size_t local[3] = {group, 1, 1};
    cl_ulong slabs = sums->slabs, row = sums->row, run = cpu ? RUN : 1;
    const size_t global[3] = {tsr__round_up(tsr__divide_up(p->n, run), group), p->m,
                              p->batch};
    const tsr__arg args[] = {
        TSR__ARG(all->sizes),
        TSR__ARG(slabs),
        TSR__ARG(row),
        TSR__ARG(run),
        TSR__ARG(sums->buffer),
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
