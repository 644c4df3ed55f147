/* stage.h: operands to try strategies on, and what the result should be.
 *
 * Tensors of random numbers, laid out like those of a problem. Every result is judged by
 * the oracle (oracle.h) before its time may count: a fast wrong kernel never wins.
 */
#ifndef TSR_MATMUL_STAGE_H
#define TSR_MATMUL_STAGE_H

#include <tessera/oracle.h>

#include "matmul/strategy.h"

typedef struct tsr__stage {
    tsr_device *device;     /* lent */
    tsr__problem problem;   /* what strategies are given: alpha 1, beta 0 */
    tsr__operands operands; /* what they run on */
    tsr_tensor *tensors[4]; /* the same, owned: A, B, C, bias */
    void *host[4];          /* of A, B, C and bias, dense; NULL until checked */
    tsr_oracle *oracle;     /* NULL until something is checked */
} tsr__stage;

/* Errors: ALLOC_LIMIT, DEVICE_MEMORY, HOST_MEMORY, OPENCL, BUILD. After one there is
 * nothing to clear. */
tsr_status tsr__stage_set(tsr_device *device, const tsr__problem *like,
                          tsr__stage *out);

void tsr__stage_clear(tsr__stage *stage);

/* Runs the plan once on a C full of what is no result, and waits. *right says whether it
 * is now the product, each element within its bound.
 * Errors: the plan's, HOST_MEMORY. */
tsr_status tsr__stage_check(tsr__stage *stage, const tsr__plan *plan, bool *right);

/* Runs it `loops` times and waits. *seconds is what one took.
 * Errors: the plan's. */
tsr_status tsr__stage_time(tsr__stage *stage, const tsr__plan *plan, unsigned loops,
                           double *seconds);

#endif /* TSR_MATMUL_STAGE_H */
