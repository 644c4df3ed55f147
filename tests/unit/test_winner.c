/* Winners as texts. */
#include "matmul/winner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A strategy of this build that has parameters. */
static const tsr__strategy *with_space(void)
{
    return &tsr__tile;
}

static tsr__winner some_winner(void)
{
    tsr__winner w = {.strategy = with_space(),
                     .has_set = true,
                     .seconds = 0.00291,
                     .stock = &tsr__stream,
                     .stock_seconds = 0.0031,
                     .m = 1,
                     .n = 5000,
                     .k = 6400,
                     .batch = 2};

    for (size_t i = 0; w.strategy->space->names[i]; i++)
        w.set.values[i] = (unsigned)(i + 10);
    return w;
}

static void a_winner_is_read_back(void **state)
{
    tsr__winner w = some_winner(), back;
    char text[TSR__WINNER_SIZE];

    (void)state;
    tsr__winner_text(&w, text);
    assert_true(tsr__winner_parse(text, &back));
    assert_ptr_equal(back.strategy, w.strategy);
    assert_true(back.has_set);
    assert_memory_equal(&back.set, &w.set, sizeof w.set);
    assert_true(back.seconds == w.seconds && back.stock_seconds == w.stock_seconds);
    assert_ptr_equal(back.stock, &tsr__stream);
    assert_int_equal(back.n, 5000);
    assert_int_equal(back.batch, 2);
}

static void one_without_a_set_too(void **state)
{
    tsr__winner w = some_winner(), back;
    char text[TSR__WINNER_SIZE];

    (void)state;
    w.strategy = &tsr__reference;
    w.has_set = false;
    tsr__winner_text(&w, text);
    assert_string_equal(
        text, "reference | 0.00291 s | stock stream 0.0031 s | 1x5000x6400 times 2");
    assert_true(tsr__winner_parse(text, &back));
    assert_false(back.has_set);
}

static void texts_cut_anywhere_are_refused(void **state)
{
    tsr__winner w = some_winner(), back;
    char text[TSR__WINNER_SIZE];

    (void)state;
    w.batch = 2;
    tsr__winner_text(&w, text);
    for (size_t length = strlen(text); length-- > 0;) {
        text[length] = '\0';
        assert_false(tsr__winner_parse(text, &back));
    }
}

static void other_texts_are_refused(void **state)
{
    static const char *const bad[] = {
        "magic | 0.1 s | stock stream 0.1 s | 1x1x1 times 1",
        "reference X=1 | 0.1 s | stock stream 0.1 s | 1x1x1 times 1",
        "tile TM=1 | 0.1 s | stock stream 0.1 s | 1x1x1 times 1",
        "reference | 0 s | stock stream 0.1 s | 1x1x1 times 1",
        "reference | -1 s | stock stream 0.1 s | 1x1x1 times 1",
        "reference | nan s | stock stream 0.1 s | 1x1x1 times 1",
        "reference | 1e999 s | stock stream 0.1 s | 1x1x1 times 1",
        "reference | 0.1 s | stock magic 0.1 s | 1x1x1 times 1",
        "reference | 0.1 s | stock stream 0.1 s | 1x1x99999999999999999999 times 1",
        "reference | 0.1 s | stock stream 0.1 s | 1x1x1 times 1 more",
        " reference | 0.1 s | stock stream 0.1 s | 1x1x1 times 1",
    };
    tsr__winner back;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (tsr__winner_parse(bad[i], &back))
            fail_msg("\"%s\" is taken for a winner", bad[i]);
}

static void a_value_beyond_unsigned_is_refused(void **state)
{
    tsr__winner w = some_winner(), back;
    char text[TSR__WINNER_SIZE], wrong[TSR__WINNER_SIZE + 16];
    const char *at;

    (void)state;
    tsr__winner_text(&w, text);
    at = strchr(text, '=') + 1;
    snprintf(wrong, sizeof wrong, "%.*s4294967296%s", (int)(at - text), text, at + 2);
    assert_false(tsr__winner_parse(wrong, &back));
    snprintf(wrong, sizeof wrong, "%.*s4294967295%s", (int)(at - text), text, at + 2);
    assert_true(tsr__winner_parse(wrong, &back));
    assert_true(back.set.values[0] == 4294967295u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_winner_is_read_back),
        cmocka_unit_test(one_without_a_set_too),
        cmocka_unit_test(texts_cut_anywhere_are_refused),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(a_value_beyond_unsigned_is_refused),
    };

    return cmocka_run_group_tests_name("winner", tests, NULL, NULL);
}
