/* arguments.h: the kernel arguments that the strategies' kernels have in common. */
#ifndef TSR_MATMUL_ARGUMENTS_H
#define TSR_MATMUL_ARGUMENTS_H

#include "matmul/problem.h"
#include "memory/tensor.h"
#include "program/launch.h"

/* A scalar of either dtype, as clSetKernelArg wants it. */
typedef struct tsr__real {
    union {
        cl_float f32;
        cl_double f64;
    } value;
    size_t size;
} tsr__real;

tsr__real tsr__real_of(tsr_dtype dtype, double value);

/* A layout or the sizes (M, N, K, batch) as the ulong4 of common.cl. */
cl_ulong4 tsr__layout4(tsr__layout layout);
cl_ulong4 tsr__sizes4(const tsr__problem *problem);

/* All that a product's kernels are given. Addresses of its members go into tsr__arg. */
typedef struct tsr__arguments {
    cl_ulong4 sizes, a_layout, b_layout, c_layout, bias_layout;
    cl_mem a, b, c, bias; /* without a bias, c stands in: the kernel leaves it alone */
    tsr__real alpha, beta;
    cl_uint epilogue; /* as in common.cl: the activation, and 16 for a bias */
} tsr__arguments;

tsr__arguments tsr__arguments_of(const tsr__problem *problem,
                                 const tsr__operands *operands);

#define TSR__ARG_REAL(real) ((tsr__arg){(real).size, &(real).value})

/* Options of a program whose sums may have an epilogue: `more`, and " -DEPILOGUE" if the
 * problem has a bias or an activation. */
void tsr__epilogue_options(const tsr__problem *problem, const char *more,
                           char options[TSR__OPTIONS_SIZE]);

#endif /* TSR_MATMUL_ARGUMENTS_H */
