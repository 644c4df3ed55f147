/* product.h: a call as strides, in which transposes and layouts are no longer seen. */
#ifndef TSR_BLAS_PRODUCT_H
#define TSR_BLAS_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

/* Element (t, i, j) is at data + t * batch + i * row + j * column, in elements. Strides
 * are negative where an increment is. */
typedef struct tsr__matrix {
    char *data;
    ptrdiff_t row, column, batch;
} tsr__matrix;

/* C = alpha * A @ B + beta * C; A is m x k, B is k x n. */
typedef struct tsr__product {
    tsr_dtype dtype;
    size_t m, n, k, batch;
    double alpha, beta;
    tsr__matrix a, b, c;
} tsr__product;

tsr__product tsr__product_of_gemm(const tsr__gemm *call);
tsr__product tsr__product_of_gemv(const tsr__gemv *call);

/* In plain C, one thread, every product of the batch. */
void tsr__plain_product(const tsr__product *product);

/* C = beta * C; zeros if beta is 0, whatever C was. */
void tsr__plain_scale(const tsr__product *product);

#endif /* TSR_BLAS_PRODUCT_H */
