/* tsr_matmul: every documented error, once; and what a call promises beside the numbers,
 * which tests/conformance judges. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/matmul.h>

#include "device_fixture.h"

/* [1 2; 3 4] @ [5 6; 7 8] */
static const float a22[] = {1, 2, 3, 4}, b22[] = {5, 6, 7, 8};
static const float ab22[] = {19, 22, 43, 50};

static tsr_tensor *tensor(tsr_device *device, size_t rows, size_t columns,
                          const float *data)
{
    const size_t shape[] = {rows, columns};
    tsr_tensor *t;

    if (data)
        assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape, data, &t));
    else
        assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape, &t));
    return t;
}

static tsr_tensor *view(const tsr_tensor *base, size_t rows, size_t columns, size_t row,
                        size_t column, size_t offset)
{
    const size_t shape[] = {rows, columns}, strides[] = {row, column};
    tsr_tensor *t;

    assert_ok(tsr_tensor_view(base, 2, shape, strides, offset, &t));
    return t;
}

/* The product fails with `expected` and says `words`. */
static void refused(const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                    const tsr_matmul_options *options, tsr_status expected,
                    const char *words)
{
    assert_int_equal(tsr_matmul(a, b, c, options), expected);
    if (!strstr(tsr_error_detail(), words))
        fail_msg("\"%s\" is not in \"%s\"", words, tsr_error_detail());
}

/* ---- What is promised ----------------------------------------------------------- */

static void null_options_mean_the_plain_product(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *b = tensor(*state, 2, 2, b22);
    tsr_tensor *c = tensor(*state, 2, 2, NULL);
    float got[4];

    assert_ok(tsr_matmul(a, b, c, NULL));
    tsr_tensor_destroy(a); /* the operands may go at once */
    tsr_tensor_destroy(b);
    assert_ok(tsr_tensor_read(c, got));
    assert_memory_equal(got, ab22, sizeof got);
    tsr_tensor_destroy(c);
}

