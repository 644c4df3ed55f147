/* cublas: cuBLAS's best time for each product on stdin, for times.py.
 *
 * Lines "M N K f32|f64 TRANS_A TRANS_B BATCH" give lines of milliseconds: the best of 5
 * batches of at least 20 ms, operands on the card. No TF32.
 */
#include <cublas_v2.h>
#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

static void check(bool fine, const char *what)
{
    if (fine)
        return;
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

struct product {
    long long m, n, k, batch;
    int trans_a, trans_b;
    bool f64;
    void *a, *b, *c;
};

/* C^T = B^T A^T: rows are cuBLAS's columns. */
static cublasStatus_t multiply(cublasHandle_t blas, const product &p)
{
    const cublasOperation_t of_b = p.trans_b ? CUBLAS_OP_T : CUBLAS_OP_N;
    const cublasOperation_t of_a = p.trans_a ? CUBLAS_OP_T : CUBLAS_OP_N;
    const int m = (int)p.m, n = (int)p.n, k = (int)p.k, batch = (int)p.batch;
    const int ldb = p.trans_b ? k : n, lda = p.trans_a ? m : k;
    const float one = 1, zero = 0;
    const double one64 = 1, zero64 = 0;

    if (p.f64)
        return cublasDgemmStridedBatched(
            blas, of_b, of_a, n, m, k, &one64, (double *)p.b, ldb, p.k * p.n,
            (double *)p.a, lda, p.m * p.k, &zero64, (double *)p.c, n, p.m * p.n, batch);
    return cublasSgemmStridedBatched(blas, of_b, of_a, n, m, k, &one, (float *)p.b, ldb,
                                     p.k * p.n, (float *)p.a, lda, p.m * p.k, &zero,
                                     (float *)p.c, n, p.m * p.n, batch);
}

static double seconds(cublasHandle_t blas, const product &p, int loops)
{
    check(cudaDeviceSynchronize() == cudaSuccess, "cudaDeviceSynchronize");
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < loops; i++)
        check(multiply(blas, p) == CUBLAS_STATUS_SUCCESS, "cuBLAS's product");
    check(cudaDeviceSynchronize() == cudaSuccess, "cudaDeviceSynchronize");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return took.count() / loops;
}

static void *filled(size_t bytes)
{
    void *memory = nullptr;

    check(cudaMalloc(&memory, bytes) == cudaSuccess, "cudaMalloc");
    check(cudaMemset(memory, 0x3f, bytes) == cudaSuccess, "cudaMemset");
    return memory;
}

int main()
{
    cublasHandle_t blas;
    char dtype[8];
    product p;

    check(cublasCreate(&blas) == CUBLAS_STATUS_SUCCESS, "cublasCreate");
    check(cublasSetMathMode(blas, CUBLAS_PEDANTIC_MATH) == CUBLAS_STATUS_SUCCESS,
          "cublasSetMathMode");
    while (scanf("%lld %lld %lld %7s %d %d %lld", &p.m, &p.n, &p.k, dtype, &p.trans_a,
                 &p.trans_b, &p.batch) == 7) {
        const size_t size = (p.f64 = strcmp(dtype, "f64") == 0) ? 8 : 4;
        double best;

        p.a = filled(size * p.m * p.k * p.batch);
        p.b = filled(size * p.k * p.n * p.batch);
        p.c = filled(size * p.m * p.n * p.batch);
        const double first = (seconds(blas, p, 1), seconds(blas, p, 3));
        const int loops = first < 0.02 ? (int)(0.02 / first) : 1;
        best = seconds(blas, p, loops);
        for (int i = 1; i < 5; i++) {
            const double again = seconds(blas, p, loops);

            best = again < best ? again : best;
        }
        printf("%.6f\n", 1e3 * best);
        cudaFree(p.a);
        cudaFree(p.b);
        cudaFree(p.c);
    }
    cublasDestroy(blas);
    return 0;
}
