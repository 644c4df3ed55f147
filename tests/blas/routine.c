#include "routine.h"

#include <dlfcn.h>
#include <stdio.h>

typedef void gemm_f32(int, int, int, int, int, int, float, const void *, int,
                      const void *, int, float, void *, int);
typedef void gemm_f64(int, int, int, int, int, int, double, const void *, int,
                      const void *, int, double, void *, int);
typedef void gemv_f32(int, int, int, int, float, const void *, int, const void *, int,
                      float, void *, int);
typedef void gemv_f64(int, int, int, int, double, const void *, int, const void *, int,
                      double, void *, int);
typedef void batch_f32(int, int, int, int, int, int, float, const void *, int, int,
                       const void *, int, int, float, void *, int, int, int);
typedef void batch_f64(int, int, int, int, int, int, double, const void *, int, int,
                       const void *, int, int, double, void *, int, int, int);
typedef void fortran_gemm(const char *, const char *, const int *, const int *,
                          const int *, const void *, const void *, const int *,
                          const void *, const int *, const void *, void *, const int *,
                          size_t, size_t);
typedef void fortran_gemv(const char *, const int *, const int *, const void *,
                          const void *, const int *, const void *, const int *,
                          const void *, void *, const int *, size_t);

/* POSIX lets a function's address survive being a void *. */
typedef union routine {
    void *address;
    gemm_f32 *sgemm;
    gemm_f64 *dgemm;
    gemv_f32 *sgemv;
    gemv_f64 *dgemv;
    batch_f32 *sgemm_batch;
    batch_f64 *dgemm_batch;
    fortran_gemm *gemm_;
    fortran_gemv *gemv_;
} routine;

call call_of_product(bool f64, int m, int n, int k, const void *a, const void *b,
                     void *c)
{
    return (call){.spelling = CBLAS,
                  .f64 = f64,
                  .layout = ROW_MAJOR,
                  .trans_a = NO_TRANS,
                  .trans_b = NO_TRANS,
                  .m = m,
                  .n = n,
                  .k = k,
                  .alpha = 1.0,
                  .a = a,
                  .b = b,
                  .c = c,
                  .lda = k,
                  .ldb = n,
                  .ldc = n};
}

const char *call_name(const call *c)
{
    static _Thread_local char name[48];

    snprintf(name, sizeof name, "%s%c%s%s", c->spelling == FORTRAN ? "" : "cblas_",
             c->f64 ? 'd' : 's', c->gemv ? "gemv" : "gemm",
             c->spelling == FORTRAN ? "_"
             : c->spelling == BATCH ? "_batch_strided"
                                    : "");
    return name;
}

static char letter(int trans)
{
    return trans == NO_TRANS     ? 'n'
           : trans == TRANS      ? 'T'
           : trans == CONJ_TRANS ? 'C'
                                 : 'x';
}

static void do_fortran(routine r, const call *c)
{
    const char trans_a = letter(c->trans_a), trans_b = letter(c->trans_b);
    const float alpha = (float)c->alpha, beta = (float)c->beta;
    const void *by = c->f64 ? (const void *)&c->alpha : &alpha;
    const void *times = c->f64 ? (const void *)&c->beta : &beta;

    if (c->gemv)
        r.gemv_(&trans_a, &c->m, &c->n, by, c->a, &c->lda, c->b, &c->ldb, times, c->c,
                &c->ldc, 1);
    else
        r.gemm_(&trans_a, &trans_b, &c->m, &c->n, &c->k, by, c->a, &c->lda, c->b,
                &c->ldb, times, c->c, &c->ldc, 1, 1);
}

static void do_gemm(routine r, const call *c)
{
    if (c->f64)
        r.dgemm(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, c->alpha, c->a,
                c->lda, c->b, c->ldb, c->beta, c->c, c->ldc);
    else
        r.sgemm(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, (float)c->alpha,
                c->a, c->lda, c->b, c->ldb, (float)c->beta, c->c, c->ldc);
}

static void do_gemv(routine r, const call *c)
{
    if (c->f64)
        r.dgemv(c->layout, c->trans_a, c->m, c->n, c->alpha, c->a, c->lda, c->b, c->ldb,
                c->beta, c->c, c->ldc);
    else
        r.sgemv(c->layout, c->trans_a, c->m, c->n, (float)c->alpha, c->a, c->lda, c->b,
                c->ldb, (float)c->beta, c->c, c->ldc);
}

static void do_batch(routine r, const call *c)
{
    if (c->f64)
        r.dgemm_batch(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, c->alpha,
                      c->a, c->lda, c->stride_a, c->b, c->ldb, c->stride_b, c->beta,
                      c->c, c->ldc, c->stride_c, c->batch);
    else
        r.sgemm_batch(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k,
                      (float)c->alpha, c->a, c->lda, c->stride_a, c->b, c->ldb,
                      c->stride_b, (float)c->beta, c->c, c->ldc, c->stride_c, c->batch);
}

bool call_do(void *library, const call *c)
{
    routine r = {dlsym(library, call_name(c))};

    if (!r.address)
        return false;
    if (c->spelling == FORTRAN)
        do_fortran(r, c);
    else if (c->spelling == BATCH)
        do_batch(r, c);
    else if (c->gemv)
        do_gemv(r, c);
    else
        do_gemm(r, c);
    return true;
}
