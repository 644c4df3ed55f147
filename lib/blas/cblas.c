/* cblas: the C spelling, with a layout. */
#include "entries.h"

#include "arguments.h"

enum { ROW_MAJOR = 101, COLUMN_MAJOR = 102 };
enum { NO_TRANS = 111, TRANS = 112, CONJ_TRANS = 113 };

static tsr__trans trans_of(int trans)
{
    return trans == NO_TRANS                       ? TSR__TRANS_NO
           : trans == TRANS || trans == CONJ_TRANS ? TSR__TRANS_YES
                                                   : TSR__TRANS_WRONG;
}

static tsr__trans flipped(tsr__trans trans)
{
    return trans == TSR__TRANS_NO ? TSR__TRANS_YES : TSR__TRANS_NO;
}

/* The column-major call that does what this one does in row-major. */
static tsr__gemm gemm_in_columns(const tsr__gemm *g)
{
    tsr__gemm columns = *g;

    columns.trans_a = g->trans_b;
    columns.trans_b = g->trans_a;
    columns.m = g->n;
    columns.n = g->m;
    columns.a = g->b;
    columns.lda = g->ldb;
    columns.stride_a = g->stride_b;
    columns.b = g->a;
    columns.ldb = g->lda;
    columns.stride_b = g->stride_a;
    return columns;
}

static tsr__gemv gemv_in_columns(const tsr__gemv *g)
{
    tsr__gemv columns = *g;

    columns.trans = flipped(g->trans);
    columns.m = g->n;
    columns.n = g->m;
    return columns;
}

static void gemm(tsr__routine routine, int layout, int trans_a, int trans_b,
                 tsr__gemm call)
{
    tsr__argument wrong;

    call.trans_a = trans_of(trans_a);
    call.trans_b = trans_of(trans_b);
    if (layout != ROW_MAJOR && layout != COLUMN_MAJOR) {
        tsr__report_cblas(routine, call.dtype, false, TSR__LAYOUT, layout);
        return;
    }
    if (!call.trans_a || !call.trans_b) {
        tsr__report_cblas(routine, call.dtype, false,
                          call.trans_a ? TSR__TRANS_B : TSR__TRANS_A,
                          call.trans_a ? trans_b : trans_a);
        return;
    }
    if (layout == ROW_MAJOR)
        call = gemm_in_columns(&call);
    wrong = tsr__gemm_check(&call);
    if (wrong)
        tsr__report_cblas(routine, call.dtype, layout == ROW_MAJOR, wrong, 0);
    else
        tsr__gemm_run(&call);
}

static void gemv(int layout, int trans, tsr__gemv call)
{
    tsr__argument wrong;

    call.trans = trans_of(trans);
    if (layout != ROW_MAJOR && layout != COLUMN_MAJOR) {
        tsr__report_cblas(TSR__CBLAS_GEMV, call.dtype, false, TSR__LAYOUT, layout);
        return;
    }
    if (!call.trans) {
        tsr__report_cblas(TSR__CBLAS_GEMV, call.dtype, false, TSR__TRANS_A, trans);
        return;
    }
    if (layout == ROW_MAJOR)
        call = gemv_in_columns(&call);
    wrong = tsr__gemv_check(&call);
    if (wrong)
        tsr__report_cblas(TSR__CBLAS_GEMV, call.dtype, layout == ROW_MAJOR, wrong, 0);
    else
        tsr__gemv_run(&call);
}

void cblas_sgemm(int layout, int trans_a, int trans_b, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c,
                 int ldc)
{
    gemm(TSR__CBLAS_GEMM, layout, trans_a, trans_b,
         (tsr__gemm){TSR_F32, 0, 0, m, n, k, (double)alpha, a, lda, b, ldb,
                     (double)beta, c, ldc, 1, 0, 0, 0});
}

void cblas_dgemm(int layout, int trans_a, int trans_b, int m, int n, int k,
                 double alpha, const double *a, int lda, const double *b, int ldb,
                 double beta, double *c, int ldc)
{
    gemm(TSR__CBLAS_GEMM, layout, trans_a, trans_b,
         (tsr__gemm){TSR_F64, 0, 0, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, 1, 0,
                     0, 0});
}

void cblas_sgemm_batch_strided(int layout, int trans_a, int trans_b, int m, int n,
                               int k, float alpha, const float *a, int lda,
                               int stride_a, const float *b, int ldb, int stride_b,
                               float beta, float *c, int ldc, int stride_c, int batch)
{
    gemm(TSR__CBLAS_BATCH, layout, trans_a, trans_b,
         (tsr__gemm){TSR_F32, 0, 0, m, n, k, (double)alpha, a, lda, b, ldb,
                     (double)beta, c, ldc, batch, stride_a, stride_b, stride_c});
}

void cblas_dgemm_batch_strided(int layout, int trans_a, int trans_b, int m, int n,
                               int k, double alpha, const double *a, int lda,
                               int stride_a, const double *b, int ldb, int stride_b,
                               double beta, double *c, int ldc, int stride_c, int batch)
{
    gemm(TSR__CBLAS_BATCH, layout, trans_a, trans_b,
         (tsr__gemm){TSR_F64, 0, 0, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, batch,
                     stride_a, stride_b, stride_c});
}

void cblas_sgemv(int layout, int trans, int m, int n, float alpha, const float *a,
                 int lda, const float *x, int incx, float beta, float *y, int incy)
{
    gemv(layout, trans,
         (tsr__gemv){TSR_F32, 0, m, n, (double)alpha, a, lda, x, incx, (double)beta, y,
                     incy});
}

void cblas_dgemv(int layout, int trans, int m, int n, double alpha, const double *a,
                 int lda, const double *x, int incx, double beta, double *y, int incy)
{
    gemv(layout, trans,
         (tsr__gemv){TSR_F64, 0, m, n, alpha, a, lda, x, incx, beta, y, incy});
}
