/* routine.h: calling the eight routines of any BLAS library in every spelling, with all
 * that a call has in one struct that a test can change a field of. */
#ifndef TESTS_BLAS_ROUTINE_H
#define TESTS_BLAS_ROUTINE_H

#include <stdbool.h>
#include <stddef.h>

enum { ROW_MAJOR = 101, COLUMN_MAJOR = 102 };
enum { NO_TRANS = 111, TRANS = 112, CONJ_TRANS = 113 };

typedef enum spelling { FORTRAN, CBLAS, BATCH, SPELLINGS } spelling;

/* For gemv A is m x n, `b` is x with the increment ldb, `c` is y with the increment ldc;
 * trans_b and k are not used. For Fortran layout must be COLUMN_MAJOR. */
typedef struct call {
    spelling spelling;
    bool gemv, f64;
    int layout, trans_a, trans_b;
    int m, n, k;
    double alpha, beta;
    const void *a, *b;
    void *c;
    int lda, ldb, ldc;
    int batch, stride_a, stride_b, stride_c;
} call;

/* C = A @ B by cblas_{s,d}gemm, row-major, without gaps. A test changes what it wants
 * otherwise. */
call call_of_product(bool f64, int m, int n, int k, const void *a, const void *b,
                     void *c);

/* "cblas_dgemm", "sgemv_", ... */
const char *call_name(const call *call);

/* Calls the routine of `library` (a handle of dlopen). False if it has none. */
bool call_do(void *library, const call *call);

#endif /* TESTS_BLAS_ROUTINE_H */
