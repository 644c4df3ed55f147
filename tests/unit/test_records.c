/* Records as texts: what is written is read back, and nothing else is read. */
#include "tune/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char head[] = "format 1\ndevice some\n";
static const char two[] = "format 1\ndevice some\n\na b = c = d\nx = y\n";

static void what_is_put_is_got_in_order(void **state)
{
    tsr__records r = {0};

    (void)state;
    assert_null(tsr__records_get(&r, "x"));
    assert_true(tsr__records_put(&r, "x", "1"));
    assert_true(tsr__records_put(&r, "a b", "2"));
    assert_true(tsr__records_put(&r, "m", "3"));
    assert_true(tsr__records_put(&r, "x", "4"));
    assert_int_equal(r.count, 3);
    assert_string_equal(r.items[0].key, "a b");
    assert_string_equal(r.items[2].key, "x");
    assert_string_equal(tsr__records_get(&r, "x"), "4");
    assert_null(tsr__records_get(&r, "b"));
    tsr__records_free(&r);
}

static void texts_that_would_not_come_back_are_refused(void **state)
{
    static const char *const bad[] = {"", " a", "a ", "a\nb", "a\tb", "a\x7f"};
    char long_text[TSR__RECORD_SIZE + 1];
    tsr__records r = {0};

    (void)state;
    memset(long_text, 'a', TSR__RECORD_SIZE);
    long_text[TSR__RECORD_SIZE] = '\0';
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(tsr__records_put(&r, bad[i], "v"));
        assert_false(tsr__records_put(&r, "k", bad[i]));
    }
    assert_false(tsr__records_put(&r, "a = b", "v"));
    assert_false(tsr__records_put(&r, long_text, "v"));
    long_text[TSR__RECORD_SIZE - 1] = '\0';
    assert_true(tsr__records_put(&r, long_text, "v"));
    assert_int_equal(r.count, 1);
    tsr__records_free(&r);
}

static void writing_is_snprintfs_way(void **state)
{
    tsr__records r = {0};
    char text[sizeof two], small[10];

    (void)state;
    assert_true(tsr__records_put(&r, "x", "y"));
    assert_true(tsr__records_put(&r, "a b", "c = d"));
    assert_int_equal(tsr__records_write(&r, head, NULL, 0), sizeof two - 1);
    assert_int_equal(tsr__records_write(&r, head, text, sizeof text), sizeof two - 1);
    assert_string_equal(text, two);
    for (size_t size = 1; size < sizeof text; size++) {
        memset(text, '#', sizeof text);
        assert_int_equal(tsr__records_write(&r, head, text, size), sizeof two - 1);
        assert_memory_equal(text, two, size - 1);
        assert_int_equal(text[size - 1], '\0');
        assert_int_equal(text[size], '#');
    }
    assert_int_equal(tsr__records_write(&r, head, small, sizeof small), sizeof two - 1);
    tsr__records_free(&r);
}

static bool reads(const char *text, size_t length, tsr__records *out, size_t *line)
{
    size_t head_length;

    return tsr__records_read(text, length, out, &head_length, line);
}

static void what_was_written_is_read(void **state)
{
    tsr__records r;
    size_t head_length, line;

    (void)state;
    assert_true(tsr__records_read(two, sizeof two - 1, &r, &head_length, &line));
    assert_int_equal(head_length, sizeof head - 1);
    assert_int_equal(r.count, 2);
    assert_string_equal(tsr__records_get(&r, "a b"), "c = d");
    assert_int_equal(r.items[0].line, 4);
    assert_int_equal(r.items[1].line, 5);
    tsr__records_free(&r);
}

static void a_text_cut_short_is_refused_unless_a_line_ends_there(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof two - 1; length++) {
        bool whole = length >= sizeof head && two[length - 1] == '\n';
        tsr__records r;
        size_t line;

        assert_int_equal(reads(two, length, &r, &line), whole);
        if (!whole)
            assert_int_equal(r.count, 0);
        tsr__records_free(&r);
    }
}

static void the_first_bad_line_is_named(void **state)
{
    static const struct {
        const char *text;
        size_t line;
    } bad[] = {
        {"format 1\n\nx = y\nno record\n", 4},
        {"format 1\n\nx=y\n", 3},
        {"format 1\n\nx = \n", 3},
        {"format 1\n\n = y\n", 3},
        {"format 1\n\nx = y\n\n", 4},
        {"format 1\n\nx = y\nx = z\n", 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tsr__records r;
        size_t line;

        assert_false(reads(bad[i].text, strlen(bad[i].text), &r, &line));
        assert_int_equal(line, bad[i].line);
        assert_int_equal(r.count, 0);
    }
}

static void nul_bytes_are_refused_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof two - 1; i++) {
        char text[sizeof two];
        tsr__records r;
        size_t line;

        memcpy(text, two, sizeof two);
        text[i] = '\0';
        assert_false(reads(text, sizeof two - 1, &r, &line));
        tsr__records_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got_in_order),
        cmocka_unit_test(texts_that_would_not_come_back_are_refused),
        cmocka_unit_test(writing_is_snprintfs_way),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_text_cut_short_is_refused_unless_a_line_ends_there),
        cmocka_unit_test(the_first_bad_line_is_named),
        cmocka_unit_test(nul_bytes_are_refused_anywhere),
    };

    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
