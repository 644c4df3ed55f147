/* arguments.h: what may be wrong with a call, and how that is reported. */
#ifndef TSR_BLAS_ARGUMENTS_H
#define TSR_BLAS_ARGUMENTS_H

#include <stdbool.h>

#include "call.h"

typedef enum tsr__argument {
    TSR__FINE,
    TSR__LAYOUT,
    TSR__TRANS_A,
    TSR__TRANS_B,
    TSR__M,
    TSR__N,
    TSR__K,
    TSR__LDA,
    TSR__LDB,
    TSR__LDC,
    TSR__INCX,
    TSR__INCY,
    TSR__BATCH,
    TSR__ARGUMENTS
} tsr__argument;

/* A routine in one spelling: its arguments have their own numbers. */
typedef enum tsr__routine {
    TSR__FORTRAN_GEMM,
    TSR__FORTRAN_GEMV,
    TSR__CBLAS_GEMM,
    TSR__CBLAS_GEMV,
    TSR__CBLAS_BATCH,
    TSR__ROUTINES
} tsr__routine;

/* The first argument that is wrong, in the order in which the reference looks at them:
 * that of the column-major call. The names are the column-major call's too. */
tsr__argument tsr__gemm_check(const tsr__gemm *call);
tsr__argument tsr__gemv_check(const tsr__gemv *call);

/* Tells xerbla_, whichever the dynamic linker finds first: the program's own, the next
 * BLAS's, or none, and then stderr gets the reference's line. */
void tsr__report_fortran(tsr__routine routine, tsr_dtype dtype, tsr__argument argument);

/* Tells cblas_xerbla in the same way; where there is none, or an xerbla_ comes before it,
 * that one, with the numbers of the Fortran routine. `argument` is the column-major call's
 * that does the row-major one if `rows`; `value` is what a layout or transpose was. */
void tsr__report_cblas(tsr__routine routine, tsr_dtype dtype, bool rows,
                       tsr__argument argument, int value);

#endif /* TSR_BLAS_ARGUMENTS_H */
