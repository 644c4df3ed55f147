#include "routine.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

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

static void do_fortran(void *address, const call *c)
{
    const char trans_a = letter(c->trans_a), trans_b = letter(c->trans_b);
    const float alpha = (float)c->alpha, beta = (float)c->beta;
    const void *by = c->f64 ? (const void *)&c->alpha : &alpha;
    const void *times = c->f64 ? (const void *)&c->beta : &beta;
    fortran_gemm *gemm;
    fortran_gemv *gemv;

    memcpy(&gemm, &address, sizeof address);
    memcpy(&gemv, &address, sizeof address);
    if (c->gemv)
        gemv(&trans_a, &c->m, &c->n, by, c->a, &c->lda, c->b, &c->ldb, times, c->c,
             &c->ldc, 1);
    else
        gemm(&trans_a, &trans_b, &c->m, &c->n, &c->k, by, c->a, &c->lda, c->b, &c->ldb,
             times, c->c, &c->ldc, 1, 1);
}

static void do_gemm(void *address, const call *c)
{
    gemm_f32 *f32;
    gemm_f64 *f64;

    memcpy(&f32, &address, sizeof address);
    memcpy(&f64, &address, sizeof address);
    if (c->f64)
        f64(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, c->alpha, c->a, c->lda,
            c->b, c->ldb, c->beta, c->c, c->ldc);
    else
        f32(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, (float)c->alpha, c->a,
            c->lda, c->b, c->ldb, (float)c->beta, c->c, c->ldc);
}

static void do_gemv(void *address, const call *c)
{
    gemv_f32 *f32;
    gemv_f64 *f64;

    memcpy(&f32, &address, sizeof address);
    memcpy(&f64, &address, sizeof address);
    if (c->f64)
        f64(c->layout, c->trans_a, c->m, c->n, c->alpha, c->a, c->lda, c->b, c->ldb,
            c->beta, c->c, c->ldc);
    else
        f32(c->layout, c->trans_a, c->m, c->n, (float)c->alpha, c->a, c->lda, c->b,
            c->ldb, (float)c->beta, c->c, c->ldc);
}

static void do_batch(void *address, const call *c)
{
    batch_f32 *f32;
    batch_f64 *f64;

    memcpy(&f32, &address, sizeof address);
    memcpy(&f64, &address, sizeof address);
    if (c->f64)
        f64(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, c->alpha, c->a, c->lda,
            c->stride_a, c->b, c->ldb, c->stride_b, c->beta, c->c, c->ldc, c->stride_c,
            c->batch);
    else
        f32(c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, (float)c->alpha, c->a,
            c->lda, c->stride_a, c->b, c->ldb, c->stride_b, (float)c->beta, c->c,
            c->ldc, c->stride_c, c->batch);
}

bool call_do(void *library, const call *c)
{
    void *address = dlsym(library, call_name(c));

    if (!address)
        return false;
    if (c->spelling == FORTRAN)
        do_fortran(address, c);
    else if (c->spelling == BATCH)
        do_batch(address, c);
    else if (c->gemv)
        do_gemv(address, c);
    else
        do_gemm(address, c);
    return true;
}
