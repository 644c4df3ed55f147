/* oracle.h: what a product should be, in plain C, and how far off it may be.
 *
 * Works on host arrays alone and needs no device. An oracle is made once for a problem
 * and then judges any number of results of it.
 *
 * The bound (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.5). An
 * element c of alpha * A @ B + beta * C0 + bias is right when
 *
 *     |c - exact| <= gamma(k + 3) * (|alpha| * sum|a||b| + |beta||c0| + |bias|)
 *                    + (k + 3) * tiny,         gamma(n) = n u / (1 - n u)
 *
 * with u = 2^-24 and tiny = 2^-126 for f32, u = 2^-53 and tiny = 2^-1022 for f64: k
 * products and sums, one rounding each for alpha, beta and bias (without a bias the 3 is
 * a 2). An activation f widens it: the bound times f's largest slope, plus the error
 * OpenCL 1.2 (7.4) allows the functions in it. The exact value is summed in double for
 * f32 and in long double for f64.
 *
 * Where a partial sum may exceed the dtype's range on the way, no bound exists for what
 * is not finite: an infinity of the sign that may be met is then right, and NaN if both
 * may. So an exact value beyond FLT_MAX is right as the same infinity.
 *
 * Up to TSR_ORACLE_FULL_FLOPS of reference work every element is judged. Above that,
 * rows chosen at random are judged exactly, and the whole result by its residual with a
 * random vector t of -1 and 1: C t against alpha * A (B t) + beta * C0 t + bias t, within
 * the sum of the row's bounds (Freivalds 1977). With an activation there is no residual.
 */
#ifndef TESSERA_ORACLE_H
#define TESSERA_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera/matmul.h>
#include <tessera/status.h>
#include <tessera/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reference work (2 * M * N * K * batch) and elements of the result above which rows are
 * sampled; the oracle keeps 32 bytes for each element it judges. */
#define TSR_ORACLE_FULL_FLOPS    2.0e9
#define TSR_ORACLE_FULL_ELEMENTS 1.6e7

/* A matrix, or a batch of them, in host memory: element (t, i, j) is at
 * data[t * batch_stride + i * row_stride + j * column_stride], in elements. A stride of 0
 * repeats. */
typedef struct tsr_host_matrix {
    const void *data; /* NULL: there is none */
    size_t row_stride;
    size_t column_stride;
    size_t batch_stride;
} tsr_host_matrix;

/* A product in numbers and host arrays, all of one dtype. */
typedef struct tsr_host_product {
    tsr_dtype dtype;
    size_t m, n, k, batch;
    tsr_host_matrix a, b;
    tsr_host_matrix c0;   /* C before; needed only when beta != 0 */
    tsr_host_matrix bias; /* data NULL for none; strides of 0 broadcast */
    double alpha, beta;
    tsr_activation activation;
} tsr_host_product;

/* How a result was judged, and what came of it. */
typedef struct tsr_verdict {
    bool ok; /* every judged element within its bound, no unexpected NaN */
    double
        error_ratio; /* largest |c - exact| / bound; ok means <= 1; may be infinite */
    size_t checked;  /* elements judged one by one */
    bool full;       /* all of them; otherwise rows and a residual */
    /* the worst element: where, what was found, what was expected, and the bound. A
     * failed residual has column == (size_t)-1 and speaks of its row's sum. */
    size_t worst_batch, worst_row, worst_column;
    double got, exact, bound;
} tsr_verdict;

typedef struct tsr_oracle tsr_oracle;

/* Does the reference work. The arrays of `product` must stay valid and unchanged until
 * the oracle is destroyed, except c0, which is read only here. `seed` picks the sampled
 * rows and the random vector. The product may be empty.
 * Errors: ARGUMENT, OVERFLOW, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_oracle_create(const tsr_host_product *product, uint64_t seed,
                                        tsr_oracle **out);

/* Judges the result `c`, laid out as its strides say. Where the exact value is NaN or
 * infinite, c must be the same. One oracle may be asked from many threads.
 * Errors: ARGUMENT, OVERFLOW. A wrong result is no error: see verdict->ok. */
TSR_EXPORT tsr_status tsr_oracle_check(const tsr_oracle *oracle,
                                       const tsr_host_matrix *c, tsr_verdict *verdict);

TSR_EXPORT void tsr_oracle_destroy(tsr_oracle *oracle);

/* The product itself, correctly summed and then rounded once to its dtype, into `c` with
 * the strides given there (c->data is written). This is what the `reference` strategy
 * runs. It is exact for integers, and slow. c0 may be `c` itself, with the same strides.
 * Errors: ARGUMENT, OVERFLOW, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_reference_matmul(const tsr_host_product *product, void *c,
                                           size_t row_stride, size_t column_stride,
                                           size_t batch_stride);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_ORACLE_H */
