/* test_compare_text.c: numbers and sentences for people. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

static void times_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    assert_string_equal(text_seconds(2.812).s, "2.81 s");
    assert_string_equal(text_seconds(3.7123e-3).s, "3.71 ms");
    assert_string_equal(text_seconds(0.99996e-3).s, "1.00 ms");
    assert_string_equal(text_seconds(812e-6).s, "812 us");
    assert_string_equal(text_seconds(34.44e-9).s, "34.4 ns");
    assert_string_equal(text_seconds(0).s, "0");
    assert_string_equal(text_seconds(1234).s, "1234 s");
    assert_string_equal(text_seconds(NAN).s, "-");
}

static void sizes_have_units_of_a_thousand(void **state)
{
    (void)state;
    assert_string_equal(text_bytes(128e6).s, "128 MB");
    assert_string_equal(text_bytes(3.9e9).s, "3.90 GB");
    assert_string_equal(text_bytes(476).s, "476 B");
    assert_string_equal(text_flops(64e6).s, "64.0 MFLOP");
}

/* As wide as compare's columns are. */
static void no_rate_is_wider_than_its_column(void **state)
{
    (void)state;
    assert_string_equal(text_flops_rate(9.09e9).s, "9.09 GFLOP/s");
    assert_string_equal(text_flops_rate(123.4e6).s, "123 MFLOP/s");
    assert_string_equal(text_flops_rate(51.6e12).s, "51.6 TFLOP/s");
    assert_string_equal(text_flops_rate(999.96e9).s, "1.00 TFLOP/s");
    assert_string_equal(text_flops_rate(0).s, "0");
    assert_string_equal(text_flops_rate(NAN).s, "-");
    assert_string_equal(text_bytes_rate(18.2e9).s, "18.2 GB/s");
    assert_string_equal(text_bytes_rate(3.35e12).s, "3.35 TB/s");
    for (double rate = 1e-3; rate < 2e18; rate *= 1.01) {
        assert_true(strlen(text_flops_rate(rate).s) <= 12);
        assert_true(strlen(text_bytes_rate(rate * 1e-3).s) <= 9);
    }
    for (double seconds = 1e-9; seconds < 1e5; seconds *= 1.01)
        assert_true(strlen(text_seconds(seconds).s) <= 8);
}

static void narrow_numbers_have_five_characters(void **state)
{
    (void)state;
    assert_string_equal(text_narrow(0.061).s, "0.061");
    assert_string_equal(text_narrow(0.00012).s, "1e-04");
    assert_string_equal(text_narrow(99999).s, "99999");
    assert_string_equal(text_narrow(123456).s, "1e+05");
    assert_string_equal(text_narrow(1e300).s, ">1e99");
    assert_string_equal(text_narrow(INFINITY).s, ">1e99");
    assert_string_equal(text_narrow(NAN).s, "-");
    for (double value = 1e-99; value < 1e200; value *= 1.1)
        assert_true(strlen(text_narrow(value).s) <= 5);
}

static void fractions_are_percentages(void **state)
{
    (void)state;
    assert_string_equal(text_percent(0.983).s, "98%");
    assert_string_equal(text_percent(0.0042).s, "0.4%");
    assert_string_equal(text_percent(0.0001).s, "<0.1%");
    assert_string_equal(text_percent(0).s, "0.0%");
    assert_string_equal(text_percent(NAN).s, "-");
}

static void what_there_is_no_number_for_is_a_dash(void **state)
{
    (void)state;
    assert_string_equal(text_number(NAN).s, "-");
    assert_string_equal(text_number(INFINITY).s, "inf");
    assert_string_equal(text_number(0).s, "0.000");
    assert_string_equal(text_number(0.000432).s, "4e-04"); /* small is not none */
}

static void no_line_is_wider_than_the_screen(void **state)
{
    char buffer[4096] = "";
    FILE *file = fmemopen(buffer, sizeof buffer, "w");

    (void)state;
    assert_non_null(file);
    text_say(file, "- ", "%s",
             "one two three four five six seven eight nine ten eleven twelve thirteen "
             "fourteen fifteen sixteen seventeen eighteen nineteen twenty twenty-one");
    fclose(file);
    assert_non_null(
        strstr(buffer, "\n  ")); /* later lines are indented like the first */
    for (const char *line = buffer; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= TEXT_COLUMNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_three_digits_and_a_unit),
        cmocka_unit_test(sizes_have_units_of_a_thousand),
        cmocka_unit_test(no_rate_is_wider_than_its_column),
        cmocka_unit_test(narrow_numbers_have_five_characters),
        cmocka_unit_test(fractions_are_percentages),
        cmocka_unit_test(what_there_is_no_number_for_is_a_dash),
        cmocka_unit_test(no_line_is_wider_than_the_screen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
