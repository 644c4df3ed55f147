#include "device_fixture.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory/random.h"

static void philox_gives_the_known_answers(void **state)
{
    /* tests/kat_vectors of the Random123 distribution: counter, key, answer */
    static const uint32_t known[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
         0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0,
         0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
    };
    uint32_t words[4];

    (void)state;
    for (int i = 0; i < 3; i++) {
        tsr__philox(known[i], known[i] + 4, words);
        assert_memory_equal(words, known[i] + 6, sizeof words);
    }
}

static void elements_are_made_of_the_words_as_documented(void **state)
{
    float f[5];
    double d[3];
    uint32_t w[4];

    (void)state;
    tsr__philox((uint32_t[]){0, 0, 0, 0}, (uint32_t[]){0xdeadbeef, 0x12345678}, w);
    assert_ok(tsr_random_uniform(TSR_F32, 0x12345678deadbeef, 0, 1, 0, 5, f));
    for (int i = 0; i < 4; i++)
        assert_true(f[i] == (float)(w[i] >> 8) / 16777216.0f);
    assert_ok(tsr_random_uniform(TSR_F64, 0x12345678deadbeef, 0, 1, 0, 3, d));
    assert_true(d[0] == (double)(((uint64_t)w[1] << 32 | w[0]) >> 11) * 0x1p-53);
    assert_true(d[1] == (double)(((uint64_t)w[3] << 32 | w[2]) >> 11) * 0x1p-53);

    /* the second block, and a block beyond 32 bits */
    tsr__philox((uint32_t[]){1, 0, 0, 0}, (uint32_t[]){0xdeadbeef, 0x12345678}, w);
    assert_true(f[4] == (float)(w[0] >> 8) / 16777216.0f);
    tsr__philox((uint32_t[]){5, 3, 0, 0}, (uint32_t[]){9, 0}, w);
    assert_ok(
        tsr_random_uniform(TSR_F32, 9, 0, 1, (3 * 0x100000000 + 5) * 4 + 2, 1, f));
    assert_true(f[0] == (float)(w[2] >> 8) / 16777216.0f);
}

static void any_part_of_the_sequence_is_the_same(void **state)
{
    float whole[50], part[50];

    (void)state;
    assert_ok(tsr_random_uniform(TSR_F32, 5, -3, 8, 0, 50, whole));
    for (size_t first = 0; first < 20; first++) {
        assert_ok(tsr_random_uniform(TSR_F32, 5, -3, 8, first, 30, part));
        assert_memory_equal(part, whole + first, 30 * sizeof(float));
    }
}

static const double ranges[][2] = {
    {0, 1},
    {-1, 1},
    {-2.5, 1e6},
    {1, 1 + 0x1p-20},
    {-1e30, 3},
    {1e-30, 1},
    {-0x1p-126, 0},
    {-0x1p-120, 0x1p-126},
    {1e-37, 1},
    {-0x1p-110, 0x1p-112},
    {16777215, 16777217},
    {-0.1, 0.3},
};

/* The device's numbers are compared with plain C's, bit by bit. */
static void compare(tsr_tensor *t, tsr_dtype dtype, uint64_t seed, const double *range)
{
    size_t count = tsr_tensor_get_count(t), bytes = count * tsr_dtype_size(dtype);
    void *here = malloc(bytes), *there = malloc(bytes);

    assert_ok(tsr_tensor_fill_uniform(t, seed, range[0], range[1]));
    assert_ok(tsr_tensor_read(t, there));
    assert_ok(tsr_random_uniform(dtype, seed, range[0], range[1], 0, count, here));
    assert_memory_equal(here, there, bytes);
    free(there);
    free(here);
}

static void fill_like_plain_c(tsr_device *device, tsr_dtype dtype)
{
    size_t shape[] = {37, 301}, whole[] = {200000};

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        tsr_tensor *t;

        assert_ok(tsr_tensor_create(device, dtype, 2, shape, &t));
        compare(t, dtype, 0xfedcba9876543210u + i, ranges[i]);
        tsr_tensor_destroy(t);
        assert_ok(tsr_tensor_create(device, dtype, 1, whole, &t));
        compare(t, dtype, i, ranges[i]);
        tsr_tensor_destroy(t);
    }
}

static void the_device_fills_f32_like_plain_c(void **state)
{
    fill_like_plain_c(*state, TSR_F32);
}

