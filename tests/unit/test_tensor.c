#include "device_fixture.h"

#include <stdlib.h>
#include <string.h>

#include <tessera/interop.h>

#include "memory/tensor.h"

static void a_new_tensor_is_dense_and_knows_its_shape(void **state)
{
    size_t shape[] = {2, 3, 5};
    tsr_tensor *t;

    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, shape, &t));
    assert_int_equal(tsr_tensor_get_dtype(t), TSR_F32);
    assert_int_equal(tsr_tensor_get_rank(t), 3);
    assert_memory_equal(tsr_tensor_get_shape(t), shape, sizeof shape);
    assert_int_equal(tsr_tensor_get_strides(t)[0], 15);
    assert_int_equal(tsr_tensor_get_strides(t)[1], 5);
    assert_int_equal(tsr_tensor_get_strides(t)[2], 1);
    assert_int_equal(tsr_tensor_get_count(t), 30);
    assert_ptr_equal(tsr_tensor_get_device(t), *state);
    assert_false(tsr_tensor_is_zero_copy(t));
    assert_true(tsr__tensor_is_dense(t));
    assert_non_null(tsr_tensor_get_cl_mem(t, NULL));
    tsr_tensor_destroy(t);
}

static void strides_of_axes_of_length_one_do_not_matter_for_density(void **state)
{
    tsr_tensor *t, *row;

    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){4, 5}, &t));
    assert_ok(tsr_tensor_view(t, 2, (size_t[]){1, 5}, (size_t[]){77, 1}, 0, &row));
    assert_true(tsr__tensor_is_dense(row));
    tsr_tensor_destroy(row);
    assert_ok(tsr_tensor_view(t, 2, (size_t[]){5, 1}, (size_t[]){1, 77}, 0, &row));
    assert_true(tsr__tensor_is_dense(row));
    tsr_tensor_destroy(row);
    assert_ok(tsr_tensor_view(t, 2, (size_t[]){4, 4}, (size_t[]){5, 1}, 0, &row));
    assert_false(tsr__tensor_is_dense(row));
    tsr_tensor_destroy(row);
    tsr_tensor_destroy(t);
}

static void empty_tensors_have_no_buffer_and_can_do_everything(void **state)
{
    size_t shapes[][3] = {{0, 0, 0}, {0, 4, 2}, {3, 0, 2}, {3, 4, 0}, {SIZE_MAX, 0, 9}};

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        tsr_tensor *a, *b, *view, *moved;

        assert_ok(tsr_tensor_create(*state, TSR_F32, 3, shapes[i], &a));
        assert_ok(tsr_tensor_from_host(*state, TSR_F32, 3, shapes[i], NULL, &b));
        assert_int_equal(tsr_tensor_get_count(a), 0);
        assert_null(tsr_tensor_get_cl_mem(a, NULL));
        assert_ok(tsr_tensor_write(a, NULL));
        assert_ok(tsr_tensor_read(a, NULL));
        assert_ok(tsr_tensor_copy(a, b));
        assert_ok(tsr_tensor_fill_uniform(a, 1, 0, 1));
        assert_ok(tsr_tensor_transpose(a, &view));
        assert_ok(tsr_tensor_read(view, NULL));
        assert_ok(tsr_tensor_to(view, *state, &moved));
        tsr_tensor_destroy(moved);
        tsr_tensor_destroy(view);
        assert_ok(tsr_tensor_view(a, 1, (size_t[]){0}, (size_t[]){1}, 0, &view));
        tsr_tensor_destroy(view);
        tsr_tensor_destroy(b);
        assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 3, shapes[i], NULL, &b));
        assert_ok(tsr_tensor_read(b, NULL));
        tsr_tensor_destroy(b);
        assert_ok(tsr_tensor_adopt(*state, NULL, TSR_F32, 3, shapes[i], NULL, 0, &b));
        tsr_tensor_destroy(b);
        tsr_tensor_destroy(a);
    }
}

