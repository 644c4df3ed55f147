/* test_compare_problem.c: sizes that can be counted and that fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fits.h"
#include "problem.h"

static problem sized(size_t m, size_t n, size_t k)
{
    problem p = problem_default();

    p.m = m;
    p.n = n;
    p.k = k;
    return p;
}

static void the_default_is_the_seed_product(void **state)
{
    const problem p = problem_default();
    char what[160];

    (void)state;
    problem_describe(&p, what, sizeof what);
    assert_string_equal(what, "A[1,6400] @ B[6400,5000] f32");
    assert_true(problem_flops(&p) == 64e6);
    assert_true(problem_bytes(&p, TSR_F32) == 4 * (6400 + 32e6 + 5000));
}

static void empty_products_are_fine(void **state)
{
    failure why;

    (void)state;
    for (unsigned bits = 0; bits < 8; bits++) {
        const problem p = sized(bits & 1 ? 0 : 3, bits & 2 ? 0 : 4, bits & 4 ? 0 : 5);

        assert_true(problem_check(&p, &why));
    }
}

static void a_product_beyond_counting_is_refused(void **state)
{
    const problem p = sized((size_t)1 << 22, (size_t)1 << 22, (size_t)1 << 22);
    failure why;

    (void)state;
    assert_false(problem_check(&p, &why));
    assert_int_equal(why.exit_status, EXIT_INPUT);
    assert_non_null(strstr(why.text, "M*N*K"));
}

static void bytes_beyond_counting_are_refused_though_the_product_is_empty(void **state)
{
    problem p = sized((size_t)1 << 32, 0, (size_t)1 << 31);
    failure why;

    (void)state;
    assert_false(problem_check(&p, &why));
    assert_non_null(strstr(why.text, "A["));
    p = sized((size_t)1 << 32, (size_t)1 << 31, 0);
    assert_false(problem_check(&p, &why));
    assert_non_null(strstr(why.text, "C["));
}

static void an_operand_beyond_one_allocation_is_refused(void **state)
{
    const tsr_device_info device = {
        .name = "toy", .max_alloc_bytes = 4096, .memory_bytes = 1 << 20};
    problem p = sized(32, 32, 32);
    failure why;

    (void)state;
    assert_true(problem_fits(&p, &device, &why));
    p = sized(1, 32, 33);
    assert_false(problem_fits(&p, &device, &why));
    assert_int_equal(why.exit_status, EXIT_INPUT);
    assert_non_null(strstr(why.text, "B[33,32]"));
    assert_non_null(strstr(why.text, "4096"));
}

static void operands_beyond_the_memory_are_refused(void **state)
{
    const tsr_device_info device = {
        .name = "toy", .max_alloc_bytes = 4096, .memory_bytes = 3 * 4096 - 1};
    const problem p = sized(32, 32, 32);
    failure why;

    (void)state;
    assert_false(problem_fits(&p, &device, &why));
}

static void f64_needs_fp64(void **state)
{
    tsr_device_info device = {.name = "toy"};

    (void)state;
    assert_true(device_has(&device, TSR_F32));
    assert_false(device_has(&device, TSR_F64));
    device.fp64 = true;
    assert_true(device_has(&device, TSR_F64));
}

static void a_size_is_decimal_digits_and_nothing_else(void **state)
{
    static const char *const bad[] = {"",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.5",
                                      "1e3",
                                      "0x10",
                                      "ten",
                                      "1,000",
                                      "18446744073709551616"};
    size_t size = 0;
    failure why;

    (void)state;
    assert_true(parse_size("6400", "-k", &size, &why));
    assert_int_equal(size, 6400);
    assert_true(parse_size("0", "-k", &size, &why));
    assert_int_equal(size, 0);
    assert_true(parse_size("18446744073709551615", "-k", &size, &why));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(parse_size(bad[i], "-k", &size, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
        assert_non_null(strstr(why.text, "-k"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_is_the_seed_product),
        cmocka_unit_test(empty_products_are_fine),
        cmocka_unit_test(a_product_beyond_counting_is_refused),
        cmocka_unit_test(bytes_beyond_counting_are_refused_though_the_product_is_empty),
        cmocka_unit_test(an_operand_beyond_one_allocation_is_refused),
        cmocka_unit_test(operands_beyond_the_memory_are_refused),
        cmocka_unit_test(f64_needs_fp64),
        cmocka_unit_test(a_size_is_decimal_digits_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
