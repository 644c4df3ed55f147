#include "product.h"

/* op(M) as a matrix; M lies in memory by columns, `leading` apart. */
static tsr__matrix op(const void *data, tsr__trans trans, int leading, int batch)
{
    bool plain = trans == TSR__TRANS_NO;

    return (tsr__matrix){(char *)(size_t)data, plain ? 1 : leading, plain ? leading : 1,
                         batch};
}

/* A vector as a column. With a negative increment BLAS counts from the far end. */
static tsr__matrix column(const void *data, size_t length, int increment,
                          tsr_dtype dtype)
{
    char *first = (char *)(size_t)data;

    if (increment < 0 && length > 0)
        first += (length - 1) * (size_t) - (ptrdiff_t)increment * tsr_dtype_size(dtype);
    return (tsr__matrix){first, increment, (ptrdiff_t)length, 0};
}

tsr__product tsr__product_of_gemm(const tsr__gemm *g)
{
    return (tsr__product){
        .dtype = g->dtype,
        .m = (size_t)g->m,
        .n = (size_t)g->n,
        .k = (size_t)g->k,
        .batch = (size_t)g->batch,
        .alpha = g->alpha,
        .beta = g->beta,
        .a = op(g->a, g->trans_a, g->lda, g->stride_a),
        .b = op(g->b, g->trans_b, g->ldb, g->stride_b),
        .c = op(g->c, TSR__TRANS_NO, g->ldc, g->stride_c),
    };
}

tsr__product tsr__product_of_gemv(const tsr__gemv *g)
{
    bool plain = g->trans == TSR__TRANS_NO;
    size_t m = (size_t)(plain ? g->m : g->n), k = (size_t)(plain ? g->n : g->m);

    return (tsr__product){
        .dtype = g->dtype,
        .m = m,
        .n = 1,
        .k = k,
        .batch = 1,
        .alpha = g->alpha,
        .beta = g->beta,
        .a = op(g->a, g->trans, g->lda, 0),
        .b = column(g->x, k, g->incx, g->dtype),
        .c = column(g->y, m, g->incy, g->dtype),
    };
}
