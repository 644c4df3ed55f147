/* runner_blas.c: the product by a CBLAS library: gemv for one row or column, else gemm. */
#include "runner.h"

#include <limits.h>

/* OpenBLAS's threads spin after a call, for some 0.1 s where 2^28 cycles take that, before
 * they sleep. They would take cores from the roof and the runner whose turn is next. */
#define SPINS_SECONDS 0.3

static bool is_gemv(const problem *p)
{
    /* For k == 0 gemv returns at once and leaves C as it was. */
    return p->batch == 1 && (p->m == 1 || p->n == 1) && p->m && p->n && p->k;
}

static row_state prepare(runner *r, workload *w, table_row *out)
{
    const problem *p = &w->problem;

    (void)r;
    if (p->m > INT_MAX || p->n > INT_MAX || p->k > INT_MAX)
        return row_end(out, ROW_SKIPPED, "CBLAS counts in int, up to %d", INT_MAX);
    out->method = is_gemv(p) ? "gemv" : "gemm";
    return ROW_DONE;
}

static int at_least_one(size_t stride)
{
    return stride ? (int)stride : 1;
}

/* y = matrix @ x, the matrix being stored as rows x columns and multiplied as it is or
 * transposed. */
static void gemv(const blas_library *blas, tsr_dtype dtype, bool transposed,
                 size_t rows, size_t columns, const void *matrix, const void *x,
                 void *y)
{
    const int trans = transposed ? BLAS_TRANS : BLAS_NO_TRANS;
    const int m = (int)rows, n = (int)columns;

    if (dtype == TSR_F32)
        blas->sgemv(BLAS_ROW_MAJOR, trans, m, n, 1, matrix, n, x, 1, 0, y, 1);
    else
        blas->dgemv(BLAS_ROW_MAJOR, trans, m, n, 1, matrix, n, x, 1, 0, y, 1);
}

static void run_gemv(const blas_library *blas, const problem *p, const operand_set *set)
{
    const void *a = set->product.a.data, *b = set->product.b.data;

    if (p->m == 1) /* c^T = B^T a^T: B itself is used transposed */
        gemv(blas, p->dtype, !p->trans_b, p->trans_b ? p->n : p->k,
             p->trans_b ? p->k : p->n, b, a, set->host_c);
    else
        gemv(blas, p->dtype, p->trans_a, p->trans_a ? p->k : p->m,
             p->trans_a ? p->m : p->k, a, b, set->host_c);
}

static void run_gemm(const blas_library *blas, const problem *p, const operand_set *set)
{
    const int trans_a = p->trans_a ? BLAS_TRANS : BLAS_NO_TRANS;
    const int trans_b = p->trans_b ? BLAS_TRANS : BLAS_NO_TRANS;
    const int lda = at_least_one(p->trans_a ? p->m : p->k);
    const int ldb = at_least_one(p->trans_b ? p->k : p->n);
    const int ldc = at_least_one(p->n);
    const int m = (int)p->m, n = (int)p->n, k = (int)p->k;
    const tsr_host_matrix *a = &set->product.a, *b = &set->product.b;
    const size_t step_c = p->m * p->n;

    if (m == 0 || n == 0)
        return;
    for (size_t t = 0; t < p->batch; t++)
        if (p->dtype == TSR_F32)
            blas->sgemm(BLAS_ROW_MAJOR, trans_a, trans_b, m, n, k, 1,
                        (const float *)a->data + t * a->batch_stride, lda,
                        (const float *)b->data + t * b->batch_stride, ldb, 0,
                        (float *)set->host_c + t * step_c, ldc);
        else
            blas->dgemm(BLAS_ROW_MAJOR, trans_a, trans_b, m, n, k, 1,
                        (const double *)a->data + t * a->batch_stride, lda,
                        (const double *)b->data + t * b->batch_stride, ldb, 0,
                        (double *)set->host_c + t * step_c, ldc);
}

static row_state run(runner *r, workload *w, size_t loops, table_row *out)
{
    (void)out;
    for (size_t i = 0; i < loops; i++)
        (is_gemv(&w->problem) ? run_gemv : run_gemm)(r->blas, &w->problem,
                                                     workload_next(w));
    return ROW_DONE;
}

runner runner_blas(const blas_library *blas)
{
    static const runner_kind kind = {.prepare = prepare,
                                     .run = run,
                                     .poison = runner_poison_host,
                                     .result = runner_result_host};

    return (runner){.kind = &kind,
                    .name = "blas",
                    .first_is_typical = true,
                    .blas = blas,
                    .spins_s = SPINS_SECONDS};
}