static void bad_arguments_are_named_and_leave_null(void **state)
{
    tsr_tensor *t = (tsr_tensor *)(uintptr_t)1;
    size_t shape[] = {2, 2};

    assert_int_equal(tsr_tensor_create(NULL, TSR_F32, 2, shape, &t),
                     TSR_ERROR_ARGUMENT);
    assert_null(t);
    assert_int_equal(tsr_tensor_create(*state, (tsr_dtype)5, 2, shape, &t),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_create(*state, TSR_F32, 4, shape, &t),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_create(*state, TSR_F32, 2, NULL, &t),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_create(*state, TSR_F32, 2, shape, NULL),
                     TSR_ERROR_ARGUMENT);
    t = (tsr_tensor *)(uintptr_t)1;
    assert_int_equal(tsr_tensor_from_host(*state, TSR_F32, 2, shape, NULL, &t),
                     TSR_ERROR_ARGUMENT);
    assert_null(t);
    assert_int_equal(tsr_tensor_borrow_host(*state, TSR_F32, 2, shape, NULL, &t),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_adopt(*state, NULL, TSR_F32, 2, shape, NULL, 0, &t),
                     TSR_ERROR_ARGUMENT);
    assert_null(t);
    tsr_tensor_destroy(NULL);
}

static void sizes_beyond_counting_and_beyond_the_device_differ(void **state)
{
    size_t limit = (size_t)tsr_device_get_info(*state)->max_alloc_bytes;
    tsr_tensor *t = NULL;

    assert_int_equal(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){SIZE_MAX, 3}, &t),
                     TSR_ERROR_OVERFLOW);
    assert_int_equal(
        tsr_tensor_create(*state, TSR_F32, 1, (size_t[]){limit / 4 + 1}, &t),
        TSR_ERROR_ALLOC_LIMIT);
    assert_null(t);
    assert_non_null(strstr(tsr_error_detail(), "bytes asked for"));
}

static void the_pretended_limit_of_the_environment_counts(void **state)
{
    tsr_device *small;
    tsr_tensor *t;

    (void)state;
    setenv("TESSERA_MAX_ALLOC", "1000", 1);
    assert_ok(tsr_device_open(NULL, &small));
    unsetenv("TESSERA_MAX_ALLOC");
    assert_ok(tsr_tensor_create(small, TSR_F32, 1, (size_t[]){250}, &t));
    tsr_tensor_destroy(t);
    assert_int_equal(tsr_tensor_create(small, TSR_F32, 2, (size_t[]){251, 1}, &t),
                     TSR_ERROR_ALLOC_LIMIT);
    assert_non_null(strstr(tsr_error_detail(), "251x1 f32"));
    assert_non_null(strstr(tsr_error_detail(), "1004 bytes"));
    assert_non_null(strstr(tsr_error_detail(), "may have 1000; "));
    setenv("TESSERA_MAX_ALLOC", "1000", 1);
    assert_int_equal(tsr_tensor_create(small, TSR_F32, 2, (size_t[]){251, 1}, &t),
                     TSR_ERROR_ALLOC_LIMIT);
    unsetenv("TESSERA_MAX_ALLOC");
    assert_non_null(strstr(tsr_error_detail(), "may have 1000 (TESSERA_MAX_ALLOC); "));
    tsr_device_close(small);
}

static void f64_needs_a_device_that_has_it(void **state)
{
    bool fp64 = tsr_device_get_info(*state)->fp64;
    tsr_tensor *t;

    assert_int_equal(tsr_tensor_create(*state, TSR_F64, 1, (size_t[]){8}, &t),
                     fp64 ? TSR_OK : TSR_ERROR_UNSUPPORTED);
    tsr_tensor_destroy(t);
}

static void a_tensor_keeps_what_it_needs_of_a_closed_device(void **state)
{
    float in[] = {1, 2, 3}, out[3] = {0};
    tsr_device *device;
    tsr_tensor *t;

    (void)state;
    assert_ok(tsr_device_open(NULL, &device));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 1, (size_t[]){3}, in, &t));
    tsr_device_close(device);
    assert_ok(tsr_tensor_read(t, out));
    assert_memory_equal(in, out, sizeof in);
    tsr_tensor_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_tensor_is_dense_and_knows_its_shape),
        cmocka_unit_test(strides_of_axes_of_length_one_do_not_matter_for_density),
        cmocka_unit_test(empty_tensors_have_no_buffer_and_can_do_everything),
        cmocka_unit_test(bad_arguments_are_named_and_leave_null),
        cmocka_unit_test(sizes_beyond_counting_and_beyond_the_device_differ),
        cmocka_unit_test(the_pretended_limit_of_the_environment_counts),
        cmocka_unit_test(f64_needs_a_device_that_has_it),
        cmocka_unit_test(a_tensor_keeps_what_it_needs_of_a_closed_device),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
