/* test_compare_npy.c: .npy files, honest and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "npy.h"
#include "temporary.h"

/* A .npy file of `version` with that header text and `data_size` bytes of data. */
static bool read_made(unsigned version, const char *text, const void *data,
                      size_t data_size, npy_array *array, failure *why)
{
    static unsigned char bytes[70000];
    const size_t length = strlen(text);
    size_t size = 8;
    char path[64];
    bool fine;

    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (unsigned char)version;
    bytes[7] = 0;
    bytes[size++] = (unsigned char)length;
    bytes[size++] = (unsigned char)(length >> 8);
    if (version > 1) {
        bytes[size++] = 0;
        bytes[size++] = 0;
    }
    memcpy(bytes + size, text, length);
    size += length;
    if (data_size)
        memcpy(bytes + size, data, data_size);
    temporary_write(path, bytes, size + data_size);
    fine = npy_read(path, array, why);
    unlink(path);
    return fine;
}

static bool read_bytes(const void *bytes, size_t size, failure *why)
{
    npy_array array;
    char path[64];
    bool fine;

    temporary_write(path, bytes, size);
    fine = npy_read(path, &array, why);
    unlink(path);
    if (fine)
        npy_free(&array);
    return fine;
}

static const float six[] = {1, 2, 3, 4, 5, 6};

#define PLAIN "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n"

static void all_three_versions_are_read(void **state)
{
    (void)state;
    for (unsigned version = 1; version <= 3; version++) {
        npy_array array;
        failure why;

        assert_true(read_made(version, PLAIN, six, sizeof six, &array, &why));
        assert_int_equal(array.dtype, TSR_F32);
        assert_int_equal(array.rank, 2);
        assert_int_equal(array.shape[0], 2);
        assert_int_equal(array.shape[1], 3);
        assert_false(array.fortran);
        assert_memory_equal(array.data, six, sizeof six);
        npy_free(&array);
    }
}

static void keys_come_in_any_order_and_quotes(void **state)
{
    npy_array array;
    failure why;

    (void)state;
    assert_true(read_made(1,
                          "{ \"shape\" : ( 2 ,3L ) , 'fortran_order':True,"
                          "\"descr\":'<f4'}   \n",
                          six, sizeof six, &array, &why));
    assert_true(array.fortran);
    npy_free(&array);
}

static void f64_is_read(void **state)
{
    static const double two[] = {1.5, -2.5};
    npy_array array;
    failure why;

    (void)state;
    assert_true(read_made(1,
                          "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }",
                          two, sizeof two, &array, &why));
    assert_int_equal(array.dtype, TSR_F64);
    assert_memory_equal(array.data, two, sizeof two);
    npy_free(&array);
}

static void fortran_order_of_rank_3_becomes_c_order(void **state)
{
    /* shape (2, 3, 4); element (t, i, j) is t + 2 i + 6 j in memory */
    float memory[24];
    npy_array array;
    failure why;

    (void)state;
    for (int i = 0; i < 24; i++)
        memory[i] = (float)i;
    assert_true(
        read_made(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }",
                  memory, sizeof memory, &array, &why));
    assert_false(array.fortran);
    for (int t = 0; t < 2; t++)
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++)
                assert_true(((float *)array.data)[(t * 3 + i) * 4 + j] ==
                            (float)(t + 2 * i + 6 * j));
    npy_free(&array);
}

static void an_empty_array_is_read(void **state)
{
    npy_array array;
    failure why;

    (void)state;
    assert_true(read_made(1,
                          "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 7), }",
                          NULL, 0, &array, &why));
    assert_non_null(array.data);
    npy_free(&array);
}

static void a_wrong_dtype_or_rank_is_named(void **state)
{
    static const char *const bad[][2] = {
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "'>f4'"},
        {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", "'<i4'"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", "'<f2'"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", "'|O'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "rank is 0"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "rank is 1"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2, 3), }",
         "rank is 4"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        npy_array array;
        failure why;

        assert_false(read_made(1, bad[i][0], six, sizeof six, &array, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
        assert_non_null(strstr(why.text, bad[i][1]));
        assert_null(array.data);
    }
}

static void a_header_that_makes_no_sense_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "{",
        "}",
        "{}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'shape': (2, 3)}",
        "{'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': "
        "(99999999999999999999999, 0)}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} print(1)",
        "{'descr': '<f444444444444444444444444', 'fortran_order': False, "
        "'shape': (2, 3)}",
        "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr: <f4, 'fortran_order': False, 'shape': (2, 3)}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        npy_array array;
        failure why;

        assert_false(read_made(1, bad[i], six, sizeof six, &array, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
        assert_null(array.data);
    }
}

