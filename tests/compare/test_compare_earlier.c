/* test_compare_earlier.c: an earlier run, and what counts as slower. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "against.h"
#include "earlier.h"
#include "temporary.h"

static const char old_run[] =
    "{\"date\": \"2026-11-24T18:46:11Z\", \"device\": {\"platform\": \"P\", \"name\": "
    "\"D\"}, \"roof\": {\"read_gbs\": 20, \"f32_gflops\": 80}, \"cases\": ["
    "{\"m\": 1, \"n\": 5000, \"k\": 6400, \"batch\": 1, \"dtype\": \"f32\", "
    "\"trans_a\": "
    "false, \"trans_b\": false, \"runners\": ["
    "{\"name\": \"tessera\", \"best_ms\": 10, \"median_ms\": 10.2},"
    "{\"name\": \"clblast\", \"best_ms\": 10, \"median_ms\": 12},"
    "{\"name\": \"plain-c\", \"best_ms\": 10, \"median_ms\": 10},"
    "{\"name\": \"blas\", \"best_ms\": null}]}]}";

static earlier_run *read_old(const char *text, failure *why)
{
    earlier_run *e = NULL;
    static char path[64];

    temporary_write(path, text, strlen(text));
    assert_true(earlier_read(path, &e, why) == (e != NULL));
    unlink(path);
    return e;
}

static table_row now(const char *runner, double best, double median)
{
    return (table_row){.runner = runner,
                       .time = {1, 5, best, median, median},
                       .earlier_s = NAN,
                       .noise = NAN,
                       .verdict = {.ok = true}};
}

/* One case with four rows, matched with the old run. */
static results matched(const earlier_run *e, case_result *c, table_row rows[4],
                       double fail_above)
{
    rows[0] = now("tessera", 10.4e-3, 10.5e-3);
    rows[1] = now("clblast", 11.5e-3, 11.5e-3);
    rows[2] = now("plain-c", 20e-3, 20e-3);
    rows[3] = now("blas", 1e-3, 1e-3);
    *c = (case_result){.problem = problem_default(), .rows = rows, .row_count = 4};
    earlier_match(e, c);

    results all = {.cases = c, .case_count = 1, .earlier = earlier_facts_of(e)};
    all.earlier.fail_above = fail_above;
    return all;
}

static void beyond_the_noise_there_is_a_change(void **state)
{
    failure why;
    earlier_run *e = read_old(old_run, &why);
    case_result c;
    table_row rows[4];

    (void)state;
    assert_non_null(e);
    matched(e, &c, rows, NAN);
    assert_true(fabs(rows[0].earlier_s - 10e-3) < 1e-12);
    assert_true(fabs(rows[0].noise - EARLIER_LEAST_NOISE) < 1e-12);
    assert_int_equal(results_change(&rows[0]), CHANGE_SLOWER);
    assert_true(fabs(rows[1].noise - 0.2) < 1e-12); /* the old run's own spread */
    assert_int_equal(results_change(&rows[1]), CHANGE_NONE);
    assert_int_equal(results_change(&rows[3]), CHANGE_UNKNOWN);
    rows[0].time.best = 9.6e-3;
    assert_int_equal(results_change(&rows[0]), CHANGE_FASTER);
    rows[0].time.best = 9.8e-3;
    assert_int_equal(results_change(&rows[0]), CHANGE_NONE);
    earlier_free(e);
}

static void a_regression_is_beyond_noise_and_limit_and_on_a_device(void **state)
{
    failure why;
    earlier_run *e = read_old(old_run, &why);
    case_result c;
    table_row rows[4];
    results all;

    (void)state;
    all = matched(e, &c, rows, NAN);
    assert_int_equal(results_count_regressed(&all), 0); /* nobody asked */
    all = matched(e, &c, rows, 0.02);
    assert_int_equal(results_count_regressed(&all), 1);
    assert_true(results_regressed(&all, &rows[0]));
    assert_false(results_regressed(&all, &rows[2])); /* the host is not judged */
    all = matched(e, &c, rows, 0.05);
    assert_int_equal(results_count_judged(&all), 2);
    assert_int_equal(results_count_noisy(&all), 1); /* clblast's 20% */
    assert_int_equal(results_count_regressed(&all), 0);
    rows[1].state = ROW_SKIPPED; /* a number that is gone */
    assert_true(results_regressed(&all, &rows[1]));
    earlier_free(e);
}

static void the_screen_shows_then_and_now(void **state)
{
    static char buffer[4096];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");
    failure why;
    earlier_run *e = read_old(old_run, &why);
    case_result c;
    table_row rows[4];
    const results all = matched(e, &c, rows, 0.02);

    (void)state;
    against_print(file, &all);
    fclose(file);
    assert_non_null(
        strstr(buffer, "of 2026-11-24T18:46:11Z, on another device, P: D:"));
    assert_non_null(strstr(
        buffer,
        "tessera         10.0 ms    10.4 ms     +4.0%     3.0%  slower: FAILED"));
    assert_non_null(strstr(
        buffer,
        "clblast         10.0 ms    11.5 ms    +15.0%      20%  within noise\n"));
    assert_null(strstr(buffer, "blas  "));
    for (const char *line = buffer; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 80);
    earlier_free(e);
}

static void runs_that_have_nothing_in_common_are_refused(void **state)
{
    problem p = problem_default();
    const problem_list list = {.items = &p, .count = 1};
    failure why;
    earlier_run *e = read_old(old_run, &why);

    (void)state;
    assert_true(earlier_fits(e, &list, false, &why));
    assert_false(earlier_fits(e, &list, true, &why));
    assert_non_null(strstr(why.text, "without --cold"));
    p.trans_b = true;
    assert_false(earlier_fits(e, &list, false, &why));
    assert_non_null(strstr(why.text, "none of the products"));
    assert_int_equal(why.exit_status, EXIT_INPUT);
    earlier_free(e);
}

static void what_is_no_result_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"cases\": []}",
        "{\"cases\": [{}], \"device\": {}}",
        "{\"cases\": [{\"m\": 1, \"runners\": []}], \"device\": {}}",
        "{\"cases\": [], \"device\": {}} more",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        failure why;

        assert_null(read_old(bad[i], &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beyond_the_noise_there_is_a_change),
        cmocka_unit_test(a_regression_is_beyond_noise_and_limit_and_on_a_device),
        cmocka_unit_test(the_screen_shows_then_and_now),
        cmocka_unit_test(runs_that_have_nothing_in_common_are_refused),
        cmocka_unit_test(what_is_no_result_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
