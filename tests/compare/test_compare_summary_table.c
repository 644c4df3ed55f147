/* test_compare_summary_table.c: many products, a line for each, in 80 columns. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "summary_table.h"

static const char *const names[] = {"tessera", "blas",        "clblast",
                                    "plain-c", "plain-c-f64", "stream"};

enum { RUNNERS = sizeof names / sizeof names[0], CASES = 2 };

typedef struct run {
    table_row rows[CASES][RUNNERS];
    case_result cases[CASES];
    results all;
} run;

/* The seed product, and a batch with B stored transposed; the i-th runner takes i + 1 ms. */
static void make_run(run *r)
{
    *r = (run){0};
    for (int i = 0; i < CASES; i++) {
        for (int j = 0; j < RUNNERS; j++)
            r->rows[i][j] = (table_row){.runner = names[j],
                                        .strategy = j ? NULL : "stream",
                                        .time = {1, 5, 1e-3 * (j + 1), 1, 1},
                                        .roof_fraction = 0.93,
                                        .verdict = {.ok = true, .full = true}};
        r->cases[i] = (case_result){
            .problem = problem_default(), .rows = r->rows[i], .row_count = RUNNERS};
    }
    r->cases[1].problem = (problem){
        .m = 64, .n = 64, .k = 64, .batch = 256, .dtype = TSR_F64, .trans_b = true};
    r->all = (results){.cases = r->cases, .case_count = CASES};
}

static const char *table_of(const results *all)
{
    static char buffer[4096];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");

    assert_non_null(file);
    buffer[0] = '\0'; /* which printing nothing would not write */
    summary_table_print(file, all);
    fclose(file);
    return buffer;
}

static void each_product_is_a_line_with_its_ratios(void **state)
{
    static run r;

    (void)state;
    make_run(&r);
    assert_string_equal(
        table_of(&r.all),
        "\nM N K                 tessera by        roof  /blas /clblast /plain-c\n"
        "1 5000 6400           1.00 ms stream     93%  0.500    0.333    0.250\n"
        "64 64 64 f64 n t 256  1.00 ms stream     93%  0.500    0.333    0.250\n"
        "\nM N K                /plain-c-f64 /stream\n"
        "1 5000 6400                 0.200   0.167\n"
        "64 64 64 f64 n t 256        0.200   0.167\n");
}

static void what_is_not_right_has_no_ratio(void **state)
{
    static run r;

    (void)state;
    make_run(&r);
    r.rows[0][1].state = ROW_SKIPPED;
    r.rows[1][0].verdict.ok = false;
    assert_non_null(strstr(table_of(&r.all), "stream     93%      -    0.333"));
    assert_non_null(strstr(table_of(&r.all), "256    WRONG stream       -      -"));
    r.rows[1][0].state = ROW_FAILED;
    assert_non_null(strstr(table_of(&r.all), "256        -              -      -"));
}

static void no_line_is_longer_than_80_columns(void **state)
{
    static run r;

    (void)state;
    make_run(&r);
    r.cases[1].problem.m = r.cases[1].problem.n = r.cases[1].problem.k = SIZE_MAX;
    for (int j = 0; j < RUNNERS; j++)
        r.rows[0][j].time.best = j ? 1e-9 : 1e5;
    r.rows[0][0].roof_fraction = 1234567.0;
    for (const char *line = table_of(&r.all); *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
}

static void nothing_is_shown_of_no_products(void **state)
{
    const results none = {0};

    (void)state;
    assert_string_equal(table_of(&none), "");
}

static void tessera_alone_has_its_own_columns(void **state)
{
    static run r;

    (void)state;
    make_run(&r);
    r.cases[0].row_count = r.cases[1].row_count = 1;
    assert_non_null(
        strstr(table_of(&r.all), "by        roof\n1 5000 6400           1.00 ms"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_product_is_a_line_with_its_ratios),
        cmocka_unit_test(what_is_not_right_has_no_ratio),
        cmocka_unit_test(no_line_is_longer_than_80_columns),
        cmocka_unit_test(nothing_is_shown_of_no_products),
        cmocka_unit_test(tessera_alone_has_its_own_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
