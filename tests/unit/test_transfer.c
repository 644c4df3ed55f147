#include "device_fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void what_is_written_is_read(void **state)
{
    float in[35], out[35] = {0};
    tsr_tensor *t;

    for (int i = 0; i < 35; i++)
        in[i] = (float)(i * i);
    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){5, 7}, &t));
    assert_ok(tsr_tensor_write(t, in));
    assert_ok(tsr_tensor_read(t, out));
    assert_memory_equal(in, out, sizeof in);
    assert_int_equal(tsr_tensor_read(t, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_write(t, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_read(NULL, out), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(t);
}

static void doubles_keep_every_bit(void **state)
{
    double in[9] = {1.0 / 3, -0.0, 1e308, 5e-324, 0, 1, 2, 3, 4}, out[9];
    tsr_tensor *t, *swapped;

    need_fp64(*state);
    assert_ok(tsr_tensor_from_host(*state, TSR_F64, 2, (size_t[]){3, 3}, in, &t));
    assert_ok(tsr_tensor_read(t, out));
    assert_memory_equal(in, out, sizeof in);
    assert_ok(tsr_tensor_transpose(t, &swapped));
    assert_ok(tsr_tensor_read(swapped, out));
    for (int i = 0; i < 9; i++)
        assert_memory_equal(&out[i], &in[i % 3 * 3 + i / 3], sizeof(double));
    tsr_tensor_destroy(swapped);
    tsr_tensor_destroy(t);
}

static void writing_a_strided_tensor_touches_only_its_elements(void **state)
{
    float before[60], in[12], after[60], out[12];
    tsr_tensor *t, *view;

    for (int i = 0; i < 60; i++)
        before[i] = (float)-i;
    for (int i = 0; i < 12; i++)
        in[i] = (float)(100 + i);
    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 1, (size_t[]){60}, before, &t));
    /* 2x3x2: strides out of order, gaps everywhere */
    assert_ok(
        tsr_tensor_view(t, 3, (size_t[]){2, 3, 2}, (size_t[]){3, 15, 7}, 2, &view));
    assert_ok(tsr_tensor_write(view, in));
    assert_ok(tsr_tensor_read(view, out));
    assert_memory_equal(in, out, sizeof in);
    for (int n = 0; n < 12; n++)
        before[2 + n / 6 * 3 + n / 2 % 3 * 15 + n % 2 * 7] = in[n];
    assert_ok(tsr_tensor_read(t, after));
    assert_memory_equal(after, before, sizeof before);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(t);
}

static void a_repeated_view_too_large_to_gather_is_an_error(void **state)
{
    size_t limit = (size_t)tsr_device_get_info(*state)->max_alloc_bytes;
    float one = 1;
    tsr_tensor *t, *view;

    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 1, (size_t[]){1}, &one, &t));
    assert_ok(
        tsr_tensor_view(t, 1, (size_t[]){limit / 4 + 1}, (size_t[]){0}, 0, &view));
    assert_int_equal(tsr_tensor_read(view, &one), TSR_ERROR_ALLOC_LIMIT);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(t);
}

static void *read_many_times(void *tensor)
{
    static const float expected[6] = {0, 3, 1, 4, 2, 5};
    float out[6];

    for (int i = 0; i < 50; i++)
        if (tsr_tensor_read(tensor, out) || memcmp(out, expected, sizeof expected) != 0)
            return tensor;
    return NULL;
}

static void one_tensor_is_read_from_many_threads(void **state)
{
    float numbers[6] = {0, 1, 2, 3, 4, 5};
    pthread_t threads[8];
    tsr_tensor *t, *swapped;

    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 2, (size_t[]){2, 3}, numbers, &t));
    assert_ok(tsr_tensor_transpose(t, &swapped));
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_many_times, swapped),
                         0);
    for (int i = 0; i < 8; i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    tsr_tensor_destroy(swapped);
    tsr_tensor_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(doubles_keep_every_bit),
        cmocka_unit_test(writing_a_strided_tensor_touches_only_its_elements),
        cmocka_unit_test(a_repeated_view_too_large_to_gather_is_an_error),
        cmocka_unit_test(one_tensor_is_read_from_many_threads),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