static void what_is_wrong_in_a_header_is_said(void **state)
{
#define BEGIN "{'descr': '<f4', 'fortran_order': False, 'shape': "
    static const char *const bad[][2] = {
        {"(2, 3)", "dictionary of descr"},
        {"{'descr': '<f4', 'fortran_order': False}", "lacks shape"},
        {"{'descr': '<f4', 'shape': (2, 3)}", "lacks fortran_order"},
        {"{'fortran_order': False, 'shape': (2, 3)}", "lacks descr"},
        {BEGIN "(6)}", "must be a tuple"},
        {BEGIN "[2, 3]}", "must be a tuple"},
        {BEGIN "(-2, 3)}", "negative"},
        {BEGIN "(2, 3.0)}", "whole numbers"},
        {BEGIN "(2, x)}", "whole numbers"},
        {BEGIN "(99999999999999999999999, 0)}", "too large"},
        {BEGIN "(2, 3), 'mo\x9bre': 1}", "'mo\\x9bre' is unknown"},
        {BEGIN "(2, 3), 'descr': '<f4'}", "'descr' is unknown or there twice"},
        {BEGIN "(2, 3)} print(1)", "follows its dictionary"},
        {"{'descr': '<f4', 'fortran_order': 1, 'shape': (2, 3)}",
         "fortran_order must be True or False"},
        {"{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 3)}",
         "structured"},
        {"{'descr': '<f444444444444444444444444', 'fortran_order': False, "
         "'shape': (2, 3)}",
         "its dtype is '<f4444"},
    };
#undef BEGIN

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        npy_array array;
        failure why;

        assert_false(read_made(1, bad[i][0], six, sizeof six, &array, &why));
        if (!strstr(why.text, bad[i][1]))
            fail_msg("%s is refused with \"%s\", without \"%s\"", bad[i][0], why.text,
                     bad[i][1]);
    }
}

static void a_shape_larger_than_the_file_is_refused_before_any_memory(void **state)
{
    static const char *const shapes[] = {
        "(2, 4)",
        "(1000000000, 1000000000)",
        "(4294967296, 4294967296)",
        "(9223372036854775808, 2)",
        "(18446744073709551615, 18446744073709551615)",
        "(3, 6148914691236517206)", /* 3 * that is 2 modulo 2^64 */
        "(2, 4611686018427387905, 3)",
    };

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        npy_array array;
        failure why;
        char text[256];

        snprintf(text, sizeof text,
                 "{'descr': '<f4', 'fortran_order': False, 'shape': %s}", shapes[i]);
        assert_false(read_made(1, text, six, sizeof six, &array, &why));
        assert_non_null(strstr(why.text, "truncated"));
        assert_null(array.data);
    }
}

static void every_truncation_is_refused(void **state)
{
    unsigned char whole[256] = "\x93NUMPY\x01";
    const size_t length = strlen(PLAIN), size = 10 + length + sizeof six;
    failure why;

    (void)state;
    whole[8] = (unsigned char)length;
    memcpy(whole + 10, PLAIN, length);
    memcpy(whole + 10 + length, six, sizeof six);
    assert_true(read_bytes(whole, size, &why));
    for (size_t cut = 0; cut < size; cut++) {
        assert_false(read_bytes(whole, cut, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
    }
}

static void a_strange_beginning_is_refused(void **state)
{
    static const char magic[] = "\x93NUMPX\x01\0\x10\0{}              ";
    static const char version[] = "\x93NUMPY\x04\0\x10\0{}              ";
    static const char minor[] = "\x93NUMPY\x01\x01\x10\0{}              ";
    static const char huge[] = "\x93NUMPY\x02\0\xff\xff\xff\xff{}";
    static const char zero[] = "\x93NUMPY\x01\0\x10\0{}\0             ";
    failure why;

    (void)state;
    assert_false(read_bytes(magic, sizeof magic, &why));
    assert_non_null(strstr(why.text, "not a .npy file"));
    assert_false(read_bytes(version, sizeof version, &why));
    assert_non_null(strstr(why.text, "version 4.0"));
    assert_false(read_bytes(minor, sizeof minor, &why));
    assert_false(read_bytes(huge, sizeof huge, &why));
    assert_non_null(strstr(why.text, "4294967295"));
    assert_false(read_bytes(zero, sizeof zero, &why));
}

static void what_is_no_file_is_refused(void **state)
{
    npy_array array;
    failure why;

    (void)state;
    assert_false(npy_read("/tmp", &array, &why));
    assert_false(npy_read("/dev/zero", &array, &why));
    assert_false(npy_read("/nonexistent.npy", &array, &why));
    assert_int_equal(why.exit_status, EXIT_INPUT);
}

static void what_is_written_is_read_back(void **state)
{
    static const size_t shape[] = {1, 2, 3};
    char path[64];
    FILE *file;

    (void)state;
    for (int rank = 2; rank <= 3; rank++) {
        npy_array array;
        failure why;

        temporary_write(path, "", 0);
        file = fopen(path, "wb");
        assert_non_null(file);
        npy_write(file, TSR_F32, rank, shape + 3 - rank, six);
        /* NumPy wants the data to begin at a multiple of 64 bytes. */
        assert_int_equal(((size_t)ftell(file) - sizeof six) % 64, 0);
        fclose(file);
        assert_true(npy_read(path, &array, &why));
        unlink(path);
        assert_int_equal(array.rank, rank);
        assert_int_equal(array.shape[rank - 1], 3);
        assert_int_equal(array.shape[rank - 2], 2);
        assert_memory_equal(array.data, six, sizeof six);
        npy_free(&array);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_three_versions_are_read),
        cmocka_unit_test(keys_come_in_any_order_and_quotes),
        cmocka_unit_test(f64_is_read),
        cmocka_unit_test(fortran_order_of_rank_3_becomes_c_order),
        cmocka_unit_test(an_empty_array_is_read),
        cmocka_unit_test(a_wrong_dtype_or_rank_is_named),
        cmocka_unit_test(a_header_that_makes_no_sense_is_refused),
        cmocka_unit_test(what_is_wrong_in_a_header_is_said),
        cmocka_unit_test(a_shape_larger_than_the_file_is_refused_before_any_memory),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(a_strange_beginning_is_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(what_is_written_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