static void the_device_fills_f64_like_plain_c(void **state)
{
    need_fp64(*state);
    fill_like_plain_c(*state, TSR_F64);
}

static void strides_do_not_change_the_numbers(void **state)
{
    static const struct {
        int rank;
        size_t shape[3], strides[3];
    } cases[] = {
        {3, {4, 5, 6}, {40, 7, 1}},  {3, {4, 5, 6}, {1, 4, 20}},
        {3, {4, 1, 6}, {100, 9, 2}}, {3, {3, 1, 1}, {50, 1, 1}},
        {2, {11, 9}, {12, 1}},       {2, {9, 11}, {1, 12}},
        {2, {1, 9}, {3, 3}},         {1, {30}, {4}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tsr_tensor *t, *view;

        assert_ok(tsr_tensor_create(*state, TSR_F32, 1, (size_t[]){1000}, &t));
        assert_ok(tsr_tensor_view(t, cases[i].rank, cases[i].shape, cases[i].strides,
                                  13, &view));
        compare(view, TSR_F32, 99, ranges[1]);
        tsr_tensor_destroy(view);
        tsr_tensor_destroy(t);
    }
}

static void numbers_stay_inside_the_range(void **state)
{
    static float f[100000];
    static double d[100000];

    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        double lo = ranges[i][0], hi = ranges[i][1];

        assert_ok(tsr_random_uniform(TSR_F32, 1, lo, hi, 0, 100000, f));
        for (int n = 0; n < 100000; n++)
            assert_true(f[n] >= (float)lo && f[n] < (float)hi);
        assert_ok(tsr_random_uniform(TSR_F64, 1, lo, hi, 0, 100000, d));
        for (int n = 0; n < 100000; n++)
            assert_true(d[n] >= lo && d[n] < hi);
    }
    /* between two neighbours there is only the lower one */
    assert_ok(tsr_random_uniform(TSR_F32, 1, 1, 1 + FLT_EPSILON, 0, 1000, f));
    for (int n = 0; n < 1000; n++)
        assert_true(f[n] == 1);
}

static void ranges_without_numbers_are_refused(void **state)
{
    static const double bad[][2] = {{1, 1},        {2, 1},         {NAN, 1},
                                    {0, NAN},      {-INFINITY, 0}, {0, INFINITY},
                                    {-3e38, 3e38}, {0, 1e39},      {1, 1 + 1e-9},
                                    {0, 1e-40},    {-1e39, 0}};
    float f[1];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(tsr_random_uniform(TSR_F32, 1, bad[i][0], bad[i][1], 0, 1, f),
                         TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_random_uniform(TSR_F64, 1, -1e308, 1e308, 0, 0, NULL),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_random_uniform(TSR_F32, 1, 0, 1, 0, 1, NULL),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_random_uniform(TSR_F32, 1, 0, 1, UINT64_MAX, 2, f),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_random_uniform((tsr_dtype)4, 1, 0, 1, 0, 1, f),
                     TSR_ERROR_ARGUMENT);
}

static void the_mean_and_variance_are_those_of_a_uniform(void **state)
{
    static float f[1000000];
    double sum = 0, squares = 0;

    (void)state;
    assert_ok(tsr_random_uniform(TSR_F32, 2024, 0, 1, 0, 1000000, f));
    for (int i = 0; i < 1000000; i++) {
        sum += f[i];
        squares += (double)f[i] * f[i];
    }
    /* 5 sigma: the mean's is sqrt(1/12)/1000, the mean square's sqrt(4/45)/1000 */
    assert_true(fabs(sum / 1e6 - 0.5) < 5 * 0.000289);
    assert_true(fabs(squares / 1e6 - 1.0 / 3) < 5 * 0.000299);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(elements_are_made_of_the_words_as_documented),
        cmocka_unit_test(any_part_of_the_sequence_is_the_same),
        cmocka_unit_test(the_device_fills_f32_like_plain_c),
        cmocka_unit_test(the_device_fills_f64_like_plain_c),
        cmocka_unit_test(strides_do_not_change_the_numbers),
        cmocka_unit_test(numbers_stay_inside_the_range),
        cmocka_unit_test(ranges_without_numbers_are_refused),
        cmocka_unit_test(the_mean_and_variance_are_those_of_a_uniform),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
