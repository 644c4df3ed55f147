/* test_compare_axis.c: places and ticks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "axis.h"

static void assert_ticks(axis a, size_t wanted, const double *expected, size_t count)
{
    double ticks[AXIS_MAX_TICKS];

    assert_int_equal(axis_ticks(&a, wanted, ticks), count);
    for (size_t i = 0; i < count; i++)
        assert_true(fabs(ticks[i] - expected[i]) <= 1e-9 * fabs(expected[i]));
}

#define ASSERT_TICKS(a, wanted, ...)                                                   \
    assert_ticks(a, wanted, (const double[]){__VA_ARGS__},                             \
                 sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void values_have_their_places(void **state)
{
    const axis even = {.low = 0, .high = 2, .from = 100, .to = 200};
    const axis up = {
        .low = 1, .high = 100, .from = 300, .to = 100, .logarithmic = true};

    (void)state;
    assert_true(fabs(axis_place(&even, 0.5) - 125) < 1e-9);
    assert_true(fabs(axis_place(&up, 10) - 200) < 1e-9);
    assert_true(fabs(axis_place(&up, 1) - 300) < 1e-9);
}

static void ticks_are_round(void **state)
{
    (void)state;
    ASSERT_TICKS(((axis){.low = 0, .high = 1}), 6, 0, 0.2, 0.4, 0.6, 0.8, 1);
    ASSERT_TICKS(((axis){.low = 0, .high = 1.3}), 8, 0, 0.2, 0.4, 0.6, 0.8, 1, 1.2);
    ASSERT_TICKS(((axis){.low = 0, .high = 12}), 6, 0, 2, 4, 6, 8, 10, 12);
}

static void ticks_of_a_logarithmic_axis_are_1_2_5_or_decades(void **state)
{
    (void)state;
    ASSERT_TICKS(((axis){.low = 0.5, .high = 20, .logarithmic = true}), 12, 0.5, 1, 2,
                 5, 10, 20);
    ASSERT_TICKS(((axis){.low = 1e3, .high = 1e9, .logarithmic = true}), 8, 1e3, 1e4,
                 1e5, 1e6, 1e7, 1e8, 1e9);
}

static void ends_are_rounded_out(void **state)
{
    axis a = {.low = 0.7, .high = 510, .logarithmic = true};

    (void)state;
    axis_round_out(&a);
    assert_true(fabs(a.low - 0.5) < 1e-12 && fabs(a.high - 1000) < 1e-9);
    a = (axis){.low = 2e9, .high = 2e9, .logarithmic = true};
    axis_round_out(&a);
    assert_true(a.low < a.high);
}

static void no_range_has_too_many_or_too_few_ticks(void **state)
{
    (void)state;
    for (double high = 1.1; high < 1e12; high *= 1.7)
        for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
            axis a = {.low = logarithmic, .high = high, .logarithmic = logarithmic};
            double ticks[AXIS_MAX_TICKS];
            size_t count;

            if (logarithmic)
                axis_round_out(&a);
            count = axis_ticks(&a, 12, ticks);
            assert_in_range(count, 2, 14);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_places),
        cmocka_unit_test(ticks_are_round),
        cmocka_unit_test(ticks_of_a_logarithmic_axis_are_1_2_5_or_decades),
        cmocka_unit_test(ends_are_rounded_out),
        cmocka_unit_test(no_range_has_too_many_or_too_few_ticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
