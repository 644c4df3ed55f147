#define _GNU_SOURCE /* RTLD_NEXT, dl_iterate_phdr */
#include "next.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "product.h"
#include "say.h"

/* Fortran's routines, as compilers call them: with the letters' lengths at the end. */
typedef void sgemm_routine(const char *, const char *, const int *, const int *,
                           const int *, const float *, const float *, const int *,
                           const float *, const int *, const float *, float *,
                           const int *, size_t, size_t);
typedef void dgemm_routine(const char *, const char *, const int *, const int *,
                           const int *, const double *, const double *, const int *,
                           const double *, const int *, const double *, double *,
                           const int *, size_t, size_t);
typedef void sgemv_routine(const char *, const int *, const int *, const float *,
                           const float *, const int *, const float *, const int *,
                           const float *, float *, const int *, size_t);
typedef void dgemv_routine(const char *, const int *, const int *, const double *,
                           const double *, const int *, const double *, const int *,
                           const double *, double *, const int *, size_t);

/* All four or none. */
static struct {
    void *library; /* for dlsym: a handle or RTLD_NEXT */
    sgemm_routine *sgemm;
    dgemm_routine *dgemm;
    sgemv_routine *sgemv;
    dgemv_routine *dgemv;
} next;

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- Find ----------------------------------------------------------------------- */

static bool is_own(void *address)
{
    static const char own;
    Dl_info theirs, ours;

    return dladdr(address, &theirs) && dladdr(&own, &ours) &&
           theirs.dli_fbase == ours.dli_fbase;
}

/* Puts a function into a pointer to one: POSIX lets its address survive being a void *;
 * C does not, hence the copy. False if it is missing or this library's own. */
static bool find(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);

    if (!address || is_own(address))
        return false;
    memcpy(function, &address, sizeof address);
    return true;
}

static bool take(void *library)
{
    if (!library || !find(library, "sgemm_", &next.sgemm) ||
        !find(library, "dgemm_", &next.dgemm) ||
        !find(library, "sgemv_", &next.sgemv) || !find(library, "dgemv_", &next.dgemv))
        return false;
    next.library = library;
    return true;
}

/* One name of a loaded library at a time; `skip` counts down to the one wanted. */
typedef struct wanted {
    size_t skip;
    char name[4096];
} wanted;

/* CLBlast's name has the word too, but not the routines. */
static bool may_be_blas(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;

    return strstr(file, "blas") || strstr(file, "blis") || strstr(file, "mkl_rt") ||
           strstr(file, "armpl");
}

static int look_at(struct dl_phdr_info *info, size_t size, void *data)
{
    wanted *w = data;

    (void)size;
    if (!info->dlpi_name || !may_be_blas(info->dlpi_name) ||
        strlen(info->dlpi_name) >= sizeof w->name)
        return 0;
    if (w->skip > 0) {
        w->skip--;
        return 0;
    }
    strcpy(w->name, info->dlpi_name);
    return 1;
}

/* A BLAS that is loaded, but where RTLD_NEXT does not look: a plugin's, a Python
 * module's. The reference taken on it stays. */
static bool take_loaded(void)
{
    wanted w;

    for (size_t i = 0; w.skip = i, dl_iterate_phdr(look_at, &w); i++) {
        void *library = dlopen(w.name, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);

        if (take(library))
            return true;
        if (library)
            dlclose(library);
    }
    return false;
}

/* The library that the user names; `why` says why it cannot be. */
static bool take_named(const char *path, char *why, size_t size)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *sgemm = library ? dlsym(library, "sgemm_") : NULL;

    if (take(library))
        return true;
    if (!library)
        snprintf(why, size, "cannot be loaded (%s)", dlerror());
    else if (sgemm && is_own(sgemm))
        snprintf(why, size, "is %s, whose sgemm_ is that of tessera-blas itself", path);
    else
        snprintf(why, size, "is %s, which lacks sgemm_, dgemm_, sgemv_ or dgemv_",
                 path);
    return false;
}

static void look(void)
{
    const char *path = getenv("TESSERA_BLAS_FALLBACK");
    char why[512] = "";

    if (path && *path && take_named(path, why, sizeof why))
        return;
    if (!take(RTLD_NEXT) && !take_loaded())
        next.library = NULL;
    if (why[0])
        tsr__say("TESSERA_BLAS_FALLBACK %s; %s instead", why,
                 next.library ? "the next BLAS that is loaded computes"
                              : "plain C computes");
}

bool tsr__next_exists(void)
{
    pthread_once(&once, look);
    return next.library != NULL;
}

void *tsr__next_symbol(const char *name)
{
    return tsr__next_exists() ? dlsym(next.library, name) : NULL;
}

/* ---- Call ----------------------------------------------------------------------- */

/* A BLAS's own threads and buffers go when a process exits; other threads may run on. */
static bool usable(void)
{
    return tsr__next_exists() && !tsr__device_exiting();
}

void tsr__next_gemm(const tsr__gemm *g)
{
    const char trans_a = (char)g->trans_a, trans_b = (char)g->trans_b;
    const float alpha = (float)g->alpha, beta = (float)g->beta;

    if (!usable()) {
        tsr__product product = tsr__product_of_gemm(g);

        tsr__plain_product(&product);
        return;
    }
    for (int t = 0; t < g->batch; t++) {
        ptrdiff_t a = (ptrdiff_t)t * g->stride_a, b = (ptrdiff_t)t * g->stride_b,
                  c = (ptrdiff_t)t * g->stride_c;

        if (g->dtype == TSR_F64)
            next.dgemm(&trans_a, &trans_b, &g->m, &g->n, &g->k, &g->alpha,
                       (const double *)g->a + a, &g->lda, (const double *)g->b + b,
                       &g->ldb, &g->beta, (double *)g->c + c, &g->ldc, 1, 1);
        else
            next.sgemm(&trans_a, &trans_b, &g->m, &g->n, &g->k, &alpha,
                       (const float *)g->a + a, &g->lda, (const float *)g->b + b,
                       &g->ldb, &beta, (float *)g->c + c, &g->ldc, 1, 1);
    }
}

void tsr__next_gemv(const tsr__gemv *g)
{
    const char trans = (char)g->trans;
    const float alpha = (float)g->alpha, beta = (float)g->beta;

    if (!usable()) {
        tsr__product product = tsr__product_of_gemv(g);

        tsr__plain_product(&product);
    } else if (g->dtype == TSR_F64) {
        next.dgemv(&trans, &g->m, &g->n, &g->alpha, g->a, &g->lda, g->x, &g->incx,
                   &g->beta, g->y, &g->incy, 1);
    } else {
        next.sgemv(&trans, &g->m, &g->n, &alpha, g->a, &g->lda, g->x, &g->incx, &beta,
                   g->y, &g->incy, 1);
    }
}
