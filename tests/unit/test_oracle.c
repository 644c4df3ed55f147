/* The oracle: the exact value of each element, whatever the layout. */
#include <math.h>
#include <string.h>

#include "oracle_fixture.h"

static tsr_host_product two_by_two(void)
{
    return (tsr_host_product){.dtype = TSR_F32,
                              .m = 2,
                              .n = 2,
                              .k = 2,
                              .batch = 1,
                              .a = dense(a22, 2, 2),
                              .b = dense(b22, 2, 2),
                              .alpha = 1};
}

static void the_right_product_has_no_error(void **state)
{
    const float c[] = {19, 22, 43, 50};
    tsr_host_product p = two_by_two();
    tsr_verdict v = judge(&p, dense(c, 2, 2));

    (void)state;
    assert_true(v.ok);
    assert_true(v.full);
    assert_true(v.error_ratio == 0);
    assert_int_equal(v.checked, 4);
}

static void a_wrong_element_is_named(void **state)
{
    const float c[] = {19, 22, 44, 50};
    tsr_host_product p = two_by_two();
    tsr_verdict v = judge(&p, dense(c, 2, 2));

    (void)state;
    assert_false(v.ok);
    assert_true(v.error_ratio > 1);
    assert_int_equal(v.worst_row, 1);
    assert_int_equal(v.worst_column, 0);
    assert_true(v.got == 44 && v.exact == 43);
}

/* And stays wrong, though right ones follow it. */
static void what_is_no_number_is_a_wrong_element(void **state)
{
    const float wrong[] = {NAN, INFINITY, -INFINITY};

    (void)state;
    for (int i = 0; i < 3; i++) {
        const float c[] = {19, wrong[i], 43, 50};
        tsr_host_product p = two_by_two();
        tsr_verdict v = judge(&p, dense(c, 2, 2));

        assert_false(v.ok);
        assert_int_equal(v.worst_row, 0);
        assert_int_equal(v.worst_column, 1);
    }
}

static void strides_of_every_operand_are_followed(void **state)
{
    /* A^T, B^T, C^T, each with a gap of NaN. */
    const float n = NAN;
    const float at[] = {1, 3, n, 2, 4, n}, bt[] = {5, 7, n, 6, 8, n};
    const float ct[] = {19, 43, n, 22, 50, n};
    tsr_host_product p = two_by_two();
    tsr_verdict v;

    (void)state;
    p.a = (tsr_host_matrix){at, 1, 3, 0};
    p.b = (tsr_host_matrix){bt, 1, 3, 0};
    v = judge(&p, (tsr_host_matrix){ct, 1, 3, 0});
    assert_true(v.ok && v.error_ratio == 0);
}

static void each_product_of_a_batch_has_operands_of_its_own(void **state)
{
    const float a[] = {1, 2, 3, 4, 2, 0, 0, 2}, c[] = {19, 22, 43, 50, 10, 12, 14, 16};
    tsr_host_product p = two_by_two();
    tsr_verdict v;

    (void)state;
    p.batch = 2;
    p.a = dense(a, 2, 2);
    p.b.batch_stride = 0;
    v = judge(&p, dense(c, 2, 2));
    assert_true(v.ok && v.error_ratio == 0);
    assert_int_equal(v.checked, 8);
}

static void batches_broadcast_with_a_stride_of_zero(void **state)
{
    const float c[] = {19, 22, 43, 50, 19, 22, 43, 51};
    tsr_host_product p = two_by_two();
    tsr_verdict v;

    (void)state;
    p.batch = 2;
    p.a.batch_stride = p.b.batch_stride = 0;
    v = judge(&p, dense(c, 2, 2));
    assert_false(v.ok);
    assert_int_equal(v.checked, 8);
    assert_int_equal(v.worst_batch, 1);
    assert_int_equal(v.worst_row, 1);
    assert_int_equal(v.worst_column, 1);
}

static void alpha_beta_and_bias_enter_the_exact_value(void **state)
{
    /* 2 * [19 22; 43 50] - [1 1; 1 1] + [10 20] */
    const float ones[] = {1, 1, 1, 1}, bias[] = {10, 20};
    const float c[] = {47, 63, 95, 119};
    tsr_host_product p = two_by_two();
    tsr_verdict v;

    (void)state;
    p.alpha = 2;
    p.beta = -1;
    p.c0 = dense(ones, 2, 2);
    p.bias = (tsr_host_matrix){bias, 0, 1, 0};
    v = judge(&p, dense(c, 2, 2));
    assert_true(v.ok && v.error_ratio == 0);
}

