#include "device_fixture.h"

#include "memory/tensor.h"

static const float numbers[6] = {0, 1, 2, 3, 4, 5};
static const float swapped[6] = {0, 3, 1, 4, 2, 5};

/* Moves the transpose of a 2x3 tensor and looks at what arrives. */
static void move_transposed(tsr_device *here, tsr_device *there)
{
    tsr_tensor *t, *view, *moved;
    float out[6];

    assert_ok(tsr_tensor_from_host(here, TSR_F32, 2, (size_t[]){2, 3}, numbers, &t));
    assert_ok(tsr_tensor_transpose(t, &view));
    assert_ok(tsr_tensor_to(view, there, &moved));
    assert_ptr_equal(tsr_tensor_get_device(moved), there);
    assert_true(tsr__tensor_is_dense(moved));
    assert_false(tsr__tensors_overlap(view, moved));
    assert_int_equal(tsr_tensor_get_shape(moved)[0], 3);
    assert_ok(tsr_tensor_read(moved, out));
    assert_memory_equal(out, swapped, sizeof out);
    tsr_tensor_destroy(moved);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(t);
}

static void a_tensor_is_copied_on_its_own_device(void **state)
{
    move_transposed(*state, *state);
}

static void a_tensor_moves_to_another_device(void **state)
{
    tsr_device *other;

    assert_ok(tsr_device_open(NULL, &other));
    move_transposed(*state, other);
    move_transposed(other, *state);
    tsr_device_close(other);
}

static void bad_arguments_are_refused(void **state)
{
    tsr_tensor *t, *out = (tsr_tensor *)(uintptr_t)1;

    assert_ok(tsr_tensor_create(*state, TSR_F32, 1, (size_t[]){3}, &t));
    assert_int_equal(tsr_tensor_to(t, NULL, &out), TSR_ERROR_ARGUMENT);
    assert_null(out);
    assert_int_equal(tsr_tensor_to(NULL, *state, &out), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_to(t, *state, NULL), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tensor_is_copied_on_its_own_device),
        cmocka_unit_test(a_tensor_moves_to_another_device),
        cmocka_unit_test(bad_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
