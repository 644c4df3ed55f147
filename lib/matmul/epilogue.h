/* epilogue.h: C = activation(beta * C + bias), for what has no product in it.
 *
 * Used for K == 0 and alpha == 0, where A and B are not read, and by strategies whose
 * product cannot do bias and activation itself.
 */
#ifndef TSR_MATMUL_EPILOGUE_H
#define TSR_MATMUL_EPILOGUE_H

#include "matmul/problem.h"
#include "program/launch.h"

/* Gets the kernel for the problem's activation and bias.
 * Errors: BUILD, OPENCL, HOST_MEMORY. */
tsr_status tsr__epilogue_kernel(tsr_device *device, const tsr__problem *problem,
                                double *build_seconds, tsr__kernel **out);

/* Enqueues it. `beta` replaces the problem's; 0 never reads C.
 * Errors: as tsr__launch. */
tsr_status tsr__epilogue_enqueue(tsr__kernel *kernel, const tsr__problem *problem,
                                 const tsr__operands *operands, double beta,
                                 tsr__sequence *sequence);

#endif /* TSR_MATMUL_EPILOGUE_H */
