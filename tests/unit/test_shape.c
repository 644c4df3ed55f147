#include "device_fixture.h"

#include "memory/shape.h"

static void dtypes_have_sizes_and_names(void **state)
{
    (void)state;
    assert_int_equal(tsr_dtype_size(TSR_F32), 4);
    assert_int_equal(tsr_dtype_size(TSR_F64), 8);
    assert_int_equal(tsr_dtype_size((tsr_dtype)7), 0);
    assert_string_equal(tsr_dtype_name(TSR_F32), "f32");
    assert_string_equal(tsr_dtype_name(TSR_F64), "f64");
    assert_string_equal(tsr_dtype_name((tsr_dtype)7), "unknown");
}

static void text_of_the_largest_shape_fits(void **state)
{
    size_t most[] = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    char text[TSR__SHAPE_TEXT_SIZE];

    (void)state;
    assert_string_equal(tsr__shape_text(3, most, text),
                        "18446744073709551615x18446744073709551615x"
                        "18446744073709551615");
    assert_string_equal(tsr__shape_text(1, (size_t[]){5}, text), "5");
}

static void count_refuses_what_is_no_shape(void **state)
{
    size_t shape[] = {2, 3, 4, 5}, count;

    (void)state;
    assert_int_equal(tsr__shape_count(TSR_F32, 0, shape, &count), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr__shape_count(TSR_F32, 4, shape, &count), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr__shape_count(TSR_F32, -1, shape, &count), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr__shape_count(TSR_F32, 2, NULL, &count), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr__shape_count((tsr_dtype)9, 2, shape, &count),
                     TSR_ERROR_ARGUMENT);
}

static void count_sees_elements_and_bytes_that_do_not_fit(void **state)
{
    size_t count;

    (void)state;
    assert_int_equal(tsr__shape_count(TSR_F32, 2, (size_t[]){SIZE_MAX, 2}, &count),
                     TSR_ERROR_OVERFLOW);
    assert_int_equal(tsr__shape_count(TSR_F64, 1, (size_t[]){SIZE_MAX / 8 + 1}, &count),
                     TSR_ERROR_OVERFLOW);
    assert_int_equal(tsr__shape_count(TSR_F64, 1, (size_t[]){SIZE_MAX / 8}, &count),
                     TSR_OK);
    assert_int_equal(count, SIZE_MAX / 8);
}

static void a_length_of_zero_is_empty_however_long_the_others(void **state)
{
    size_t count = 1;

    (void)state;
    assert_int_equal(
        tsr__shape_count(TSR_F64, 3, (size_t[]){SIZE_MAX, SIZE_MAX, 0}, &count),
        TSR_OK);
    assert_int_equal(count, 0);
}

static void extent_reaches_to_the_last_element(void **state)
{
    size_t extent;

    (void)state;
    tsr__shape_extent(2, (size_t[]){3, 4}, (size_t[]){10, 2}, &extent);
    assert_int_equal(extent, 2 * 10 + 3 * 2 + 1);
    tsr__shape_extent(2, (size_t[]){3, 0}, (size_t[]){10, 2}, &extent);
    assert_int_equal(extent, 0);
    assert_int_equal(
        tsr__shape_extent(2, (size_t[]){3, 2}, (size_t[]){SIZE_MAX / 2, 1}, &extent),
        TSR_ERROR_OVERFLOW);
    assert_int_equal(
        tsr__shape_extent(1, (size_t[]){4}, (size_t[]){SIZE_MAX / 2}, &extent),
        TSR_ERROR_OVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dtypes_have_sizes_and_names),
        cmocka_unit_test(text_of_the_largest_shape_fits),
        cmocka_unit_test(count_refuses_what_is_no_shape),
        cmocka_unit_test(count_sees_elements_and_bytes_that_do_not_fit),
        cmocka_unit_test(a_length_of_zero_is_empty_however_long_the_others),
        cmocka_unit_test(extent_reaches_to_the_last_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
