#include "base/checked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void multiply_says_whether_the_product_fits(void **state)
{
    size_t product;

    (void)state;
    assert_true(tsr__multiply(SIZE_MAX, 1, &product) && product == SIZE_MAX);
    assert_true(tsr__multiply(0, SIZE_MAX, &product) && product == 0);
    assert_false(tsr__multiply(SIZE_MAX, 2, &product));
    assert_false(tsr__multiply((size_t)1 << 32, (size_t)1 << 32, &product));
    assert_true(tsr__multiply((size_t)1 << 31, (size_t)1 << 32, &product));
}

static void add_says_whether_the_sum_fits(void **state)
{
    size_t sum;

    (void)state;
    assert_true(tsr__add(SIZE_MAX, 0, &sum) && sum == SIZE_MAX);
    assert_false(tsr__add(SIZE_MAX, 1, &sum));
}

static void divide_up_does_not_overflow_at_the_largest_size(void **state)
{
    (void)state;
    assert_int_equal(tsr__divide_up(0, 8), 0);
    assert_int_equal(tsr__divide_up(1, 8), 1);
    assert_int_equal(tsr__divide_up(8, 8), 1);
    assert_int_equal(tsr__divide_up(9, 8), 2);
    assert_true(tsr__divide_up(SIZE_MAX, 2) == (size_t)1 << 63);
    assert_int_equal(tsr__round_up(9, 8), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiply_says_whether_the_product_fits),
        cmocka_unit_test(add_says_whether_the_sum_fits),
        cmocka_unit_test(divide_up_does_not_overflow_at_the_largest_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
