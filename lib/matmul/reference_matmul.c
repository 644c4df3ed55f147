/* tsr_reference_matmul: the product in plain C, the definition of correct. */
#include "base/error.h"
#include "matmul/exact.h"

typedef struct target {
    const tsr_host_product *product;
    void *c;
    size_t row_stride, column_stride, batch_stride;
} target;

/* Rounds a piece of a row to the dtype, once, into its place. */
static void store(void *context, const tsr__exact_piece *piece)
{
    const target *to = context;
    size_t at = piece->batch * to->batch_stride + piece->row * to->row_stride +
                piece->column * to->column_stride;

    for (size_t l = 0; l < piece->count; l++, at += to->column_stride) {
        long double x = tsr__activate(to->product->activation, piece->value[l]);

        if (to->product->dtype == TSR_F32)
            ((float *)to->c)[at] = (float)x;
        else
            ((double *)to->c)[at] = (double)x;
    }
}

tsr_status tsr_reference_matmul(const tsr_host_product *product, void *c,
                                size_t row_stride, size_t column_stride,
                                size_t batch_stride)
{
    tsr_host_product p;
    target to = {&p, c, row_stride, column_stride, batch_stride};
    tsr_host_matrix out = {c, row_stride, column_stride, batch_stride};
    tsr_status status = tsr__host_product_check(product, "tsr_reference_matmul", &p);

    if (!status)
        status =
            tsr__host_matrix_check(&p, &out, p.m, p.n, "tsr_reference_matmul", "c");
    if (status)
        return status;
    return tsr__exact_rows(&p, NULL, 0, store, &to);
}
