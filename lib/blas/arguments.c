#define _GNU_SOURCE /* RTLD_DEFAULT, dl_iterate_phdr */
#include "arguments.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "next.h"

/* An argument's number is its place in the list of a routine. C's lists are Fortran's with
 * the layout in front. */
static const int gemm_places[TSR__ARGUMENTS] = {
    [TSR__TRANS_A] = 1, [TSR__TRANS_B] = 2, [TSR__M] = 3,    [TSR__N] = 4,
    [TSR__K] = 5,       [TSR__LDA] = 8,     [TSR__LDB] = 10, [TSR__LDC] = 13,
};
static const int gemv_places[TSR__ARGUMENTS] = {
    [TSR__TRANS_A] = 1, [TSR__M] = 2,    [TSR__N] = 3,
    [TSR__LDA] = 6,     [TSR__INCX] = 8, [TSR__INCY] = 11,
};
static const int batch_places[TSR__ARGUMENTS] = {
    [TSR__TRANS_A] = 1, [TSR__TRANS_B] = 2, [TSR__M] = 3,
    [TSR__N] = 4,       [TSR__K] = 5,       [TSR__LDA] = 8,
    [TSR__LDB] = 11,    [TSR__LDC] = 15,    [TSR__BATCH] = 17,
};

static const struct {
    const int *places;
    int first;        /* 1 where the layout comes before them */
    const char *name; /* without its first letter, the dtype's */
} routines[TSR__ROUTINES] = {
    [TSR__FORTRAN_GEMM] = {gemm_places, 0, "GEMM "},
    [TSR__FORTRAN_GEMV] = {gemv_places, 0, "GEMV "},
    [TSR__CBLAS_GEMM] = {gemm_places, 1, "gemm"},
    [TSR__CBLAS_GEMV] = {gemv_places, 1, "gemv"},
    [TSR__CBLAS_BATCH] = {batch_places, 1, "gemm_batch_strided"},
};

static int number_of(tsr__routine routine, tsr__argument argument)
{
    return routines[routine].first + routines[routine].places[argument];
}

/* ---- Check ---------------------------------------------------------------------- */

static bool too_short(int leading, int rows)
{
    return leading < (rows > 1 ? rows : 1);
}

tsr__argument tsr__gemm_check(const tsr__gemm *g)
{
    return g->trans_a == TSR__TRANS_WRONG                                 ? TSR__TRANS_A
           : g->trans_b == TSR__TRANS_WRONG                               ? TSR__TRANS_B
           : g->m < 0                                                     ? TSR__M
           : g->n < 0                                                     ? TSR__N
           : g->k < 0                                                     ? TSR__K
           : too_short(g->lda, g->trans_a == TSR__TRANS_NO ? g->m : g->k) ? TSR__LDA
           : too_short(g->ldb, g->trans_b == TSR__TRANS_NO ? g->k : g->n) ? TSR__LDB
           : too_short(g->ldc, g->m)                                      ? TSR__LDC
           : g->batch < 0                                                 ? TSR__BATCH
                                                                          : TSR__FINE;
}

tsr__argument tsr__gemv_check(const tsr__gemv *g)
{
    return g->trans == TSR__TRANS_WRONG ? TSR__TRANS_A
           : g->m < 0                   ? TSR__M
           : g->n < 0                   ? TSR__N
           : too_short(g->lda, g->m)    ? TSR__LDA
           : g->incx == 0               ? TSR__INCX
           : g->incy == 0               ? TSR__INCY
                                        : TSR__FINE;
}

/* What a column-major call's argument is in the row-major call that it does. */
static tsr__argument in_rows(tsr__routine routine, tsr__argument argument)
{
    bool gemv = routine == TSR__CBLAS_GEMV;

    switch (argument) {
    case TSR__M:
        return TSR__N;
    case TSR__N:
        return TSR__M;
    case TSR__LDA:
        return gemv ? TSR__LDA : TSR__LDB;
    case TSR__LDB:
        return TSR__LDA;
    default:
        return argument;
    }
}

/* ---- Report --------------------------------------------------------------------- */

typedef void fortran_handler(const char *name, const int *number, size_t length);
typedef void cblas_handler(int number, const char *name, const char *format, ...);

/* Puts the function of that name, or NULL, into a pointer to one: see next.h. */
static bool find_handler(const char *name, void *handler)
{
    void *address = dlsym(RTLD_DEFAULT, name);

    if (!address)
        address = tsr__next_symbol(name);
    memcpy(handler, &address, sizeof address);
    return address != NULL;
}

/* Where the dynamic linker looks: the program, what is preloaded, the libraries. */
typedef struct place {
    void *of;
    int number; /* of the object that it is in */
} place;

static int look_for(struct dl_phdr_info *info, size_t size, void *data)
{
    place *p = data;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t first = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

        if (info->dlpi_phdr[i].p_type == PT_LOAD && (uintptr_t)p->of >= first &&
            (uintptr_t)p->of - first < info->dlpi_phdr[i].p_memsz)
            return 1;
    }
    p->number++;
    return 0;
}

/* A program that replaces one handler means it to have what would go to the other, too,
 * which is but a library's. */
static bool comes_before(fortran_handler *xerbla, cblas_handler *cblas)
{
    place ours = {NULL, 0}, theirs = {NULL, 0};

    memcpy(&ours.of, &xerbla, sizeof ours.of);
    memcpy(&theirs.of, &cblas, sizeof theirs.of);
    dl_iterate_phdr(look_for, &ours);
    dl_iterate_phdr(look_for, &theirs);
    return ours.number < theirs.number;
}

static void say(int number, const char *name)
{
    fprintf(stderr, "Parameter %d to routine %s was incorrect\n", number, name);
}

static char letter(tsr_dtype dtype, char f32, char f64)
{
    return dtype == TSR_F64 ? f64 : f32;
}

void tsr__report_fortran(tsr__routine routine, tsr_dtype dtype, tsr__argument argument)
{
    int number = number_of(routine, argument);
    fortran_handler *xerbla;
    char name[8];

    snprintf(name, sizeof name, "%c%s", letter(dtype, 'S', 'D'),
             routines[routine].name);
    if (find_handler("xerbla_", &xerbla))
        xerbla(name, &number, strlen(name));
    else
        say(number, name);
}

void tsr__report_cblas(tsr__routine routine, tsr_dtype dtype, bool rows,
                       tsr__argument argument, int value)
{
    const char *format = argument == TSR__LAYOUT    ? "Illegal layout setting, %d\n"
                         : argument == TSR__TRANS_A ? "Illegal TransA setting, %d\n"
                         : argument == TSR__TRANS_B ? "Illegal TransB setting, %d\n"
                                                    : "";
    int number = number_of(routine, rows ? in_rows(routine, argument) : argument);
    fortran_handler *fortran;
    cblas_handler *xerbla;
    char name[40];

    snprintf(name, sizeof name, "cblas_%c%s", letter(dtype, 's', 'd'),
             routines[routine].name);
    if (find_handler("cblas_xerbla", &xerbla) &&
        !(find_handler("xerbla_", &fortran) && comes_before(fortran, xerbla)))
        xerbla(number, name, format, value);
    else
        tsr__report_fortran(routine == TSR__CBLAS_GEMV ? TSR__FORTRAN_GEMV
                                                       : TSR__FORTRAN_GEMM,
                            dtype, argument);
}
