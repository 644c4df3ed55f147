/* Is a host product one that can be computed? */
#include "base/checked.h"
#include "base/error.h"
#include "base/round.h"
#include "matmul/exact.h"

/* Whether the largest index of a batch x rows x columns matrix, in bytes, fits. */
static bool extent_fits(const tsr_host_matrix *matrix, size_t batch, size_t rows,
                        size_t columns, size_t element)
{
    size_t t, i, j, last;

    return tsr__multiply(batch - 1, matrix->batch_stride, &t) &&
           tsr__multiply(rows - 1, matrix->row_stride, &i) &&
           tsr__multiply(columns - 1, matrix->column_stride, &j) &&
           tsr__add(t, i, &last) && tsr__add(last, j, &last) &&
           tsr__add(last, 1, &last) && tsr__multiply(last, element, &last);
}

tsr_status tsr__host_matrix_check(const tsr_host_product *p,
                                  const tsr_host_matrix *matrix, size_t rows,
                                  size_t columns, const char *what, const char *name)
{
    size_t element = p->dtype == TSR_F32 ? sizeof(float) : sizeof(double);

    if (p->batch == 0 || rows == 0 || columns == 0)
        return TSR_OK;
    if (!matrix || !matrix->data)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s: %s is NULL", what, name);
    if (!extent_fits(matrix, p->batch, rows, columns, element))
        return tsr__fail(TSR_ERROR_OVERFLOW,
                         "%s: %s, %zu x %zu x %zu with strides %zu, %zu, %zu, reaches "
                         "beyond what can be addressed",
                         what, name, p->batch, rows, columns, matrix->batch_stride,
                         matrix->row_stride, matrix->column_stride);
    return TSR_OK;
}

/* The matrices that will be read, and only those. */
static tsr_status check_operands(const tsr_host_product *p, const char *what)
{
    tsr_status status = TSR_OK;

    if (p->m == 0 || p->n == 0)
        return TSR_OK;
    if (p->alpha != 0) {
        status = tsr__host_matrix_check(p, &p->a, p->m, p->k, what, "A");
        if (!status)
            status = tsr__host_matrix_check(p, &p->b, p->k, p->n, what, "B");
    }
    if (!status && p->beta != 0)
        status = tsr__host_matrix_check(p, &p->c0, p->m, p->n, what, "C");
    if (!status && p->bias.data)
        status = tsr__host_matrix_check(p, &p->bias, p->m, p->n, what, "bias");
    return status;
}

tsr_status tsr__host_product_check(const tsr_host_product *product, const char *what,
                                   tsr_host_product *rounded)
{
    tsr_host_product p;
    size_t work;

    if (!product)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s: the product is NULL", what);
    p = *product;
    if (p.dtype != TSR_F32 && p.dtype != TSR_F64)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s: %d is no dtype", what, (int)p.dtype);
    if ((int)p.activation < TSR_ACTIVATION_NONE || p.activation > TSR_ACTIVATION_GELU)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s: %d is no activation", what,
                         (int)p.activation);
    if (!tsr__multiply(p.m, p.batch, &work) || !tsr__multiply(work, p.n, &work) ||
        !tsr__multiply(work, p.k ? p.k : 1, &work))
        return tsr__fail(TSR_ERROR_OVERFLOW,
                         "%s: %zu products of %zu x %zu x %zu are too many to count",
                         what, p.batch, p.m, p.n, p.k);
    if (p.dtype == TSR_F32) {
        p.alpha = tsr__round_to_f32(p.alpha);
        p.beta = tsr__round_to_f32(p.beta);
    }
    *rounded = p;
    return check_operands(&p, what);
}