static void alpha_is_rounded_to_the_dtype_first(void **state)
{
    const float a = 8388608, b = 1; /* 2^23: its product with 0.1 and 0.1f differ */
    tsr_host_product p = scalar(&a, &b, 1, TSR_F32);
    tsr_verdict v;

    (void)state;
    p.alpha = 0.1;
    v = judge_f32(&p, 0.1f * a);
    assert_true(v.exact == (double)0.1f * 8388608.0);
}

static void an_empty_product_is_right(void **state)
{
    tsr_host_product p = two_by_two();
    tsr_verdict v;

    (void)state;
    p.n = 0;
    v = judge(&p, (tsr_host_matrix){0});
    assert_true(v.ok && v.full && v.error_ratio == 0);
    assert_int_equal(v.checked, 0);
}

static void beta_zero_ignores_nan_in_c_and_other_betas_keep_it(void **state)
{
    const float c0 = NAN;
    tsr_host_product p = scalar(a22, b22, 1, TSR_F32);

    (void)state;
    p.c0 = dense(&c0, 1, 1);
    assert_true(judge_f32(&p, 5).ok);
    assert_false(judge_f32(&p, NAN).ok);
    p.beta = 0.5;
    assert_false(judge_f32(&p, 5).ok);
    assert_true(judge_f32(&p, NAN).ok);
}

static void alpha_zero_ignores_nan_in_a_and_b(void **state)
{
    const float nan = NAN, c0 = 3;
    tsr_host_product p = scalar(&nan, &nan, 1, TSR_F32);

    (void)state;
    p.c0 = dense(&c0, 1, 1);
    p.beta = 1;
    assert_false(judge_f32(&p, 3).ok);
    assert_true(judge_f32(&p, NAN).ok);
    p.alpha = 0;
    assert_true(judge_f32(&p, 3).error_ratio == 0);
    assert_false(judge_f32(&p, NAN).ok);
}

static void bad_arguments_are_named_and_leave_no_oracle(void **state)
{
    tsr_host_product p = two_by_two();
    tsr_oracle *oracle = (tsr_oracle *)(uintptr_t)1;
    tsr_verdict v;

    (void)state;
    assert_int_equal(tsr_oracle_create(NULL, 1, &oracle), TSR_ERROR_ARGUMENT);
    assert_null(oracle);
    assert_int_equal(tsr_oracle_create(&p, 1, NULL), TSR_ERROR_ARGUMENT);
    p.a.data = NULL;
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_ERROR_ARGUMENT);
    assert_non_null(strstr(tsr_error_detail(), "A is NULL"));
    p = two_by_two();
    p.beta = 1; /* and no C */
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_ERROR_ARGUMENT);
    p = two_by_two();
    p.dtype = (tsr_dtype)7;
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_ERROR_ARGUMENT);
    p = two_by_two();
    p.activation = (tsr_activation)9;
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_ERROR_ARGUMENT);
    p = two_by_two();
    p.m = p.n = SIZE_MAX / 2;
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_ERROR_OVERFLOW);
    p = two_by_two();
    p.b.row_stride = SIZE_MAX;
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_ERROR_OVERFLOW);
    p = two_by_two();
    assert_int_equal(tsr_oracle_create(&p, 1, &oracle), TSR_OK);
    assert_int_equal(tsr_oracle_check(oracle, NULL, &v), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_oracle_check(NULL, &p.a, &v), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_oracle_check(oracle, &p.a, NULL), TSR_ERROR_ARGUMENT);
    tsr_oracle_destroy(oracle);
    tsr_oracle_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_product_has_no_error),
        cmocka_unit_test(a_wrong_element_is_named),
        cmocka_unit_test(what_is_no_number_is_a_wrong_element),
        cmocka_unit_test(strides_of_every_operand_are_followed),
        cmocka_unit_test(each_product_of_a_batch_has_operands_of_its_own),
        cmocka_unit_test(batches_broadcast_with_a_stride_of_zero),
        cmocka_unit_test(alpha_beta_and_bias_enter_the_exact_value),
        cmocka_unit_test(alpha_is_rounded_to_the_dtype_first),
        cmocka_unit_test(an_empty_product_is_right),
        cmocka_unit_test(beta_zero_ignores_nan_in_c_and_other_betas_keep_it),
        cmocka_unit_test(alpha_zero_ignores_nan_in_a_and_b),
        cmocka_unit_test(bad_arguments_are_named_and_leave_no_oracle),
    };

    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
