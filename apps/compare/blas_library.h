/* blas_library.h: a CBLAS shared library, loaded at run time.
 *
 * The one declared here is CBLAS with 32-bit integers, which is what distributions ship.
 * It stays loaded: its threads may outlive any call.
 */
#ifndef COMPARE_BLAS_LIBRARY_H
#define COMPARE_BLAS_LIBRARY_H

#include <stdbool.h>

#include "failure.h"

/* CBLAS's own numbers. */
enum { BLAS_ROW_MAJOR = 101, BLAS_NO_TRANS = 111, BLAS_TRANS = 112 };

typedef struct blas_library {
    const char *path; /* lent */
    const char
        *core; /* the kernels it chose, in its own word; NULL if it does not say */
    void (*sgemm)(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                  const float *a, int lda, const float *b, int ldb, float beta,
                  float *c, int ldc);
    void (*dgemm)(int order, int trans_a, int trans_b, int m, int n, int k,
                  double alpha, const double *a, int lda, const double *b, int ldb,
                  double beta, double *c, int ldc);
    void (*sgemv)(int order, int trans, int m, int n, float alpha, const float *a,
                  int lda, const float *x, int incx, float beta, float *y, int incy);
    void (*dgemv)(int order, int trans, int m, int n, double alpha, const double *a,
                  int lda, const double *x, int incx, double beta, double *y, int incy);

    void (*openblas_set)(int threads); /* NULL if it has none */
    int (*openblas_get)(void);
    void (*blis_set)(long threads); /* NULL if it has none; BLIS counts in dim_t */
    long (*blis_get)(void);
} blas_library;

/* Loads `path`: a file, or a name the loader finds ("libopenblas.so.0"). */
bool blas_load(const char *path, blas_library *out, failure *why);

/* Pins the number of threads and gives back how many the library then says it uses,
 * which may be fewer; 0 if it has no call for it. */
unsigned blas_set_threads(const blas_library *blas, unsigned threads);

#endif /* COMPARE_BLAS_LIBRARY_H */
