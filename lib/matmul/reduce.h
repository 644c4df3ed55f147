/* reduce.h: adding the sums of the slabs that K was cut into (kernels/reduce.cl, which is
 * part of the programs of the strategies that do so: their kernel "reduce"). */
#ifndef TSR_MATMUL_REDUCE_H
#define TSR_MATMUL_REDUCE_H

#include "matmul/arguments.h"

/* The sums of `slabs` slabs, of each product of a batch, of M rows. A row of N elements
 * begins `row` after the one before. */
typedef struct tsr__sums {
    size_t slabs, row;
    cl_mem buffer;
} tsr__sums;

/* Takes a buffer for them, which is the caller's to give back.
 * Errors: OVERFLOW, and as tsr__scratch_take. */
tsr_status tsr__reduce_sums(const tsr__problem *problem, const tsr__sequence *sequence,
                            tsr__sums *sums);

/* What the kernel that makes the slabs' sums is given instead of `all`: plain sums into
 * that buffer, slab s of product t as C's matrix t + s * batch. */
tsr__arguments tsr__reduce_part(const tsr__problem *problem, const tsr__arguments *all,
                                const tsr__sums *sums);

/* Enqueues C = activation(alpha * (sum of slabs) + beta * C + bias).
 * Errors: as tsr__launch. */
tsr_status tsr__reduce_enqueue(tsr__kernel *kernel, const tsr__problem *problem,
                               const tsr__arguments *all, const tsr__sums *sums,
                               tsr__sequence *sequence);

#endif /* TSR_MATMUL_REDUCE_H */
