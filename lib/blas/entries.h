/* entries.h: the names that programs call. Layouts and transposes are CBLAS's enums, of
 * which C programs pass ints. Fortran's hidden string lengths, which some callers pass and
 * some do not, come last and are not looked at. One name is the C library's, see exit.c. */
#ifndef TSR_BLAS_ENTRIES_H
#define TSR_BLAS_ENTRIES_H

#include <tessera/export.h>

TSR_EXPORT void cblas_sgemm(int layout, int trans_a, int trans_b, int m, int n, int k,
                            float alpha, const float *a, int lda, const float *b,
                            int ldb, float beta, float *c, int ldc);
TSR_EXPORT void cblas_dgemm(int layout, int trans_a, int trans_b, int m, int n, int k,
                            double alpha, const double *a, int lda, const double *b,
                            int ldb, double beta, double *c, int ldc);

TSR_EXPORT void cblas_sgemv(int layout, int trans, int m, int n, float alpha,
                            const float *a, int lda, const float *x, int incx,
                            float beta, float *y, int incy);
TSR_EXPORT void cblas_dgemv(int layout, int trans, int m, int n, double alpha,
                            const double *a, int lda, const double *x, int incx,
                            double beta, double *y, int incy);

/* Product i of `batch` is of a + i * stride_a, b + i * stride_b and c + i * stride_c. */
TSR_EXPORT void cblas_sgemm_batch_strided(int layout, int trans_a, int trans_b, int m,
                                          int n, int k, float alpha, const float *a,
                                          int lda, int stride_a, const float *b,
                                          int ldb, int stride_b, float beta, float *c,
                                          int ldc, int stride_c, int batch);
TSR_EXPORT void cblas_dgemm_batch_strided(int layout, int trans_a, int trans_b, int m,
                                          int n, int k, double alpha, const double *a,
                                          int lda, int stride_a, const double *b,
                                          int ldb, int stride_b, double beta, double *c,
                                          int ldc, int stride_c, int batch);

TSR_EXPORT void sgemm_(const char *trans_a, const char *trans_b, const int *m,
                       const int *n, const int *k, const float *alpha, const float *a,
                       const int *lda, const float *b, const int *ldb,
                       const float *beta, float *c, const int *ldc);
TSR_EXPORT void dgemm_(const char *trans_a, const char *trans_b, const int *m,
                       const int *n, const int *k, const double *alpha, const double *a,
                       const int *lda, const double *b, const int *ldb,
                       const double *beta, double *c, const int *ldc);

TSR_EXPORT void sgemv_(const char *trans, const int *m, const int *n,
                       const float *alpha, const float *a, const int *lda,
                       const float *x, const int *incx, const float *beta, float *y,
                       const int *incy);
TSR_EXPORT void dgemv_(const char *trans, const int *m, const int *n,
                       const double *alpha, const double *a, const int *lda,
                       const double *x, const int *incx, const double *beta, double *y,
                       const int *incy);

TSR_EXPORT _Noreturn void exit(int status);

#endif /* TSR_BLAS_ENTRIES_H */
