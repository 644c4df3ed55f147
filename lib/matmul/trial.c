#include "matmul/trial.h"

#include <stdlib.h>

#include "base/error.h"
#include "memory/tensor.h"

/* -5 to 5: a sum of 2^19 products of them still fits f32. */
static double integer(size_t i)
{
    return (double)(i * 7 % 11) - 5.0;
}

static void set(void *array, tsr_dtype dtype, size_t i, double value)
{
    if (dtype == TSR_F64)
        ((double *)array)[i] = value;
    else
        ((float *)array)[i] = (float)value;
}

static double get(const void *array, tsr_dtype dtype, size_t i)
{
    return dtype == TSR_F64 ? ((const double *)array)[i]
                            : (double)((const float *)array)[i];
}

/* Whether c (m x n) is the product of the integers; `row` has room for n. */
static bool is_product(const void *c, tsr_dtype dtype, size_t m, size_t n, size_t k,
                       double *row)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++)
            row[j] = 0.0;
        for (size_t l = 0; l < k; l++) {
            double a = integer(i * k + l);

            for (size_t j = 0; j < n; j++)
                row[j] += a * integer(l * n + j);
        }
        for (size_t j = 0; j < n; j++)
            if (get(c, dtype, i * n + j) != row[j])
                return false;
    }
    return true;
}

/* A rows x columns tensor of the integers. `scratch` has room for them. */
static tsr_status integers_on(tsr_device *device, tsr_dtype dtype, size_t rows,
                              size_t columns, void *scratch, tsr_tensor **out)
{
    const size_t shape[2] = {rows, columns};

    for (size_t i = 0; i < rows * columns; i++)
        set(scratch, dtype, i, integer(i));
    return tsr_tensor_from_host(device, dtype, 2, shape, scratch, out);
}

static tsr_status multiply(tsr_device *device, tsr_tensor *a, tsr_tensor *b,
                           tsr_tensor *c, tsr__trial_product *product)
{
    const tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    const tsr__operands operands = {a, b, c, NULL};
    tsr__sequence sequence = tsr__sequence_on(device);
    tsr__problem problem;
    tsr_status status = tsr__problem_make(&operands, &options, &problem);

    return status ? status : product(&problem, &operands, &sequence);
}

tsr_status tsr__trial_run(tsr_device *device, tsr_dtype dtype, size_t m, size_t n,
                          size_t k, tsr__trial_product *product, bool *right)
{
    size_t most = m * k > k * n ? m * k : k * n;
    void *scratch = malloc((most > m * n ? most : m * n) * tsr_dtype_size(dtype));
    double *row = malloc(n * sizeof *row);
    tsr_tensor *a = NULL, *b = NULL, *c = NULL;
    tsr_status status;

    *right = false;
    if (!scratch || !row)
        status =
            tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory to try %zux%zux%zu", m, n, k);
    else if (!(status = integers_on(device, dtype, m, k, scratch, &a)) &&
             !(status = integers_on(device, dtype, k, n, scratch, &b)) &&
             !(status = integers_on(device, dtype, m, n, scratch, &c)) &&
             !(status = multiply(device, a, b, c, product)) &&
             !(status = tsr_tensor_read(c, scratch)))
        *right = is_product(scratch, dtype, m, n, k, row);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    free(scratch);
    free(row);
    return status;
}
