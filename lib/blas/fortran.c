/* fortran: the Fortran spelling, everything by address. */
#include "entries.h"

#include "arguments.h"

static tsr__trans trans_of(const char *letter)
{
    switch (*letter) {
    case 'N':
    case 'n':
        return TSR__TRANS_NO;
    case 'T':
    case 't':
    case 'C':
    case 'c':
        return TSR__TRANS_YES;
    default:
        return TSR__TRANS_WRONG;
    }
}

static void gemm(const tsr__gemm *call)
{
    tsr__argument wrong = tsr__gemm_check(call);

    if (wrong)
        tsr__report_fortran(TSR__FORTRAN_GEMM, call->dtype, wrong);
    else
        tsr__gemm_run(call);
}

static void gemv(const tsr__gemv *call)
{
    tsr__argument wrong = tsr__gemv_check(call);

    if (wrong)
        tsr__report_fortran(TSR__FORTRAN_GEMV, call->dtype, wrong);
    else
        tsr__gemv_run(call);
}

void sgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n,
            const int *k, const float *alpha, const float *a, const int *lda,
            const float *b, const int *ldb, const float *beta, float *c, const int *ldc)
{
    gemm(&(tsr__gemm){TSR_F32, trans_of(trans_a), trans_of(trans_b), *m, *n, *k,
                      (double)*alpha, a, *lda, b, *ldb, (double)*beta, c, *ldc, 1, 0, 0,
                      0});
}

void dgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n,
            const int *k, const double *alpha, const double *a, const int *lda,
            const double *b, const int *ldb, const double *beta, double *c,
            const int *ldc)
{
    gemm(&(tsr__gemm){TSR_F64, trans_of(trans_a), trans_of(trans_b), *m, *n, *k, *alpha,
                      a, *lda, b, *ldb, *beta, c, *ldc, 1, 0, 0, 0});
}

void sgemv_(const char *trans, const int *m, const int *n, const float *alpha,
            const float *a, const int *lda, const float *x, const int *incx,
            const float *beta, float *y, const int *incy)
{
    gemv(&(tsr__gemv){TSR_F32, trans_of(trans), *m, *n, (double)*alpha, a, *lda, x,
                      *incx, (double)*beta, y, *incy});
}

void dgemv_(const char *trans, const int *m, const int *n, const double *alpha,
            const double *a, const int *lda, const double *x, const int *incx,
            const double *beta, double *y, const int *incy)
{
    gemv(&(tsr__gemv){TSR_F64, trans_of(trans), *m, *n, *alpha, a, *lda, x, *incx,
                      *beta, y, *incy});
}
