/* The oracle's exact value, and the reference product, against sums that are compensated:
 * products and sums each kept with their rounding error (Dekker 1971, Knuth; Ogita, Rump
 * and Oishi 2005, algorithm 5.3), as if in twice the precision of double. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "oracle_fixture.h"

enum { MOST = 5000 };

static double a64[MOST], b64[MOST];
static float a32[MOST], b32[MOST];

/* The sum of a[i] * b[i]; *magnitude, of their absolute values. */
static double compensated(const double *a, const double *b, size_t k, double *magnitude)
{
    double sum = 0, error = 0;

    *magnitude = 0;
    for (size_t i = 0; i < k; i++) {
        double product = a[i] * b[i], rest = fma(a[i], b[i], -product);
        double next = sum + product, of = next - sum;

        error += rest + ((sum - (next - of)) + (product - of));
        sum = next;
        *magnitude += fabs(product);
    }
    return sum + error;
}

/* Terms that cancel: of sizes from 1 to 2^30, and each once more with the other sign and a
 * little beside it, so that what is left is far smaller than they are. */
static void fill(size_t k, bool cancel)
{
    for (size_t i = 0; i < k; i++) {
        double scale = ldexp(1, rand() % 31);

        a64[i] = scale * (rand() / (RAND_MAX + 1.0) - 0.5);
        b64[i] = rand() / (RAND_MAX + 1.0) - 0.5;
        if (cancel && i % 2) {
            a64[i] = -a64[i - 1];
            b64[i] = b64[i - 1] * (1 + ldexp(rand() % 100, -40));
        }
        a32[i] = (float)a64[i];
        b32[i] = (float)b64[i];
    }
}

/* The oracle sums f64 in long double, whose 64 bits it may lose one of for each term. */
static void the_exact_value_of_f64_is_the_compensated_one(void **state)
{
    static const size_t lengths[] = {1, 2, 3, 17, 256, 257, 1000, 4999, 5000};

    (void)state;
    srand(7);
    for (int round = 0; round < 20; round++)
        for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
            size_t k = lengths[l];
            tsr_host_product p = scalar(a64, b64, k, TSR_F64);
            double magnitude, exact, c;
            tsr_verdict v;

            fill(k, round % 2);
            exact = compensated(a64, b64, k, &magnitude);
            v = judge(&p, dense(&exact, 1, 1));
            assert_true(v.ok);
            assert_true(fabs(v.exact - exact) <=
                        (double)k * ldexp(magnitude, -63) + fabs(exact) * DBL_EPSILON);
            /* And with it the reference, rounded once. */
            assert_int_equal(tsr_reference_matmul(&p, &c, 1, 1, 1), TSR_OK);
            assert_true(fabs(c - exact) <=
                        (double)k * ldexp(magnitude, -63) + fabs(exact) * DBL_EPSILON);
        }
}

/* f32 in double: a product of two is exact, a sum loses a bit of 53 for each term. */
static void the_exact_value_of_f32_is_the_compensated_one(void **state)
{
    static double wide_a[MOST], wide_b[MOST];

    (void)state;
    srand(8);
    for (int round = 0; round < 20; round++)
        for (size_t k = 1; k <= MOST; k = 3 * k + 1) {
            tsr_host_product p = scalar(a32, b32, k, TSR_F32);
            double magnitude, exact;
            tsr_verdict v;

            fill(k, round % 2);
            for (size_t i = 0; i < k; i++)
                wide_a[i] = a32[i], wide_b[i] = b32[i];
            exact = compensated(wide_a, wide_b, k, &magnitude);
            v = judge_f32(&p, (float)exact);
            assert_true(v.ok);
            assert_true(fabs(v.exact - exact) <=
                        (double)k * ldexp(magnitude, -52) + fabs(exact) * DBL_EPSILON);
        }
}

/* What a plain sum in double makes of terms that cancel is told from the exact value: the
 * bound follows the terms, not the result. */
static void a_plain_sum_is_within_the_bound_and_not_exact(void **state)
{
    tsr_host_product p = scalar(a64, b64, MOST, TSR_F64);
    double plain = 0;
    tsr_verdict v;

    (void)state;
    srand(9);
    fill(MOST, true);
    for (size_t i = 0; i < MOST; i++)
        plain += a64[i] * b64[i];
    v = judge(&p, dense(&plain, 1, 1));
    assert_true(v.ok && v.error_ratio > 0 && v.error_ratio < 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exact_value_of_f64_is_the_compensated_one),
        cmocka_unit_test(the_exact_value_of_f32_is_the_compensated_one),
        cmocka_unit_test(a_plain_sum_is_within_the_bound_and_not_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
