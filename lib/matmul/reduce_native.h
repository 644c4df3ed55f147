/* reduce_native.h: adding few sums of slabs by plain C, on one of a CPU's threads.
 *
 * It does what kernels/reduce.cl does, to the bit, and needs no kernel: to build that takes
 * PoCL 0.1 s, a tenth of a first product's time, for 10 us of work.
 */
#ifndef TSR_MATMUL_REDUCE_NATIVE_H
#define TSR_MATMUL_REDUCE_NATIVE_H

#include "matmul/reduce.h"

/* Whether that is possible, and one thread as good as all: where C is the host's array, and
 * alpha times few sums. */
bool tsr__reduce_is_native(const tsr_device *device, const tsr__problem *problem,
                           size_t slabs);

/* Enqueues C = alpha * (sum of slabs). Errors: as tsr__launch_native. */
tsr_status tsr__reduce_native(const tsr__problem *problem, const tsr_tensor *c,
                              const tsr__sums *sums, tsr__sequence *sequence);

#endif /* TSR_MATMUL_REDUCE_NATIVE_H */
