/* exact.h: the elements of a product in wider arithmetic than its own.
 *
 * Used by the oracle, which asks for some rows and wants magnitudes too, and by the
 * reference, which asks for all rows. f32 is summed in double, f64 in long double.
 */
#ifndef TSR_MATMUL_EXACT_H
#define TSR_MATMUL_EXACT_H

#include <tessera/oracle.h>

/* A piece of one row of the product, before the activation. */
typedef struct tsr__exact_piece {
    size_t which;         /* the row's place in the list asked for */
    size_t batch, row;    /* the row itself */
    size_t column, count; /* columns column .. column + count - 1 */
    /* value:     alpha * sum a*b + beta * c0 + bias
     * magnitude: |alpha| * sum |a||b| + |beta||c0| + |bias| */
    const long double *value, *magnitude;
} tsr__exact_piece;

typedef void tsr__exact_visit(void *context, const tsr__exact_piece *piece);

/* Checks a product and gives it back with alpha and beta rounded to its dtype, as every
 * other call here wants it. `what` begins the message.
 * Errors: ARGUMENT, OVERFLOW. */
tsr_status tsr__host_product_check(const tsr_host_product *product, const char *what,
                                   tsr_host_product *rounded);

/* Checks that `matrix` is there and that its largest index, rows x columns in each batch
 * of the product, can be addressed. Errors: ARGUMENT, OVERFLOW. */
tsr_status tsr__host_matrix_check(const tsr_host_product *product,
                                  const tsr_host_matrix *matrix, size_t rows,
                                  size_t columns, const char *what, const char *name);

/* Calls `visit` with every element of the chosen rows, each once. Row r of the product,
 * counted over the batch (r = t * m + i), is chosen by being in `rows`, which ascends;
 * NULL chooses all, and num_rows is then ignored.
 * Errors: HOST_MEMORY. */
tsr_status tsr__exact_rows(const tsr_host_product *product, const size_t *rows,
                           size_t num_rows, tsr__exact_visit *visit, void *context);

/* Element (t, i, j) of a host matrix. */
static inline double tsr__host_at(tsr_dtype dtype, const tsr_host_matrix *matrix,
                                  size_t t, size_t i, size_t j)
{
    size_t index =
        t * matrix->batch_stride + i * matrix->row_stride + j * matrix->column_stride;

    return dtype == TSR_F32 ? (double)((const float *)matrix->data)[index]
                            : ((const double *)matrix->data)[index];
}

/* The activation in long double. Follows the formula at infinity too, so that gelu of
 * -infinity is NaN, as it is on a device. */
long double tsr__activate(tsr_activation activation, long double x);

#endif /* TSR_MATMUL_EXACT_H */
