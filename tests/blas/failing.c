/* Products whose results must be right whatever becomes of the device: with and without a
 * C that counts, a vector with an increment, and after it has failed. Data are small
 * integers, so every result is exact. Exits 0 if all are right, and prints nothing then. */
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
    call gemm = {.spelling = CBLAS,
                 .f64 = f64,
                 .layout = ROW_MAJOR,
                 .trans_a = NO_TRANS,
                 .trans_b = NO_TRANS,
                 .m = M,
                 .n = N,
                 .k = K,
                 .alpha = 2.0,
                 .beta = beta,
                 .a = f64 ? (void *)a : a32,
                 .b = f64 ? (void *)b : b32,
                 .c = f64 ? (void *)c : c32,
                 .lda = K,
                 .ldb = N,
                 .ldc = N};

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
    call gemv = {.spelling = CBLAS,
                 .gemv = true,
                 .f64 = true,
                 .layout = ROW_MAJOR,
                 .trans_a = NO_TRANS,
                 .m = M,
                 .n = K,
                 .alpha = 1.0,
                 .beta = 1.0,
                 .a = a,
                 .b = b,
                 .c = c,
                 .lda = K,
                 .ldb = N,
                 .ldc = -1};

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

    if (!right)
        fprintf(stderr, "a result is wrong\n");
    return !right;
}
