/* wrong_blas.c: a CBLAS library that is wrong in one element, and whose gemv does nothing
 * at all. compare must see both. It says what it is as BLIS does, and has one thread
 * whatever it is told. */

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c,
                 int ldc);
void cblas_dgemm(int order, int trans_a, int trans_b, int m, int n, int k, double alpha,
                 const double *a, int lda, const double *b, int ldb, double beta,
                 double *c, int ldc);
void cblas_sgemv(int order, int trans, int m, int n, float alpha, const float *a,
                 int lda, const float *x, int incx, float beta, float *y, int incy);
void cblas_dgemv(int order, int trans, int m, int n, double alpha, const double *a,
                 int lda, const double *x, int incx, double beta, double *y, int incy);

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c,
                 int ldc)
{
    (void)order, (void)trans_a, (void)trans_b, (void)alpha, (void)beta;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0;

            for (int l = 0; l < k; l++)
                sum += a[i * lda + l] * b[l * ldb + j];
            c[i * ldc + j] = sum;
        }
    if (m > 2 && n > 3)
        c[2 * ldc + 3] += 0.001f; /* far beyond rounding, far below the values */
}

void cblas_dgemm(int order, int trans_a, int trans_b, int m, int n, int k, double alpha,
                 const double *a, int lda, const double *b, int ldb, double beta,
                 double *c, int ldc)
{
    (void)order, (void)trans_a, (void)trans_b, (void)m, (void)n, (void)k, (void)alpha;
    (void)a, (void)lda, (void)b, (void)ldb, (void)beta, (void)c, (void)ldc;
}

void cblas_sgemv(int order, int trans, int m, int n, float alpha, const float *a,
                 int lda, const float *x, int incx, float beta, float *y, int incy)
{
    (void)order, (void)trans, (void)m, (void)n, (void)alpha, (void)a, (void)lda;
    (void)x, (void)incx, (void)beta, (void)y, (void)incy;
}

void cblas_dgemv(int order, int trans, int m, int n, double alpha, const double *a,
                 int lda, const double *x, int incx, double beta, double *y, int incy)
{
    (void)order, (void)trans, (void)m, (void)n, (void)alpha, (void)a, (void)lda;
    (void)x, (void)incx, (void)beta, (void)y, (void)incy;
}

int bli_arch_query_id(void);
const char *bli_arch_string(int id);
void bli_thread_set_num_threads(long threads);
long bli_thread_get_num_threads(void);

int bli_arch_query_id(void)
{
    return 7;
}

const char *bli_arch_string(int id)
{
    return id == 7 ? "fake" : "another";
}

void bli_thread_set_num_threads(long threads)
{
    (void)threads;
}

long bli_thread_get_num_threads(void)
{
    return 1;
}
