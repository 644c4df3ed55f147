/* test_compare_results.c: what is worked out from the rows, and how rows without numbers,
 * wrong rows and extreme values are written. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"
#include "results.h"
#include "screen.h"

static table_row done(const char *runner, double best, double first)
{
    return (table_row){.runner = runner,
                       .method = "rows",
                       .time = {1, 5, best, best, best},
                       .first_s = first,
                       .build_s = NAN,
                       .device_s = NAN,
                       .verdict = {.ok = true, .full = true}};
}

static void the_device_pays_off_when_its_costs_are_earned_back(void **state)
{
    table_row rows[] = {done("tessera", 1, 11), done("plain-c", 3, 3)};
    const case_result c = {
        .upload_s = 5, .download_s = 1, .rows = rows, .row_count = 2};

    (void)state;
    /* 5 + 11 + (n - 1) + 1 <= 3 n  <=>  n >= 8 */
    assert_true(results_payoff(&c, false) == 8);
    assert_true(results_payoff(&c, true) == 3);
    rows[0].time.best = 3;
    assert_true(isinf(results_payoff(&c, false)));
    rows[1].state = ROW_SKIPPED;
    assert_true(isnan(results_payoff(&c, false)));
}

static void wrong_rows_are_counted_apart(void **state)
{
    table_row rows[] = {done("tessera", 1, 1), done("plain-c", 1, 1)};
    case_result c = {.rows = rows, .row_count = 2};
    const results all = {.cases = &c, .case_count = 1};

    (void)state;
    assert_int_equal(results_count_wrong(&all), 0);
    rows[1].verdict.ok = false;
    assert_int_equal(results_count_wrong(&all), 1);
    rows[1].state = ROW_FAILED;
    assert_int_equal(results_count_wrong(&all), 0);
    assert_int_equal(results_count(&all, ROW_FAILED), 1);
}

static const char *json_of(const results *all)
{
    static char buffer[16384];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");
    failure why;

    assert_non_null(file);
    assert_true(json_write(file, all, &why));
    fclose(file);
    return buffer;
}

static void json_has_null_where_there_is_no_number(void **state)
{
    table_row rows[] = {done("tessera", 1, 1), done("tile", 1, 1)};
    case_result c = {
        .problem = problem_default(), .download_s = NAN, .rows = rows, .row_count = 2};
    const results all = {.cases = &c, .case_count = 1};
    const char *json;

    (void)state;
    rows[0].verdict =
        (tsr_verdict){.error_ratio = INFINITY, .got = NAN, .worst_column = (size_t)-1};
    rows[1].state = ROW_SKIPPED;
    strcpy(rows[1].reason, "a \"quoted\" reason\n");
    json = json_of(&all);
    assert_non_null(strstr(json, "\"download_ms\":\tnull"));
    assert_non_null(strstr(json, "\"f64_gflops\":\tnull"));
    assert_non_null(strstr(json, "\"error_ratio\":\tnull"));
    assert_non_null(strstr(json, "\"column\":\tnull"));
    assert_non_null(strstr(json, "\"ok\":\tfalse"));
    assert_non_null(strstr(json, "\"ok\":\tnull"));
    assert_non_null(strstr(json, "\"skipped\":\t\"a \\\"quoted\\\" reason\\n\""));
    assert_null(strstr(json, "inf"));
    assert_null(strstr(json, "nan"));
}

static void the_screen_says_where_a_result_is_wrong_within_80_columns(void **state)
{
    static char buffer[16384];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");
    table_row rows[] = {done("tessera", 123456, 123456),
                        done("plain-c-f64", 1e-9, 1e-9), done("tile", 1, 1)};
    case_result c = {
        .problem = problem_default(), .rows = rows, .row_count = 3, .zero_copy = true};

    (void)state;
    assert_non_null(file);
    rows[0].strategy = "a-strategy-with-a-long-name";
    rows[0].flops_per_second = 123456e9; /* some day */
    rows[0].bytes_per_second = 99999e9;
    rows[0].roof_fraction = 12;
    rows[1].verdict = (tsr_verdict){.error_ratio = 1e300,
                                    .worst_row = 7,
                                    .worst_column = 9,
                                    .got = NAN,
                                    .exact = 1.5,
                                    .bound = 1e-6};
    rows[2].state = ROW_SKIPPED;
    strcpy(rows[2].reason,
           "a long reason that does not fit beside the name of the runner "
           "and so goes on in a second line");
    screen_case(file, &c, false);
    fclose(file);
    assert_non_null(strstr(buffer, "WRONG"));
    assert_non_null(strstr(buffer, "C[7,9]"));
    assert_non_null(strstr(buffer, "skipped: a long reason"));
    for (const char *line = buffer; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_device_pays_off_when_its_costs_are_earned_back),
        cmocka_unit_test(wrong_rows_are_counted_apart),
        cmocka_unit_test(json_has_null_where_there_is_no_number),
        cmocka_unit_test(the_screen_says_where_a_result_is_wrong_within_80_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
