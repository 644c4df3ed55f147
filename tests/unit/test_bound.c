/* The bound: what theory allows is accepted, and nothing beyond. */
#include <float.h>
#include <math.h>

#include "oracle_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_is_the_documented_one),
        cmocka_unit_test(the_bound_of_f64_is_that_of_f64),
        cmocka_unit_test(slightly_beyond_the_bound_is_rejected_slightly_less_accepted),
        cmocka_unit_test(an_empty_sum_must_be_zero_or_flushed),
        cmocka_unit_test(infinity_must_have_the_right_sign),
        cmocka_unit_test(beyond_the_largest_number_infinity_is_right),
        cmocka_unit_test(activations_are_judged_after_the_function),
        cmocka_unit_test(activations_keep_nan_and_take_infinity),
    };

    return cmocka_run_group_tests_name("bound", tests, NULL, NULL);
}
