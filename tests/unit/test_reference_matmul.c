/* tsr_reference_matmul: known products, rounded once. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tessera/oracle.h>

static tsr_host_product product(tsr_dtype dtype, size_t m, size_t n, size_t k,
                                const void *a, const void *b)
{
    return (tsr_host_product){.dtype = dtype,
                              .m = m,
                              .n = n,
                              .k = k,
                              .batch = 1,
                              .a = {a, k, 1, m * k},
                              .b = {b, n, 1, k * n},
                              .alpha = 1};
}

static void a_small_product_is_as_by_hand(void **state)
{
    const float a[] = {1, 2, 3, 4, 5, 6}, b[] = {7, 8, 9, 10, 11, 12};
    tsr_host_product p = product(TSR_F32, 2, 2, 3, a, b);
    float c[4] = {0};

    (void)state;
    assert_int_equal(tsr_reference_matmul(&p, c, 2, 1, 4), TSR_OK);
    assert_true(c[0] == 58 && c[1] == 64 && c[2] == 139 && c[3] == 154);
}

static void the_result_follows_its_strides_and_touches_nothing_else(void **state)
{
    const double a[] = {1, 2}, b[] = {3, 4};
    tsr_host_product p = product(TSR_F64, 2, 2, 1, a, b);
    double c[8] = {9, 9, 9, 9, 9, 9, 9, 9};

    (void)state;
    assert_int_equal(tsr_reference_matmul(&p, c, 2, 5, 0), TSR_OK);
    assert_true(c[0] == 3 && c[5] == 4 && c[2] == 6 && c[7] == 8);
    assert_true(c[1] == 9 && c[3] == 9 && c[4] == 9 && c[6] == 9);
}

static void sums_are_rounded_once(void **state)
{
    /* In f32 arithmetic 2^24 + 1 + 1 stays 2^24; in f64 likewise with 2^53. */
    const float a[] = {1, 1, 1}, b[] = {16777216, 1, 1};
    const double a64[] = {1, 1, 1}, b64[] = {9007199254740992, 1, 1};
    tsr_host_product p = product(TSR_F32, 1, 1, 3, a, b);
    float c;
    double c64;

    (void)state;
    assert_int_equal(tsr_reference_matmul(&p, &c, 1, 1, 1), TSR_OK);
    assert_true(c == 16777218.0f);
    p = product(TSR_F64, 1, 1, 3, a64, b64);
    assert_int_equal(tsr_reference_matmul(&p, &c64, 1, 1, 1), TSR_OK);
    assert_true(c64 == 9007199254740994.0);
}

static void a_product_in_place_reads_c_before_writing_it(void **state)
{
    const float a[] = {1, 2}, b[] = {3, 4}, bias[] = {100, 200};
    float c[] = {1, 2, 3, 4};
    tsr_host_product p = product(TSR_F32, 2, 2, 1, a, b);

    (void)state;
    p.alpha = 2;
    p.beta = -1;
    p.c0 = (tsr_host_matrix){c, 2, 1, 4};
    p.bias = (tsr_host_matrix){bias, 0, 1, 0};
    assert_int_equal(tsr_reference_matmul(&p, c, 2, 1, 4), TSR_OK);
    assert_true(c[0] == 105 && c[1] == 206 && c[2] == 109 && c[3] == 212);
}

static void what_is_not_read_may_be_nan_or_absent(void **state)
{
    float c = NAN;
    tsr_host_product p = product(TSR_F32, 1, 1, 0, NULL, NULL);

    (void)state;
    assert_int_equal(tsr_reference_matmul(&p, &c, 1, 1, 1), TSR_OK);
    assert_true(c == 0);
    p.k = 5;
    p.alpha = 0;
    c = 3;
    p.beta = 1;
    p.c0 = (tsr_host_matrix){&c, 1, 1, 1};
    assert_int_equal(tsr_reference_matmul(&p, &c, 1, 1, 1), TSR_OK);
    assert_true(c == 3);
}

/* Every size near the block and strip widths of the sums, against a plain triple loop of
 * integers. */
static void blocks_and_edges_meet(void **state)
{
    static const size_t sizes[] = {1, 7, 8, 9, 255, 256, 257, 513};
    static int8_t ints[2][513 * 257];
    static float a[513 * 257], b[513 * 257], c[513 * 9];

    (void)state;
    for (size_t i = 0; i < 513 * 257; i++) {
        a[i] = ints[0][i] = (int8_t)(i * 31 % 17) - 8;
        b[i] = ints[1][i] = (int8_t)(i * 57 % 13) - 6;
    }
    for (size_t x = 0; x < 8; x++) {
        for (size_t y = 0; y < 7; y++) {
            /* Long in m with a short n, and the other way round. */
            for (size_t turn = 0; turn < 2; turn++) {
                size_t m = turn ? 9 : sizes[x], n = turn ? sizes[x] : 9, k = sizes[y];
                tsr_host_product p = product(TSR_F32, m, n, k, a, b);

                assert_int_equal(tsr_reference_matmul(&p, c, n, 1, 0), TSR_OK);
                for (size_t i = 0; i < m; i++) {
                    for (size_t j = 0; j < n; j++) {
                        int sum = 0;

                        for (size_t l = 0; l < k; l++)
                            sum += ints[0][i * k + l] * ints[1][l * n + j];
                        assert_true(c[i * n + j] == (float)sum);
                    }
                }
            }
        }
    }
}

static void bad_arguments_are_refused(void **state)
{
    const float a = 1;
    float c = 1;
    tsr_host_product p = product(TSR_F32, 1, 1, 1, &a, &a);

    (void)state;
    assert_int_equal(tsr_reference_matmul(NULL, &c, 1, 1, 1), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_reference_matmul(&p, NULL, 1, 1, 1), TSR_ERROR_ARGUMENT);
    p.m = 3;
    assert_int_equal(tsr_reference_matmul(&p, &c, SIZE_MAX / 2, 1, 1),
                     TSR_ERROR_OVERFLOW);
    p.m = 0;
    assert_int_equal(tsr_reference_matmul(&p, NULL, 1, 1, 1), TSR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_product_is_as_by_hand),
        cmocka_unit_test(the_result_follows_its_strides_and_touches_nothing_else),
        cmocka_unit_test(sums_are_rounded_once),
        cmocka_unit_test(a_product_in_place_reads_c_before_writing_it),
        cmocka_unit_test(what_is_not_read_may_be_nan_or_absent),
        cmocka_unit_test(blocks_and_edges_meet),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    return cmocka_run_group_tests_name("reference_matmul", tests, NULL, NULL);
}
