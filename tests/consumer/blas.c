/* blas: a program that knows BLAS, and counts what a device did of it. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include <tessera/blas.h>

#include <stdio.h>
#include <stdlib.h>

void cblas_sgemm(int layout, int trans_a, int trans_b, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c,
                 int ldc);

int main(void)
{
    enum { ROW_MAJOR = 101, NO_TRANS = 111 };
    const float a[] = {1, 1}, b[] = {1, 1};
    float c[1];

    if (setenv("TESSERA_BLAS_MIN_FLOPS", "0", 1))
        return 1;
    cblas_sgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, 1, 1, 2, 1, a, 2, b, 1, 0, c, 1);
    printf("%zu product: %g\n", tsr_blas_products(), (double)c[0]);
    return 0;
}
