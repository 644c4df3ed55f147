/* test_compare_utf8.c: what is a character, and what is shown of what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "utf8.h"

static void characters_have_their_lengths(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("a"), 1);
    assert_int_equal(utf8_length("\xc3\xa9"), 2);
    assert_int_equal(utf8_length("\xe2\x82\xac"), 3);
    assert_int_equal(utf8_length("\xf0\x9f\x98\x80"), 4);
    assert_int_equal(utf8_length(""), 0);
}

static void what_is_no_character_has_none(void **state)
{
    static const char *const bad[] = {
        "\x80",             /* the middle of one */
        "\xc3",             /* cut short */
        "\xe2\x82",         /* likewise */
        "\xc3z",            /* broken off */
        "\xc0\xaf",         /* too long for what it is */
        "\xe0\x80\xaf",     /* likewise */
        "\xed\xa0\x80",     /* half of a pair */
        "\xf4\x90\x80\x80", /* beyond the last */
        "\xff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(utf8_length(bad[i]), 0);
}

static void a_copy_has_whole_characters(void **state)
{
    char to[6];

    (void)state;
    utf8_copy(to, sizeof to, "a\xe9z");
    assert_string_equal(to, "a?z");
    utf8_copy(to, sizeof to, "abc\xe2\x82\xac");
    assert_string_equal(to, "abc");
    utf8_copy(to, sizeof to, "ab\xe2\x82\xac");
    assert_string_equal(to, "ab\xe2\x82\xac");
    utf8_copy(to, 1, "a");
    assert_string_equal(to, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_lengths),
        cmocka_unit_test(what_is_no_character_has_none),
        cmocka_unit_test(a_copy_has_whole_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
