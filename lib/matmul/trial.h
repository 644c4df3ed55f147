/* trial.h: does a way of multiplying give exactly the right integers?
 *
 * Run before something is trusted: a fast wrong kernel never wins.
 */
#ifndef TSR_MATMUL_TRIAL_H
#define TSR_MATMUL_TRIAL_H

#include "matmul/problem.h"
#include "program/launch.h"

/* Puts C = A @ B on the sequence for dense row-major operands. */
typedef tsr_status tsr__trial_product(const tsr__problem *problem,
                                      const tsr__operands *operands,
                                      tsr__sequence *sequence);

/* Runs one M x N x K product of small integers, whose sums are exact in either dtype, on
 * the device's queue and waits. *right says whether every element was.
 * Errors: those of `product`, DEVICE_MEMORY, HOST_MEMORY, OPENCL. */
tsr_status tsr__trial_run(tsr_device *device, tsr_dtype dtype, size_t m, size_t n,
                          size_t k, tsr__trial_product *product, bool *right);

#endif /* TSR_MATMUL_TRIAL_H */
