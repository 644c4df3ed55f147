/* test_compare_plain.c: the plain product, on integers whose sums are exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plain.h"

static double value(size_t seed)
{
    return (double)(seed * 7919 % 17) - 8;
}

/* A dense operand of `dtype`, stored transposed or not, and where its elements are. */
static tsr_host_matrix make(tsr_dtype dtype, size_t rows, size_t columns, size_t batch,
                            bool transposed)
{
    const size_t count = rows * columns * batch;
    double *wide = malloc((count + 1) * sizeof *wide);
    float *narrow = malloc((count + 1) * sizeof *narrow);

    for (size_t i = 0; i < count; i++) {
        wide[i] = value(i);
        narrow[i] = (float)value(i);
    }
    if (dtype == TSR_F32)
        free(wide);
    else
        free(narrow);
    return (tsr_host_matrix){.data = dtype == TSR_F32 ? (void *)narrow : (void *)wide,
                             .row_stride = transposed ? 1 : columns,
                             .column_stride = transposed ? rows : 1,
                             .batch_stride = rows * columns};
}

static double at(tsr_dtype dtype, const void *data, size_t index)
{
    return dtype == TSR_F32 ? ((const float *)data)[index]
                            : ((const double *)data)[index];
}

static void check(tsr_dtype dtype, size_t m, size_t n, size_t k, size_t batch,
                  bool trans_a, bool trans_b)
{
    const tsr_host_product p = {.dtype = dtype,
                                .m = m,
                                .n = n,
                                .k = k,
                                .batch = batch,
                                .a = make(dtype, m, k, batch, trans_a),
                                .b = make(dtype, k, n, batch, trans_b)};
    void *c = malloc((m * n * batch + 1) * sizeof(double));

    plain_matmul(&p, c);
    for (size_t t = 0; t < batch; t++)
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < n; j++) {
                double sum = 0;

                for (size_t l = 0; l < k; l++)
                    sum += at(dtype, p.a.data,
                              t * p.a.batch_stride + i * p.a.row_stride +
                                  l * p.a.column_stride) *
                           at(dtype, p.b.data,
                              t * p.b.batch_stride + l * p.b.row_stride +
                                  j * p.b.column_stride);
                assert_true(at(dtype, c, (t * m + i) * n + j) == sum);
            }
    free(c);
    free((void *)p.b.data);
    free((void *)p.a.data);
}

static void all_layouts_give_the_product(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 7, 16};

    (void)state;
    for (size_t i = 0; i < 5 * 5 * 5; i++)
        for (unsigned bits = 0; bits < 8; bits++)
            check(bits & 1 ? TSR_F64 : TSR_F32, sizes[i % 5], sizes[i / 5 % 5],
                  sizes[i / 25], 2, bits & 2, bits & 4);
}

static void contiguous_rows_of_b_are_taken_by_rows(void **state)
{
    tsr_host_product p = {.m = 3, .n = 4, .k = 5, .batch = 1};

    (void)state;
    p.b = (tsr_host_matrix){.row_stride = 4, .column_stride = 1};
    assert_true(plain_by_rows(&p));
    p.b = (tsr_host_matrix){.row_stride = 1, .column_stride = 5};
    assert_false(plain_by_rows(&p));
}

static void a_single_column_is_a_dot_product(void **state)
{
    const tsr_host_product p = {
        .m = 3, .n = 1, .k = 5, .batch = 1, .b = {.row_stride = 1, .column_stride = 1}};

    (void)state;
    assert_false(plain_by_rows(&p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_layouts_give_the_product),
        cmocka_unit_test(contiguous_rows_of_b_are_taken_by_rows),
        cmocka_unit_test(a_single_column_is_a_dot_product),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
