/* The oracle: it accepts what theory allows, and nothing beyond. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <tessera/oracle.h>

/* A dense row-major m x n matrix. */
static tsr_host_matrix dense(const void *data, size_t m, size_t n)
{
    return (tsr_host_matrix){data, n, 1, m * n};
}

/* [1 2; 3 4] @ [5 6; 7 8] = [19 22; 43 50] */
static const float a22[] = {1, 2, 3, 4}, b22[] = {5, 6, 7, 8};

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

/* A 1 x 1 x k product of the first k numbers of a22 and b22. */
static tsr_host_product scalar(const void *a, const void *b, size_t k, tsr_dtype dtype)
{
    return (tsr_host_product){.dtype = dtype,
                              .m = 1,
                              .n = 1,
                              .k = k,
                              .batch = 1,
                              .a = dense(a, 1, k),
                              .b = dense(b, k, 1),
                              .alpha = 1};
}

static tsr_verdict judge(const tsr_host_product *product, tsr_host_matrix c)
{
    tsr_oracle *oracle;
    tsr_verdict verdict;

    assert_int_equal(tsr_oracle_create(product, 1, &oracle), TSR_OK);
    assert_int_equal(tsr_oracle_check(oracle, &c, &verdict), TSR_OK);
    tsr_oracle_destroy(oracle);
    return verdict;
}

