/* test_compare_plain.c: the plain product, on integers whose sums are exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

    assert_true(plain_matmul(&p, c, NULL));
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

static int looks;

static bool never(void)
{
    looks++;
    return false;
}

static bool at_the_second_look(void)
{
    return ++looks == 2;
}

/* Large enough for several looks. */
static void a_long_product_is_whole_or_stopped_between_rows(void **state)
{
    enum { M = 2000, N = 400, K = 300 };
    tsr_host_product p = {.dtype = TSR_F32,
                          .m = M,
                          .n = N,
                          .k = K,
                          .batch = 1,
                          .a = make(TSR_F32, M, K, 1, true),
                          .b = make(TSR_F32, K, N, 1, false)};
    float *all = calloc(M * N, sizeof *all), *part = calloc(M * N, sizeof *part);
    float row[N];
    size_t done = 0;

    (void)state;
    looks = 0;
    assert_true(plain_matmul(&p, all, never));
    assert_in_range(looks, 2, 20);
    looks = 0;
    assert_false(plain_matmul(&p, part, at_the_second_look));
    for (p.m = 1; done < M; done++) {
        assert_true(plain_matmul(&p, row, NULL));
        assert_memory_equal(all + done * N, row, sizeof row);
        if (memcmp(part + done * N, row, sizeof row) != 0)
            break;
        p.a.data = (const float *)p.a.data + p.a.row_stride;
    }
    assert_in_range(done, 1, M - 1);
    for (size_t i = done * N; i < M * N; i++)
        assert_true(part[i] == 0);
    free(part);
    free(all);
    free((void *)p.b.data);
    free((void *)((const float *)p.a.data - done));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_product_is_whole_or_stopped_between_rows),
        cmocka_unit_test(all_layouts_give_the_product),
        cmocka_unit_test(contiguous_rows_of_b_are_taken_by_rows),
        cmocka_unit_test(a_single_column_is_a_dot_product),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