static void one_tensor_may_be_both_operands(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *c = tensor(*state, 2, 2, NULL);
    const float expected[] = {7, 10, 15, 22};
    float got[4];

    assert_ok(tsr_matmul(a, a, c, NULL));
    assert_ok(tsr_tensor_read(c, got));
    assert_memory_equal(got, expected, sizeof got);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

static void c_may_be_a_block_beside_its_operands(void **state)
{
    /* One buffer of 2 x 6: A, B and C are its column blocks. */
    const float data[] = {1, 2, 5, 6, 0, 0, 3, 4, 7, 8, 0, 0};
    const float expected[] = {1, 2, 5, 6, 19, 22, 3, 4, 7, 8, 43, 50};
    tsr_tensor *all = tensor(*state, 2, 6, data);
    tsr_tensor *a = view(all, 2, 2, 6, 1, 0), *b = view(all, 2, 2, 6, 1, 2);
    tsr_tensor *c = view(all, 2, 2, 6, 1, 4);
    float got[12];

    assert_ok(tsr_matmul(a, b, c, NULL));
    assert_ok(tsr_tensor_read(all, got));
    assert_memory_equal(got, expected, sizeof got);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(all);
}

static void the_report_names_who_did_it(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *c = tensor(*state, 2, 2, NULL);
    tsr_tensor *none = tensor(*state, 2, 0, NULL);
    tsr_matmul_report report = {NULL, -1, -1};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    options.report = &report;
    options.strategy = "reference";
    assert_ok(tsr_matmul(a, a, c, &options));
    assert_string_equal(report.strategy, "reference");
    assert_true(report.estimated_seconds == 0 && report.build_seconds >= 0);
    options.strategy = NULL;
    assert_ok(tsr_matmul(a, a, c, &options));
    assert_true(report.estimated_seconds > 0);
    assert_ok(tsr_matmul(a, none, none, &options));
    assert_string_equal(report.strategy, "none");
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

static void an_alpha_that_rounds_to_zero_reads_neither_a_nor_b(void **state)
{
    const float nan[] = {NAN, NAN, NAN, NAN};
    tsr_tensor *a = tensor(*state, 2, 2, nan), *c = tensor(*state, 2, 2, a22);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    float got[4];

    options.alpha = 1e-60; /* 0 in f32 */
    options.beta = 1;
    assert_ok(tsr_matmul(a, a, c, &options));
    assert_ok(tsr_tensor_read(c, got));
    assert_memory_equal(got, a22, sizeof got);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

static void the_environment_forces_a_strategy(void **state)
{
    tsr_matmul_report report;
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_device *device;
    tsr_tensor *a, *c;

    (void)state;
    options.report = &report;
    for (size_t i = 0; i < tsr_strategy_count(); i++) {
        if (strcmp(tsr_strategy_name(i), "host") == 0)
            continue; /* for arrays that are lent */
        setenv("TESSERA_STRATEGY", tsr_strategy_name(i), 1);
        assert_ok(tsr_device_open(NULL, &device));
        unsetenv("TESSERA_STRATEGY"); /* it was read at open */
        a = tensor(device, 2, 2, a22);
        c = tensor(device, 2, 2, NULL);
        assert_ok(tsr_matmul(a, a, c, &options));
        assert_string_equal(report.strategy, tsr_strategy_name(i));
        tsr_tensor_destroy(a);
        tsr_tensor_destroy(c);
        tsr_device_close(device);
    }
}

static void strategies_have_names_and_an_end(void **state)
{
    (void)state;
    assert_true(tsr_strategy_count() >= 4);
    for (size_t i = 0; i < tsr_strategy_count(); i++)
        assert_true(strlen(tsr_strategy_name(i)) > 0);
    assert_null(tsr_strategy_name(tsr_strategy_count()));
    assert_string_equal(tsr_activation_name(TSR_ACTIVATION_GELU), "gelu");
    assert_string_equal(tsr_activation_name((tsr_activation)99), "unknown");
}

static void device_time_is_positive_and_the_product_done(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *b = tensor(*state, 2, 2, b22);
    tsr_tensor *c = tensor(*state, 2, 2, NULL);
    double seconds = -1;
    float got[4];

    assert_ok(tsr_matmul_device_time(a, b, c, NULL, &seconds));
    assert_true(seconds > 0 && seconds < 60);
    assert_ok(tsr_tensor_read(c, got));
    assert_memory_equal(got, ab22, sizeof got);
    assert_int_equal(tsr_matmul_device_time(a, b, c, NULL, NULL), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
}

/* ---- Errors --------------------------------------------------------------------- */

static void null_tensors_are_refused(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *c = tensor(*state, 2, 2, NULL);

    refused(NULL, a, c, NULL, TSR_ERROR_ARGUMENT, "NULL");
    refused(a, NULL, c, NULL, TSR_ERROR_ARGUMENT, "NULL");
    refused(a, a, NULL, NULL, TSR_ERROR_ARGUMENT, "NULL");
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

static void shapes_that_do_not_fit_are_all_shown(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 3, NULL), *b = tensor(*state, 4, 5, NULL);
    tsr_tensor *c = tensor(*state, 2, 5, NULL);
    const size_t shape3[] = {2, 2, 3}, shape1[] = {3}, of_c[] = {3, 2, 5};
    tsr_tensor *batched, *vector, *c3, *b35 = tensor(*state, 3, 5, NULL);

    refused(a, b, c, NULL, TSR_ERROR_SHAPE, "[2, 3]");
    refused(a, b, c, NULL, TSR_ERROR_SHAPE, "[4, 5]");
    refused(a, b, c, NULL, TSR_ERROR_SHAPE, "[2, 5]");
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, shape3, &batched));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, of_c, &c3));
    refused(batched, b35, c3, NULL, TSR_ERROR_SHAPE, "[2, 2, 3]"); /* batch 2, not 3 */
    assert_ok(tsr_tensor_create(*state, TSR_F32, 1, shape1, &vector));
    refused(vector, b35, c, NULL, TSR_ERROR_SHAPE, "rank 1");
    tsr_tensor_destroy(batched);
    tsr_tensor_destroy(c3);
    tsr_tensor_destroy(vector);
    tsr_tensor_destroy(b35);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
}