static tsr_verdict judge_f32(const tsr_host_product *product, float c)
{
    return judge(product, dense(&c, 1, 1));
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

/* The bound of 1 x 1 x 2: gamma(k + 2) * (|1*5| + |2*7|) + (k + 2) * tiny. */
static void the_bound_is_the_documented_one(void **state)
{
    const double u = ldexp(1, -24), gamma4 = 4 * u / (1 - 4 * u);
    const float a[] = {1, -2}, b[] = {5, 7}, bias = 3;
    tsr_host_product p = scalar(a, b, 2, TSR_F32);
    tsr_verdict v = judge_f32(&p, -9);

    (void)state;
    assert_true(v.ok && v.exact == -9);
    assert_true(fabs(v.bound / (gamma4 * 19 + 4 * FLT_MIN) - 1) < 1e-6);

    p.alpha = 0.5;
    p.bias = dense(&bias, 1, 1);
    v = judge_f32(&p, -1.5f);
    assert_true(v.ok && v.exact == -1.5);
    assert_true(fabs(v.bound / (5 * u / (1 - 5 * u) * 12.5) - 1) < 1e-6);
}

static void the_bound_of_f64_is_that_of_f64(void **state)
{
    const double u = ldexp(1, -53), a[] = {1, -2}, b[] = {5, 7}, c = -9;
    tsr_host_product p = scalar(a, b, 2, TSR_F64);
    tsr_verdict v = judge(&p, dense(&c, 1, 1));

    (void)state;
    assert_true(v.ok && v.error_ratio == 0);
    assert_true(fabs(v.bound / (4 * u * 19) - 1) < 1e-3);
}

/* With 1 + 2^-22 * 1000 terms of exact sum, a result just inside and just outside. */
static void slightly_beyond_the_bound_is_rejected_slightly_less_accepted(void **state)
{
    enum { K = 100 };
    float a[K], b[K];
    tsr_host_product p = scalar(a, b, K, TSR_F32);
    double bound;
    tsr_verdict v;

    (void)state;
    for (int k = 0; k < K; k++) {
        a[k] = k % 2 ? -1 : 1; /* the exact sum is 0, its magnitude K */
        b[k] = 1;
    }
    bound = judge_f32(&p, 0).bound;
    assert_true(bound > 100 * ldexp(1, -24) * K);
    for (int sign = -1; sign <= 1; sign += 2) {
        v = judge_f32(&p, (float)(sign * bound * 0.9999));
        assert_true(v.ok && v.error_ratio > 0.999 && v.error_ratio <= 1);
        v = judge_f32(&p, (float)(sign * bound * 1.0001));
        assert_true(!v.ok && v.error_ratio > 1 && v.error_ratio < 1.001);
    }
}

static void an_empty_sum_must_be_zero_or_flushed(void **state)
{
    tsr_host_product p = scalar(NULL, NULL, 0, TSR_F32);

    (void)state;
    assert_true(judge_f32(&p, 0).error_ratio == 0);
    assert_true(judge_f32(&p, FLT_MIN).ok);
    assert_false(judge_f32(&p, 3 * FLT_MIN).ok);
    assert_false(judge_f32(&p, NAN).ok);
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

static void infinity_must_have_the_right_sign(void **state)
{
    const float a[] = {INFINITY, 1}, b[] = {-2, 1}, zero = 0;
    tsr_host_product p = scalar(a, b, 2, TSR_F32);

    (void)state;
    assert_true(judge_f32(&p, -INFINITY).ok);
    assert_false(judge_f32(&p, INFINITY).ok);
    assert_false(judge_f32(&p, NAN).ok);
    assert_false(judge_f32(&p, -FLT_MAX).ok);
    p = scalar(a, &zero, 1, TSR_F32); /* infinity * 0 */
    assert_true(judge_f32(&p, NAN).ok);
    assert_false(judge_f32(&p, 0).ok);
}

static void beyond_the_largest_number_infinity_is_right(void **state)
{
    const float a[] = {FLT_MAX, FLT_MAX}, b[] = {2, 2}, mixed[] = {2, -2};
    tsr_host_product p = scalar(a, b, 1, TSR_F32);

    (void)state;
    assert_true(judge_f32(&p, INFINITY).ok);
    assert_false(judge_f32(&p, -INFINITY).ok);
    assert_false(judge_f32(&p, NAN).ok);
    assert_false(judge_f32(&p, FLT_MAX).ok);
    /* The exact value is 0, but either product may overflow on the way. */
    p = scalar(a, mixed, 2, TSR_F32);
    assert_true(judge_f32(&p, 0).ok);
    assert_true(judge_f32(&p, NAN).ok);
    assert_true(judge_f32(&p, -INFINITY).ok);
    /* Within range nothing may overflow. */
    p = scalar(a22, b22, 2, TSR_F32);
    assert_false(judge_f32(&p, INFINITY).ok);
}

static void activations_are_judged_after_the_function(void **state)
{
    static const struct {
        tsr_activation activation;
        float x;
        double y;
    } cases[] = {
        {TSR_ACTIVATION_RELU, -2, 0},
        {TSR_ACTIVATION_RELU, 2, 2},
        {TSR_ACTIVATION_TANH, 0.5f, 0.46211715726000975850},
        {TSR_ACTIVATION_SIGMOID, -1, 0.26894142136999512075},
        {TSR_ACTIVATION_GELU, 1, 0.84134474606854294859},
        {TSR_ACTIVATION_GELU, -3, -0.0040496940946178},
    };
    const float one = 1;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tsr_host_product p = scalar(&cases[i].x, &one, 1, TSR_F32);
        tsr_verdict v;

        p.activation = cases[i].activation;
        v = judge_f32(&p, (float)cases[i].y);
        assert_true(v.ok && fabs(v.exact - cases[i].y) < 1e-12);
        assert_true(v.bound < 1e-5);
        assert_false(judge_f32(&p, (float)(cases[i].y + 1.2 * v.bound)).ok);
        assert_false(judge_f32(&p, (float)(cases[i].y - 1.2 * v.bound)).ok);
        assert_false(judge_f32(&p, NAN).ok);
    }
}

static void activations_keep_nan_and_take_infinity(void **state)
{
    const float nan = NAN, inf = INFINITY, one = 1;
    tsr_host_product p = scalar(&nan, &one, 1, TSR_F32);

    (void)state;
    for (int f = TSR_ACTIVATION_NONE; f <= TSR_ACTIVATION_GELU; f++) {
        p.activation = (tsr_activation)f;
        assert_true(judge_f32(&p, NAN).ok);
        assert_false(judge_f32(&p, 0).ok);
    }
    p = scalar(&inf, &one, 1, TSR_F32);
    p.activation = TSR_ACTIVATION_TANH;
    assert_true(judge_f32(&p, 1).ok);
    assert_true(
        judge_f32(&p, nextafterf(1, 0)).ok); /* tanh may be 5 ulp off there too */
    assert_false(judge_f32(&p, 0.999f).ok);
    assert_false(judge_f32(&p, NAN).ok);
    p.activation = TSR_ACTIVATION_GELU;
    assert_true(judge_f32(&p, INFINITY).ok);
    assert_false(judge_f32(&p, FLT_MAX).ok);
}

/* ---- Above TSR_ORACLE_FULL_FLOPS ------------------------------------------------- */

enum { LARGE_M = 200, LARGE_N = 251, LARGE_K = 20001 };

/* 2.008 GFLOP, but only one row of A that is not zero, so that the right result is cheap:
 * C is zero except row 77, which is the sum of B's columns. */
typedef struct large {
    float *a, *b, *c;
    tsr_host_product product;
    tsr_oracle *oracle;
} large;

static int make_large(void **state)
{
    large *l = calloc(1, sizeof *l);

    l->a = calloc((size_t)LARGE_M * LARGE_K, sizeof *l->a);
    l->b = malloc((size_t)LARGE_K * LARGE_N * sizeof *l->b);
    l->c = calloc((size_t)LARGE_M * LARGE_N, sizeof *l->c);
    for (size_t k = 0; k < LARGE_K; k++) {
        l->a[(size_t)77 * LARGE_K + k] = 1;
        for (size_t j = 0; j < LARGE_N; j++) {
            float b = (float)((k * 7 + j * 5) % 3) - 1;

            l->b[k * LARGE_N + j] = b;
            l->c[(size_t)77 * LARGE_N + j] += b;
        }
    }
    l->product = (tsr_host_product){.dtype = TSR_F32,
                                    .m = LARGE_M,
                                    .n = LARGE_N,
                                    .k = LARGE_K,
                                    .batch = 1,
                                    .a = dense(l->a, LARGE_M, LARGE_K),
                                    .b = dense(l->b, LARGE_K, LARGE_N),
                                    .alpha = 1};
    *state = l;
    return (int)tsr_oracle_create(&l->product, 42, &l->oracle);
}

static int drop_large(void **state)
{
    large *l = *state;

    tsr_oracle_destroy(l->oracle);
    free(l->c);
    free(l->b);
    free(l->a);
    free(l);
    return 0;
}

static void a_large_product_is_sampled_and_its_residual_is_right(void **state)
{
    large *l = *state;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    tsr_verdict v;

    assert_int_equal(tsr_oracle_check(l->oracle, &c, &v), TSR_OK);
    assert_true(v.ok && v.error_ratio == 0);
    assert_false(v.full);
    assert_true(v.checked >= LARGE_N && v.checked < (size_t)LARGE_M * LARGE_N);
    assert_int_equal(v.checked % LARGE_N, 0);
}

/* Whatever rows were sampled: one wrong element in any row is found. */
static void one_wrong_element_anywhere_in_a_large_product_is_caught(void **state)
{
    large *l = *state;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    size_t by_residual = 0;
    tsr_verdict v;

    for (size_t i = 0; i < LARGE_M; i++) {
        float *element = &l->c[i * LARGE_N + i % LARGE_N], right = *element;

        *element = i % 3 == 0 ? NAN : right + 20000;
        assert_int_equal(tsr_oracle_check(l->oracle, &c, &v), TSR_OK);
        *element = right;
        assert_false(v.ok);
        assert_int_equal(v.worst_row, i);
        by_residual += v.worst_column == (size_t)-1;
    }
    assert_true(by_residual > 0);
}

static void the_seed_decides_which_rows_are_sampled(void **state)
{
    large *l = *state;
    tsr_host_product p = l->product;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    size_t missed[2] = {0, 0};

    /* tanh has no residual, so that only sampled rows are seen; K is cut to keep it
     * quick, and M grown by repeating the batch. */
    p.activation = TSR_ACTIVATION_TANH;
    p.m = 8;
    p.k = 1;
    p.batch = 10000;
    p.b.batch_stride = p.a.batch_stride = c.batch_stride = 0;
    for (uint64_t seed = 0; seed < 2; seed++) {
        tsr_oracle *oracle;
        tsr_verdict v;

        assert_int_equal(tsr_oracle_create(&p, seed, &oracle), TSR_OK);
        l->c[0] = 7; /* row 0 of every batch */
        assert_int_equal(tsr_oracle_check(oracle, &c, &v), TSR_OK);
        l->c[0] = 0;
        assert_false(v.ok || v.full);
        missed[seed] = v.worst_batch;
        tsr_oracle_destroy(oracle);
    }
    assert_int_not_equal(missed[0], missed[1]);
}

/* ---- Arguments ------------------------------------------------------------------- */

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
        cmocka_unit_test(strides_of_every_operand_are_followed),
        cmocka_unit_test(batches_broadcast_with_a_stride_of_zero),
        cmocka_unit_test(alpha_beta_and_bias_enter_the_exact_value),
        cmocka_unit_test(alpha_is_rounded_to_the_dtype_first),
        cmocka_unit_test(the_bound_is_the_documented_one),
        cmocka_unit_test(the_bound_of_f64_is_that_of_f64),
        cmocka_unit_test(slightly_beyond_the_bound_is_rejected_slightly_less_accepted),
        cmocka_unit_test(an_empty_sum_must_be_zero_or_flushed),
        cmocka_unit_test(an_empty_product_is_right),
        cmocka_unit_test(beta_zero_ignores_nan_in_c_and_other_betas_keep_it),
        cmocka_unit_test(alpha_zero_ignores_nan_in_a_and_b),
        cmocka_unit_test(infinity_must_have_the_right_sign),
        cmocka_unit_test(beyond_the_largest_number_infinity_is_right),
        cmocka_unit_test(activations_are_judged_after_the_function),
        cmocka_unit_test(activations_keep_nan_and_take_infinity),
        cmocka_unit_test(bad_arguments_are_named_and_leave_no_oracle),
    };
    const struct CMUnitTest large_tests[] = {
        cmocka_unit_test(a_large_product_is_sampled_and_its_residual_is_right),
        cmocka_unit_test(one_wrong_element_anywhere_in_a_large_product_is_caught),
        cmocka_unit_test(the_seed_decides_which_rows_are_sampled),
    };
    int failed = cmocka_run_group_tests_name("oracle", tests, NULL, NULL);

    return failed + cmocka_run_group_tests_name("oracle, sampled", large_tests,
                                                make_large, drop_large);
}
