/* test_compare_sweep.c: products made from a range of sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "series.h"
#include "sweep.h"

typedef bool expand(const sweep *s, const problem *otherwise, problem_list *out,
                    failure *why);

/* Whether `text` becomes products with these M. */
static void assert_sizes(expand *make, const char *text, const size_t *sizes,
                         size_t count)
{
    const problem otherwise = problem_default();
    problem_list list;
    failure why;
    sweep s;

    assert_true(sweep_parse(text, "--sweep", &s, &why));
    assert_true(make(&s, &otherwise, &list, &why));
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list.items[i].m, sizes[i]);
        assert_int_equal(list.items[i].n, make == sweep_squares ? sizes[i] : 5000);
        assert_int_equal(list.items[i].k, make == sweep_squares ? sizes[i] : 6400);
    }
    problem_list_free(&list);
}

#define ASSERT_SIZES(make, text, ...)                                                  \
    assert_sizes(make, text, (const size_t[]){__VA_ARGS__},                            \
                 sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

static void squares_double(void **state)
{
    (void)state;
    ASSERT_SIZES(sweep_squares, "64:1024", 64, 128, 256, 512, 1024);
    ASSERT_SIZES(sweep_squares, "1:8", 1, 2, 4, 8);
    ASSERT_SIZES(sweep_squares, "100:300", 100, 176, 300);
    ASSERT_SIZES(sweep_squares, "7:7", 7);
}

static void steps_are_even_on_a_logarithmic_scale(void **state)
{
    (void)state;
    ASSERT_SIZES(sweep_squares, "1:100:3", 1, 10, 100);
    ASSERT_SIZES(sweep_squares, "64:1024:3", 64, 256, 1024);
    ASSERT_SIZES(sweep_squares, "1:3:9", 1, 2, 3); /* none twice */
}

static void rows_have_two_sizes_a_doubling(void **state)
{
    (void)state;
    ASSERT_SIZES(sweep_rows, "1:16", 1, 2, 3, 4, 6, 8, 11, 16);
    ASSERT_SIZES(sweep_rows, "8:16:2", 8, 16);
}

static void a_range_that_is_none_is_refused(void **state)
{
    static const char *const bad[] = {
        "",        "8",     ":8",
        "8:",      "8:4",   "0:4",
        "a:4",     "4:a",   "4:8:",
        "4:8:1",   "4:8:a", "4:8:1001",
        "4:8:2:2", "-4:8",  "4:99999999999999999999999999999999999999999999",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        failure why;
        sweep s;

        assert_false(sweep_parse(bad[i], "--sweep", &s, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
        assert_non_null(strstr(why.text, "--sweep"));
    }
}

static void a_product_too_large_to_count_is_refused(void **state)
{
    const sweep s = {.low = 1, .high = (size_t)1 << 32};
    const problem otherwise = problem_default();
    problem_list list;
    failure why;

    (void)state;
    assert_false(sweep_squares(&s, &otherwise, &list, &why));
    assert_null(list.items);
}

static void a_series_is_what_differs_in_one_size_only(void **state)
{
    case_result cases[3];
    results all = {.cases = cases, .case_count = 3};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        cases[i] =
            (case_result){.problem = {.m = i + 1, .n = i + 1, .k = i + 1, .batch = 1}};
    assert_int_equal(series_of(&all), SERIES_SQUARES);
    cases[2].problem.dtype = TSR_F64;
    assert_int_equal(series_of(&all), SERIES_NONE);
    cases[2].problem.dtype = TSR_F32;
    for (size_t i = 0; i < 3; i++)
        cases[i].problem.n = cases[i].problem.k = 7;
    assert_int_equal(series_of(&all), SERIES_ROWS);
    cases[1].problem.m = 1; /* not rising */
    assert_int_equal(series_of(&all), SERIES_NONE);
    all.case_count = 1;
    assert_int_equal(series_of(&all), SERIES_NONE);
    all.case_count = 0;
    assert_int_equal(series_of(&all), SERIES_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_double),
        cmocka_unit_test(steps_are_even_on_a_logarithmic_scale),
        cmocka_unit_test(rows_have_two_sizes_a_doubling),
        cmocka_unit_test(a_range_that_is_none_is_refused),
        cmocka_unit_test(a_product_too_large_to_count_is_refused),
        cmocka_unit_test(a_series_is_what_differs_in_one_size_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
