/* call.h: a call of BLAS in numbers.
 *
 * All spellings become Fortran's, column-major: a row-major product is the column-major
 * one of the transposes, C^T = op(B)^T op(A)^T.
 */
#ifndef TSR_BLAS_CALL_H
#define TSR_BLAS_CALL_H

#include <tessera/tensor.h>

/* As Fortran writes it. BLAS's third letter, C, is T for real matrices. */
typedef enum tsr__trans {
    TSR__TRANS_NO = 'N',
    TSR__TRANS_YES = 'T',
    TSR__TRANS_WRONG = 0
} tsr__trans;

/* C = alpha * op(A) @ op(B) + beta * C; of each matrix `batch`, a stride apart. */
typedef struct tsr__gemm {
    tsr_dtype dtype;
    tsr__trans trans_a, trans_b;
    int m, n, k;
    double alpha;
    const void *a;
    int lda;
    const void *b;
    int ldb;
    double beta;
    void *c;
    int ldc;
    int batch, stride_a, stride_b, stride_c;
} tsr__gemm;

/* y = alpha * op(A) @ x + beta * y; A is m x n as it lies in memory. */
typedef struct tsr__gemv {
    tsr_dtype dtype;
    tsr__trans trans;
    int m, n;
    double alpha;
    const void *a;
    int lda;
    const void *x;
    int incx;
    double beta;
    void *y;
    int incy;
} tsr__gemv;

/* Does a call whose arguments have been checked, on a device or with the next BLAS. */
void tsr__gemm_run(const tsr__gemm *call);
void tsr__gemv_run(const tsr__gemv *call);

#endif /* TSR_BLAS_CALL_H */
