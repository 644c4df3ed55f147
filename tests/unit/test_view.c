#include "device_fixture.h"

#include <string.h>

#include <tessera/interop.h>

/* A 4x5 tensor of 0 to 19. */
static tsr_tensor *counting(tsr_device *device)
{
    float numbers[20];
    tsr_tensor *t;

    for (int i = 0; i < 20; i++)
        numbers[i] = (float)i;
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, (size_t[]){4, 5}, numbers, &t));
    return t;
}

static void a_view_reads_the_same_memory_in_its_own_order(void **state)
{
    float block[] = {6, 7, 8, 11, 12, 13}, out[6];
    tsr_tensor *base = counting(*state), *view;
    size_t offset;

    assert_ok(tsr_tensor_view(base, 2, (size_t[]){2, 3}, (size_t[]){5, 1}, 6, &view));
    assert_ok(tsr_tensor_read(view, out));
    assert_memory_equal(out, block, sizeof block);
    assert_ptr_equal(tsr_tensor_get_cl_mem(view, &offset),
                     tsr_tensor_get_cl_mem(base, NULL));
    assert_int_equal(offset, 6);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(base);
}

static void a_view_without_strides_is_dense(void **state)
{
    float expected[] = {2, 3, 4, 5, 6, 7}, out[6];
    tsr_tensor *base = counting(*state), *view;

    assert_ok(tsr_tensor_view(base, 2, (size_t[]){3, 2}, NULL, 2, &view));
    assert_ok(tsr_tensor_read(view, out));
    assert_memory_equal(out, expected, sizeof expected);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(base);
}

static void a_view_outlives_its_base(void **state)
{
    tsr_tensor *base = counting(*state), *view;
    float out[2];

    assert_ok(tsr_tensor_view(base, 1, (size_t[]){2}, (size_t[]){5}, 4, &view));
    tsr_tensor_destroy(base);
    assert_ok(tsr_tensor_read(view, out));
    assert_true(out[0] == 4 && out[1] == 9);
    tsr_tensor_destroy(view);
}

static void a_view_of_a_view_counts_from_it_and_may_reach_past_it(void **state)
{
    tsr_tensor *base = counting(*state), *row, *view;
    float out[2];

    assert_ok(tsr_tensor_view(base, 1, (size_t[]){5}, (size_t[]){1}, 5, &row));
    assert_ok(tsr_tensor_view(row, 1, (size_t[]){2}, (size_t[]){12}, 2, &view));
    assert_ok(tsr_tensor_read(view, out));
    assert_true(out[0] == 7 && out[1] == 19);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(row);
    tsr_tensor_destroy(base);
}

static void a_stride_of_zero_repeats(void **state)
{
    float expected[] = {3, 4, 3, 4, 3, 4}, out[6];
    tsr_tensor *base = counting(*state), *view;

    assert_ok(tsr_tensor_view(base, 2, (size_t[]){3, 2}, (size_t[]){0, 1}, 3, &view));
    assert_ok(tsr_tensor_read(view, out));
    assert_memory_equal(out, expected, sizeof expected);
    assert_int_equal(tsr_tensor_write(view, expected), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(base);
}

static void a_view_must_stay_inside_the_memory(void **state)
{
    tsr_tensor *base = counting(*state), *view = NULL;

    assert_ok(tsr_tensor_view(base, 1, (size_t[]){1}, (size_t[]){1}, 19, &view));
    tsr_tensor_destroy(view);
    assert_int_equal(tsr_tensor_view(base, 1, (size_t[]){1}, (size_t[]){1}, 20, &view),
                     TSR_ERROR_SHAPE);
    assert_null(view);
    assert_int_equal(
        tsr_tensor_view(base, 2, (size_t[]){4, 5}, (size_t[]){5, 1}, 1, &view),
        TSR_ERROR_SHAPE);
    assert_int_equal(
        tsr_tensor_view(base, 1, (size_t[]){3}, (size_t[]){SIZE_MAX}, 0, &view),
        TSR_ERROR_OVERFLOW);
    assert_int_equal(
        tsr_tensor_view(base, 1, (size_t[]){2}, (size_t[]){1}, SIZE_MAX, &view),
        TSR_ERROR_OVERFLOW);
    assert_int_equal(tsr_tensor_view(base, 0, (size_t[]){2}, NULL, 0, &view),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_view(NULL, 1, (size_t[]){2}, NULL, 0, &view),
                     TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(base);
}

static void transposing_swaps_the_last_two_axes(void **state)
{
    float out[20], whole[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    float swapped[8] = {0, 2, 1, 3, 4, 6, 5, 7};
    tsr_tensor *base = counting(*state), *view;

    assert_ok(tsr_tensor_transpose(base, &view));
    assert_int_equal(tsr_tensor_get_shape(view)[0], 5);
    assert_int_equal(tsr_tensor_get_shape(view)[1], 4);
    assert_ok(tsr_tensor_read(view, out));
    for (int i = 0; i < 20; i++)
        assert_true(out[i] == (float)(i % 4 * 5 + i / 4));
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(base);

    assert_ok(
        tsr_tensor_from_host(*state, TSR_F32, 3, (size_t[]){2, 2, 2}, whole, &base));
    assert_ok(tsr_tensor_transpose(base, &view));
    assert_ok(tsr_tensor_read(view, out));
    assert_memory_equal(out, swapped, sizeof swapped);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(base);

    assert_ok(tsr_tensor_create(*state, TSR_F32, 1, (size_t[]){3}, &base));
    assert_int_equal(tsr_tensor_transpose(base, &view), TSR_ERROR_ARGUMENT);
    assert_null(view);
    tsr_tensor_destroy(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_reads_the_same_memory_in_its_own_order),
        cmocka_unit_test(a_view_without_strides_is_dense),
        cmocka_unit_test(a_view_outlives_its_base),
        cmocka_unit_test(a_view_of_a_view_counts_from_it_and_may_reach_past_it),
        cmocka_unit_test(a_stride_of_zero_repeats),
        cmocka_unit_test(a_view_must_stay_inside_the_memory),
        cmocka_unit_test(transposing_swaps_the_last_two_axes),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
