/* Products whose results must be right whatever becomes of the device: with and without a
 * C that counts, a vector with an increment, and after it has failed. Data are small
 * integers, so every result is exact, and no exception of floating point is raised. Exits
 * 0 if all is right, and prints nothing then. */
#include <fenv.h>

#include "libraries.h"
#include "routine.h"

#define M 37
#define N 29
#define K 41

static double a[M * K], b[K * N], c[M * N], before[M * N];
static float a32[M * K], b32[K * N], c32[M * N];

static double value(int i)
{
    return (double)(i * 7 % 13 - 6);
}

static void fill(void)
{
    for (int i = 0; i < M * K; i++)
        a32[i] = (float)(a[i] = value(i));
    for (int i = 0; i < K * N; i++)
        b32[i] = (float)(b[i] = value(i + 3));
    for (int i = 0; i < M * N; i++)
        c32[i] = (float)(before[i] = c[i] = value(i + 5));
}

/* Element (i, j) of A @ B, row-major. */
static double sum(int i, int j)
{
    double total = 0.0;

    for (int l = 0; l < K; l++)
        total += a[i * K + l] * b[l * N + j];
    return total;
}

static bool multiply(void *library, bool f64, double beta)
{
    call gemm = call_of_product(f64, M, N, K, f64 ? (void *)a : a32,
                                f64 ? (void *)b : b32, f64 ? (void *)c : c32);

    gemm.alpha = 2.0;
    gemm.beta = beta;
    fill();
    if (!call_do(library, &gemm))
        return false;
    for (int i = 0; i < M * N; i++)
        if ((f64 ? c[i] : (double)c32[i]) != 2.0 * sum(i / N, i % N) + beta * before[i])
            return false;
    return true;
}

/* y = A x + y, x every N-th element of B: its first column. */
static bool multiply_vector(void *library)
{
    call gemv = call_of_product(true, M, K, 0, a, b, c);

    gemv.gemv = true;
    gemv.beta = 1.0;
    gemv.lda = K;
    gemv.ldb = N;
    gemv.ldc = -1;
    fill();
    if (!call_do(library, &gemv))
        return false;
    for (int i = 0; i < M; i++)
        if (c[M - 1 - i] != sum(i, 0) + before[M - 1 - i])
            return false;
    return true;
}

int main(void)
{
    void *library = load_library("TESSERA_BLAS");
    bool right = multiply(library, true, 1.0) && multiply_vector(library) &&
                 multiply(library, false, 0.0);

    bool raised = fetestexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);

    if (!right)
        fprintf(stderr, "a result is wrong\n");
    if (raised)
        fprintf(stderr, "an exception of floating point was raised\n");
    return !right || raised;
}
