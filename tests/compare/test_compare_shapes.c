/* test_compare_shapes.c: the --shapes file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shapes.h"
#include "temporary.h"

static bool read_bytes(const char *bytes, size_t size, problem_list *list, failure *why)
{
    const problem otherwise = problem_default();
    static char path[64]; /* the list keeps it */
    bool fine;

    temporary_write(path, bytes, size);
    fine = shapes_read(path, &otherwise, list, why);
    unlink(path);
    return fine;
}

static bool read_text(const char *text, problem_list *list, failure *why)
{
    return read_bytes(text, strlen(text), list, why);
}

static void a_line_is_a_product(void **state)
{
    problem_list list;
    failure why;

    (void)state;
    assert_true(read_text("# comment\n\n1 5000 6400\n"
                          "  64\t65 66 f64 t n 256   # all of it\r\n7 8 9 f32 n t",
                          &list, &why));
    assert_int_equal(list.count, 3);
    assert_int_equal(list.items[0].n, 5000);
    assert_int_equal(list.items[0].k, 6400);
    assert_int_equal(list.items[0].batch, 1);
    assert_int_equal(list.items[1].m, 64);
    assert_int_equal(list.items[1].n, 65);
    assert_int_equal(list.items[1].k, 66);
    assert_int_equal(list.items[1].dtype, TSR_F64);
    assert_true(list.items[1].trans_a);
    assert_false(list.items[1].trans_b);
    assert_int_equal(list.items[1].batch, 256);
    assert_false(list.items[2].trans_a);
    assert_true(list.items[2].trans_b);
    problem_list_free(&list);
}

static void a_bad_line_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *line;
        int column; /* of what is wrong, from 1 */
    } bad[] = {
        {"1 2", 4},
        {"1 2 x", 5},
        {"\t1   -2 3", 6},
        {"1 2 3 f16", 7},
        {"1 2 3 f32 x", 11},
        {"1 2 3 f32 n x", 13},
        {"1 2 3 f32 n n -1", 15},
        {"1 2 3 f32 n n 1 1", 17},
        {"1 2 3 f32 nn # comment", 11},
        {"  4294967296 4294967296 4294967296", 3},
        {"1.5 2 3", 1},
        {"99999999999999999999 1 1", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        problem_list list;
        failure why;
        char text[256], place[32];

        snprintf(text, sizeof text, "1 2 3\n\n# fine so far\n%s\n", bad[i].line);
        snprintf(place, sizeof place, ":4:%d: ", bad[i].column);
        assert_false(read_text(text, &list, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
        if (!strstr(why.text, place))
            fail_msg("\"%s\" is refused with \"%s\", not at %s", bad[i].line, why.text,
                     place);
        assert_null(list.items);
    }
}

static void what_is_wrong_with_a_product_is_said_with_its_place(void **state)
{
    const failure cause = {.exit_status = EXIT_INPUT, .text = "too large"};
    const problem p = problem_default();
    problem_list list, alone = {0};
    failure why;

    (void)state;
    assert_true(read_text("# one\n1 2 3\n\n  4 5 6\n", &list, &why));
    assert_false(problem_list_blame(&list, 1, &cause, &why));
    assert_non_null(strstr(why.text, ":4:3: A[4,6] @ B[6,5] f32: too large"));
    problem_list_free(&list);

    assert_true(problem_list_add(&alone, &p, &why));
    assert_false(problem_list_blame(&alone, 0, &cause, &why));
    assert_string_equal(why.text, "A[1,6400] @ B[6400,5000] f32: too large");
    problem_list_free(&alone);
}

static void a_file_without_a_product_is_refused(void **state)
{
    problem_list list;
    failure why;

    (void)state;
    assert_false(read_text("# nothing\n", &list, &why));
    assert_int_equal(why.exit_status, EXIT_INPUT);
    assert_false(read_text("", &list, &why));
}

static void a_line_without_end_is_refused(void **state)
{
    static char text[100000];
    problem_list list;
    failure why;

    (void)state;
    memset(text, '1', sizeof text - 1);
    assert_false(read_text(text, &list, &why));
    assert_non_null(strstr(why.text, "too long"));
}

static void a_long_comment_is_skipped(void **state)
{
    static char text[2000];
    problem_list list;
    failure why;

    (void)state;
    memset(text, '3', sizeof text - 1);
    memcpy(text, "1 2 3 # ", 8);
    memcpy(text + 1990, "\n4 5 6\n", 8);
    assert_true(read_text(text, &list, &why));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[1].k, 6);
    problem_list_free(&list);
}

/* A C string would end there, and what follows be lost without a word. */
static void a_zero_byte_is_refused_with_its_place(void **state)
{
    static const struct {
        const char text[24], *place;
    } bad[] = {
        {"1 2 3\n4 5 \0 6\n7 8 9\n", ":2:5: "},
        {"1 2 3\n4 5 6 # \0\n7 8 9\n", ":2:9: "},
        {"1 2 3\n\0\n7 8 9\n4 5 6\n7\n", ":2:1: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        problem_list list;
        failure why;

        assert_false(read_bytes(bad[i].text, sizeof bad[i].text - 1, &list, &why));
        assert_non_null(strstr(why.text, bad[i].place));
        assert_non_null(strstr(why.text, "zero byte"));
    }
}

static void a_mark_of_utf_8_before_the_text_is_skipped(void **state)
{
    problem_list list;
    failure why;

    (void)state;
    assert_true(read_text("\xef\xbb\xbf"
                          "1 2 3\n",
                          &list, &why));
    assert_int_equal(list.items[0].m, 1);
    assert_int_equal(list.places[0].column, 1);
    problem_list_free(&list);
    assert_true(read_text("\xef\xbb\xbf# a comment\n1 2 3\n", &list, &why));
    problem_list_free(&list);
    assert_false(read_text("1 2 3\n\xef\xbb\xbf"
                           "4 5 6\n",
                           &list, &why));
    assert_non_null(strstr(why.text, ":2:1: M is \"\\xef\\xbb\\xbf4\""));
}

/* A terminal would obey it. */
static void a_word_that_is_no_text_is_shown_in_digits(void **state)
{
    problem_list list;
    failure why;

    (void)state;
    assert_false(read_text("1 2 3 f32 \x9b"
                           "2J\n",
                           &list, &why));
    assert_non_null(strstr(why.text, "ta is \"\\x9b2J\""));
}

static void a_missing_file_is_named(void **state)
{
    const problem otherwise = problem_default();
    problem_list list;
    failure why;

    (void)state;
    assert_false(
        shapes_read("\x1b[2J/nonexistent\x7f/shapes", &otherwise, &list, &why));
    assert_non_null(strstr(why.text, "?[2J/nonexistent?/shapes"));
    assert_false(shapes_read("/nonexistent/shapes", &otherwise, &list, &why));
    assert_int_equal(why.exit_status, EXIT_INPUT);
    assert_non_null(strstr(why.text, "/nonexistent/shapes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_product),
        cmocka_unit_test(a_bad_line_is_refused_with_its_place),
        cmocka_unit_test(what_is_wrong_with_a_product_is_said_with_its_place),
        cmocka_unit_test(a_file_without_a_product_is_refused),
        cmocka_unit_test(a_line_without_end_is_refused),
        cmocka_unit_test(a_long_comment_is_skipped),
        cmocka_unit_test(a_zero_byte_is_refused_with_its_place),
        cmocka_unit_test(a_mark_of_utf_8_before_the_text_is_skipped),
        cmocka_unit_test(a_word_that_is_no_text_is_shown_in_digits),
        cmocka_unit_test(a_missing_file_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
