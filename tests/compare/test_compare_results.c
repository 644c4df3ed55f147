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

#include "above.h"
#include "colour.h"
#include "json.h"
#include "results.h"
#include "screen.h"
#include "settle.h"
#include "summary.h"

static table_row done(const char *runner, double best, double first)
{
    return (table_row){.runner = runner,
                       .method = "rows",
                       .time = {1, 5, best, best, best},
                       .first_s = first,
                       .build_s = NAN,
                       .device_s = NAN,
                       .earlier_s = NAN,
                       .noise = NAN,
                       .verdict = {.ok = true, .full = true}};
}

static void the_device_pays_off_when_its_costs_are_earned_back(void **state)
{
    table_row rows[] = {done("tessera", 1, 11), done("plain-c", 3, 3)};
    const case_result c = {
        .upload_s = 5, .download_s = 1, .rows = rows, .row_count = 2};

    (void)state;
    /* 5 + 11 + (n - 1) + 1 <= 3 n  <=>  n >= 8 */
    assert_true(results_payoff(&c, "plain-c", false) == 8);
    assert_true(results_payoff(&c, "plain-c", true) == 3);
    rows[0].time.best = 3;
    assert_true(isinf(results_payoff(&c, "plain-c", false)));
    rows[1].state = ROW_SKIPPED;
    assert_true(isnan(results_payoff(&c, "plain-c", false)));
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

/* 1 GB/s, 2 GFLOP/s, a launch of 10 us, a cache of 1 MB; `bytes` and `flops` to do. */
static case_result with_roof(double bytes, double flops, table_row *row)
{
    const case_result c = {
        .problem = problem_default(),
        .bytes = bytes,
        .flops = flops,
        .roof = {1e9, 2e9, 1e9, 1e-5},
        .roof_s = fmax(bytes / 1e9, flops / 2e9),
        .cache_bytes = 1e6,
        .on_host_cpu = true,
        .zero_copy = true,
        .rows = row,
        .row_count = 1,
    };

    row->bytes_per_second = bytes / row->time.best;
    row->roof_fraction = c.roof_s / row->time.best;
    return c;
}

static void launching_decides_below_five_empty_launches(void **state)
{
    table_row row = done("tessera", 4.9e-5, 1);
    case_result c = with_roof(1000, 1000, &row);

    (void)state;
    assert_int_equal(results_bound(&c), BOUND_LAUNCH);
    row.time.best = 5.1e-5;
    assert_int_equal(results_bound(&c), BOUND_MEMORY);
    c.flops = 3000;
    assert_int_equal(results_bound(&c), BOUND_ARITHMETIC);
    c.problem.dtype = TSR_F64;
    c.flops = 999;
    assert_int_equal(results_bound(&c), BOUND_MEMORY);
    c.flops = 1001;
    assert_int_equal(results_bound(&c), BOUND_ARITHMETIC);
    c.roof_s = 0;
    assert_int_equal(results_bound(&c), BOUND_NOTHING);
}

/* Nobody waits between these: a read of 128 MB is no launch because it is quick. */
static void in_a_row_launching_decides_below_one(void **state)
{
    table_row row = done("tessera", 9e-6, 1);
    case_result c = with_roof(1000, 1000, &row);

    (void)state;
    c.zero_copy = false;
    assert_int_equal(results_bound(&c), BOUND_LAUNCH);
    row.time.best = 1.1e-5;
    assert_int_equal(results_bound(&c), BOUND_MEMORY);
    c.flops = 3000;
    assert_int_equal(results_bound(&c), BOUND_ARITHMETIC);
}

static void what_is_above_the_roof_has_a_reason(void **state)
{
    table_row row = done("tessera", 1e-3 / 1.04, 1);
    case_result c = with_roof(1e6, 1, &row);

    (void)state;
    row.strategy = "stream";
    assert_int_equal(above_why(&c, &row), ABOVE_NOT);
    assert_null(above_words(ABOVE_NOT));

    row.time.best = 1e-4; /* ten times the roof */
    c = with_roof(1e6, 1, &row);
    assert_int_equal(above_why(&c, &row), ABOVE_IN_CACHE);
    c.cache_bytes = 0;
    assert_int_equal(above_why(&c, &row), ABOVE_PERHAPS_CACHED);
    c.cache_bytes = 0.91e6;
    assert_int_equal(above_why(&c, &row), ABOVE_PARTLY_CACHED);
    c.cache_bytes = 0.8e6;
    assert_int_equal(above_why(&c, &row), ABOVE_DISTURBED);

    c = with_roof(1, 2e6, &row);
    assert_int_equal(above_why(&c, &row), ABOVE_CLOCK);
    c.on_host_cpu = false;
    assert_int_equal(above_why(&c, &row), ABOVE_CLOCK);
    row.strategy = NULL;
    assert_int_equal(above_why(&c, &row), ABOVE_ON_HOST);
    row.state = ROW_FAILED;
    assert_int_equal(above_why(&c, &row), ABOVE_NOT);
}

static const char *screen_of(const case_result *c, bool brief)
{
    static char buffer[16384];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");

    assert_non_null(file);
    screen_case(file, c, brief);
    fclose(file);
    return buffer;
}

static const char *summary_of_screen(const results *all)
{
    static char buffer[16384];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");

    assert_non_null(file);
    screen_summary(file, all);
    fclose(file);
    return buffer;
}

static void the_screen_explains_what_is_above_the_roof(void **state)
{
    table_row row = done("tessera", 1e-4, 1);
    case_result c = with_roof(1e6, 1, &row);

    (void)state;
    for (int brief = 0; brief < 2; brief++) {
        const char *said = screen_of(&c, brief);

        assert_non_null(strstr(said, "tessera is above the roof (1000%): its 1.00 MB"));
        assert_non_null(strstr(said, "fit in the device's"));
    }
    row.time.best = 1e-3;
    row.roof_fraction = 1;
    assert_null(strstr(screen_of(&c, false), "above the roof"));
    row.time.best = 2e-5;
    assert_non_null(strstr(screen_of(&c, false), "does nothing\n  takes 10.0 us"));
}

static void a_case_is_judged_by_the_roof_of_its_own_turns(void **state)
{
    const tsr_roof best = {8e9, 4e9, 1e9, 1e-6};
    table_row row = done("tessera", 1, 1);
    case_result c = {.problem = problem_default(),
                     .bytes = 128e6,
                     .flops = 64e6,
                     .roof = {1e9, 2e9, 1e9, 1e-5},
                     .roof_s = 0.128,
                     .rows = &row,
                     .row_count = 1};
    results all = {.roof = best, .cases = &c, .case_count = 1};

    (void)state;
    row.roof_fraction = 0.128;
    settle_roof(&c, &c.roof);
    assert_false(settle_has_moved(&c));
    assert_null(strstr(screen_of(&c, false), "was faster before"));
    settle_roof(&c, &best);
    assert_true(settle_has_moved(&c));
    assert_true(fabs(c.run_roof_s - 0.016) < 1e-3);
    assert_true(c.roof_s == 0.128 && row.roof_fraction == 0.128);
    assert_non_null(strstr(screen_of(&c, false), "of which tessera reaches 1.6%"));
    assert_non_null(strstr(summary_of_screen(&all), "\n        1 product had a lower"));
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

/* Two cases, three runners; the second case is larger. */
static results two_cases(case_result cases[2], table_row rows[6])
{
    static const double best[6] = {1, 2, 8, 3, 1.5, 3};

    for (int i = 0; i < 6; i++)
        rows[i] = done(i % 3 == 0   ? "tessera"
                       : i % 3 == 1 ? "clblast"
                                    : "blas",
                       best[i], 1);
    for (int i = 0; i < 2; i++)
        cases[i] = (case_result){
            .problem = problem_default(), .rows = rows + 3 * i, .row_count = 3};
    cases[1].problem.m = 77;
    return (results){.cases = cases, .case_count = 2};
}

static void many_cases_end_in_a_mean_and_a_worst_one_for_each_runner(void **state)
{
    case_result cases[2];
    table_row rows[6];
    const results all = two_cases(cases, rows);
    summary s;

    (void)state;
    assert_int_equal(summary_count(&all), 2);
    s = summary_of(&all, 0); /* 1/2 and 3/1.5 */
    assert_string_equal(s.runner, "clblast");
    assert_int_equal(s.cases, 2);
    assert_true(fabs(s.geomean - 1) < 1e-12);
    assert_true(s.worst == 2 && s.worst_case == 1);
    s = summary_of(&all, 1); /* 1/8 and 3/3 */
    assert_string_equal(s.runner, "blas");
    assert_true(fabs(s.geomean - sqrt(1. / 8)) < 1e-12);
    assert_true(s.worst == 1 && s.worst_case == 1);
}

static void a_summary_leaves_out_what_one_of_the_two_has_not_done_right(void **state)
{
    case_result cases[2];
    table_row rows[6];
    const results all = two_cases(cases, rows);
    summary s;

    (void)state;
    rows[4].state = ROW_SKIPPED; /* clblast of the second case */
    s = summary_of(&all, 0);
    assert_int_equal(s.cases, 1);
    assert_true(fabs(s.geomean - 0.5) < 1e-12);
    assert_true(s.worst == 0.5 && s.worst_case == 0);
    rows[5].verdict.ok = false; /* blas of the second */
    assert_int_equal(summary_of(&all, 1).cases, 1);
    rows[0].verdict.ok = false; /* tessera of the first */
    s = summary_of(&all, 0);
    assert_int_equal(s.cases, 0);
    assert_true(isnan(s.geomean) && isnan(s.worst));
}

static void the_summary_is_on_the_screen_and_in_the_json(void **state)
{
    static char buffer[4096];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");
    case_result cases[2];
    table_row rows[6];
    const results all = two_cases(cases, rows);
    const char *json = strstr(json_of(&all), "\"summary\"");

    (void)state;
    assert_non_null(file);
    screen_summary(file, &all);
    fclose(file);
    assert_non_null(strstr(buffer, "blas            0.354      2    1.00  A[77,6400]"));
    assert_non_null(json);
    assert_non_null(strstr(json, "\"name\":\t\"blas\""));
    assert_non_null(strstr(json, "\"worst\":\t2,"));
    assert_non_null(strstr(json, "\"worst_case\":\t1,"));
    assert_non_null(strstr(json, "\"cases\":\t2"));
    rows[0].state = rows[3].state = ROW_SKIPPED;
    json = strstr(json_of(&all), "\"summary\"");
    assert_non_null(strstr(json, "\"geomean\":\tnull"));
    assert_non_null(strstr(json, "\"worst_case\":\tnull"));
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

/* A table of one row at some magnitude, and where its columns end. */
static void the_table_is_aligned_and_fits_80_columns_at_any_magnitude(void **state)
{
    static const double scales[] = {1e-9, 1e-6, 1e-3, 1, 100, 59999};
    const char *title = "arithmetic     bytes  roof error\n";

    (void)state;
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
        for (double rate = 1e3; rate < 1e18; rate *= 31.7) {
            table_row row = done("plain-c-f64", 9.999 * scales[i], scales[i]);
            const case_result c = {
                .problem = problem_default(), .rows = &row, .row_count = 1};
            const char *said, *line;

            row.flops_per_second = rate;
            row.bytes_per_second = rate / 7;
            row.roof_fraction = rate * 1e-9;
            row.verdict.error_ratio = rate;
            said = screen_of(&c, true);
            line = strstr(said, title);
            assert_non_null(line);
            line += strlen(title);
            /* right-aligned: verdicts begin where the titles end */
            assert_memory_equal(line, "plain-c-f64 rows ", 17);
            assert_int_equal(strstr(line, " right\n") - line, 74);
            for (; *said; said = strchr(said, '\n') + 1)
                assert_true(strcspn(said, "\n") <= 80);
        }
}

static void without_a_terminal_there_is_no_colour(void **state)
{
    table_row row = done("tessera", 1, 1);
    const case_result c = with_roof(1e6, 1, &row);
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    colour_start(file);
    fclose(file);
    assert_null(strchr(screen_of(&c, false), '\033'));
}

/* Told for each host runner there is. */
static void the_screen_says_when_the_device_pays_off_against_whom(void **state)
{
    table_row rows[] = {done("tessera", 1, 11), done("plain-c", 3, 3),
                        done("blas", 0.5, 1), done("clblast", 1, 7)};
    case_result c = {.problem = problem_default(),
                     .upload_s = 5,
                     .download_s = 1,
                     .copy_s = NAN,
                     .roof = {1e9, 2e9, 1e9, 1e-5},
                     .roof_s = 0.9,
                     .rows = rows,
                     .row_count = 2};
    const char *said;

    (void)state;
    rows[0].roof_fraction = 0.9;
    rows[1].roof_fraction = 0.3;
    rows[0].build_s = 8;
    said = screen_of(&c, false);
    assert_non_null(strstr(said, "reach: tessera 90%, plain-c 30%."));
    assert_non_null(strstr(said, "pays off against plain-c\n  after 8 products"));
    assert_null(strstr(said, "against blas"));
    assert_null(strstr(said, "seconds where"));
    c.row_count = 4;
    said = screen_of(&c, false);
    assert_non_null(strstr(said, "The device never pays off against blas"));
    assert_non_null(strstr(said, "The first call of clblast took 7.00 s, 7.00 times"));
    assert_non_null(strstr(said, "seconds where"));
    assert_non_null(strstr(screen_of(&c, true), "against blas: never"));
}

static void sentences_have_no_hole_where_tessera_has_no_time(void **state)
{
    table_row rows[] = {done("tessera", 1, 1), done("plain-c", 1, 1)};
    case_result c = with_roof(128e6, 64e6, rows);
    const results all = {.roof = c.roof, .cases = &c, .case_count = 1};

    (void)state;
    c.row_count = 2;
    c.upload_s = c.copy_s = c.download_s = 1;
    assert_non_null(strstr(screen_of(&c, false), "Getting C back took"));
    assert_non_null(strstr(screen_of(&c, true), "download 1.00 s;"));
    c.zero_copy = false;
    assert_non_null(strstr(screen_of(&c, false), "Downloading C took"));
    c.download_s = NAN;
    rows[0].state = ROW_SKIPPED;
    for (int i = 0; i < 4; i++) {
        const char *text;

        c.zero_copy = i < 2;
        text = screen_of(&c, i & 1);
        assert_null(strstr(text, "as long as"));
        assert_null(strstr(text, " took -"));
        assert_null(strstr(text, "ownload"));
    }
    assert_non_null(
        strstr(summary_of_screen(&all), "\n1 product: 1 row right, 0 wrong"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_device_pays_off_when_its_costs_are_earned_back),
        cmocka_unit_test(wrong_rows_are_counted_apart),
        cmocka_unit_test(launching_decides_below_five_empty_launches),
        cmocka_unit_test(in_a_row_launching_decides_below_one),
        cmocka_unit_test(what_is_above_the_roof_has_a_reason),
        cmocka_unit_test(the_screen_explains_what_is_above_the_roof),
        cmocka_unit_test(a_case_is_judged_by_the_roof_of_its_own_turns),
        cmocka_unit_test(many_cases_end_in_a_mean_and_a_worst_one_for_each_runner),
        cmocka_unit_test(a_summary_leaves_out_what_one_of_the_two_has_not_done_right),
        cmocka_unit_test(the_summary_is_on_the_screen_and_in_the_json),
        cmocka_unit_test(json_has_null_where_there_is_no_number),
        cmocka_unit_test(the_table_is_aligned_and_fits_80_columns_at_any_magnitude),
        cmocka_unit_test(sentences_have_no_hole_where_tessera_has_no_time),
        cmocka_unit_test(without_a_terminal_there_is_no_colour),
        cmocka_unit_test(the_screen_says_when_the_device_pays_off_against_whom),
        cmocka_unit_test(the_screen_says_where_a_result_is_wrong_within_80_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