static void a_bias_that_does_not_broadcast_is_refused(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *c = tensor(*state, 2, 2, NULL);
    tsr_tensor *bias = tensor(*state, 3, 2, NULL);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    options.bias = bias;
    refused(a, a, c, &options, TSR_ERROR_SHAPE, "[3, 2]");
    tsr_tensor_destroy(bias);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

static void dtypes_that_differ_are_refused(void **state)
{
    const size_t shape[] = {2, 2};
    tsr_tensor *a, *b, *c;

    need_fp64(*state);
    a = tensor(*state, 2, 2, a22);
    c = tensor(*state, 2, 2, NULL);
    assert_ok(tsr_tensor_create(*state, TSR_F64, 2, shape, &b));
    refused(a, b, c, NULL, TSR_ERROR_ARGUMENT, "f64");
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
}

static void tensors_of_two_devices_are_refused(void **state)
{
    tsr_device *other;
    tsr_tensor *a = tensor(*state, 2, 2, a22), *c = tensor(*state, 2, 2, NULL), *b;

    assert_ok(tsr_device_open(NULL, &other));
    b = tensor(other, 2, 2, b22);
    refused(a, b, c, NULL, TSR_ERROR_ARGUMENT, "device");
    tsr_tensor_destroy(b);
    tsr_device_close(other);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

static void a_result_that_shares_memory_with_an_operand_is_refused(void **state)
{
    tsr_tensor *all = tensor(*state, 4, 4, NULL), *a = tensor(*state, 2, 2, a22);
    tsr_tensor *c = view(all, 2, 2, 4, 1, 0), *near = view(all, 2, 2, 4, 1, 1);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    refused(c, a, c, NULL, TSR_ERROR_ALIAS, "A");
    refused(a, near, c, NULL, TSR_ERROR_ALIAS, "B");
    options.bias = near;
    refused(a, a, c, &options, TSR_ERROR_ALIAS, "bias");
    tsr_tensor_destroy(near);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(all);
}

static void a_result_whose_elements_share_memory_is_refused(void **state)
{
    tsr_tensor *all = tensor(*state, 4, 4, NULL), *a = tensor(*state, 2, 2, a22);
    tsr_tensor *repeated = view(all, 2, 2, 0, 1, 0), *skewed = view(all, 2, 2, 1, 1, 0);

    refused(a, a, repeated, NULL, TSR_ERROR_ARGUMENT, "share memory");
    refused(a, a, skewed, NULL, TSR_ERROR_ARGUMENT, "share memory");
    tsr_tensor_destroy(skewed);
    tsr_tensor_destroy(repeated);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(all);
}

/* 8 x 2^58 and 2^58 x 8, of one element each: M * N * K is 2^64. */
static void a_product_too_large_to_count_is_refused(void **state)
{
    const size_t k = (SIZE_MAX >> 6) + 1;
    tsr_tensor *one = tensor(*state, 1, 1, a22), *c = tensor(*state, 8, 8, NULL);
    tsr_tensor *a = view(one, 8, k, 0, 0, 0), *b = view(one, k, 8, 0, 0, 0);

    refused(a, b, c, NULL, TSR_ERROR_OVERFLOW, "");
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(one);
}

static void an_unknown_strategy_or_activation_is_refused(void **state)
{
    tsr_tensor *a = tensor(*state, 2, 2, a22), *c = tensor(*state, 2, 2, NULL);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    options.strategy = "magic";
    refused(a, a, c, &options, TSR_ERROR_ARGUMENT, "magic");
    options.strategy = NULL;
    options.activation = (tsr_activation)99;
    refused(a, a, c, &options, TSR_ERROR_ARGUMENT, "99");
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_options_mean_the_plain_product),
        cmocka_unit_test(one_tensor_may_be_both_operands),
        cmocka_unit_test(c_may_be_a_block_beside_its_operands),
        cmocka_unit_test(the_report_names_who_did_it),
        cmocka_unit_test(an_alpha_that_rounds_to_zero_reads_neither_a_nor_b),
        cmocka_unit_test(the_environment_forces_a_strategy),
        cmocka_unit_test(strategies_have_names_and_an_end),
        cmocka_unit_test(device_time_is_positive_and_the_product_done),
        cmocka_unit_test(null_tensors_are_refused),
        cmocka_unit_test(shapes_that_do_not_fit_are_all_shown),
        cmocka_unit_test(a_bias_that_does_not_broadcast_is_refused),
        cmocka_unit_test(dtypes_that_differ_are_refused),
        cmocka_unit_test(tensors_of_two_devices_are_refused),
        cmocka_unit_test(a_result_that_shares_memory_with_an_operand_is_refused),
        cmocka_unit_test(a_result_whose_elements_share_memory_is_refused),
        cmocka_unit_test(a_product_too_large_to_count_is_refused),
        cmocka_unit_test(an_unknown_strategy_or_activation_is_refused),
    };

    unsetenv("TESSERA_STRATEGY");
    return cmocka_run_group_tests_name("matmul", tests, open_device, close_device);
}
