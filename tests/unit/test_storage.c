/* Who holds device memory: adopted buffers, borrowed arrays, and what is left at the end. */
#include "device_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tessera/interop.h>

#include "memory/tensor.h"

static cl_uint references(cl_mem buffer)
{
    cl_uint count = 0;

    assert_int_equal(
        clGetMemObjectInfo(buffer, CL_MEM_REFERENCE_COUNT, sizeof count, &count, NULL),
        CL_SUCCESS);
    return count;
}

static cl_uint context_references(cl_context context)
{
    cl_uint count = 0;

    assert_int_equal(clGetContextInfo(context, CL_CONTEXT_REFERENCE_COUNT, sizeof count,
                                      &count, NULL),
                     CL_SUCCESS);
    return count;
}

static cl_mem new_buffer(tsr_device *device, size_t bytes)
{
    cl_int code;
    cl_mem buffer = clCreateBuffer(tsr_device_get_cl_context(device), CL_MEM_READ_WRITE,
                                   bytes, NULL, &code);

    assert_int_equal(code, CL_SUCCESS);
    return buffer;
}

static void an_adopted_buffer_is_retained_once_and_released_once(void **state)
{
    cl_mem buffer = new_buffer(*state, 400);
    cl_uint before = references(buffer);
    tsr_tensor *t, *view;

    assert_ok(
        tsr_tensor_adopt(*state, buffer, TSR_F32, 2, (size_t[]){9, 9}, NULL, 5, &t));
    assert_int_equal(references(buffer), before + 1);
    assert_ok(tsr_tensor_transpose(t, &view));
    assert_int_equal(references(buffer), before + 1);
    tsr_tensor_destroy(t);
    assert_int_equal(references(buffer), before + 1);
    tsr_tensor_destroy(view);
    assert_int_equal(references(buffer), before);
    clReleaseMemObject(buffer);
}

static void an_adopted_buffer_is_used_at_its_offset(void **state)
{
    float in[] = {1, 2, 3, 4}, all[10] = {0}, zero[10] = {0};
    cl_command_queue queue = tsr_device_get_cl_queue(*state);
    cl_mem buffer = new_buffer(*state, sizeof all);
    tsr_tensor *t;
    size_t offset;

    clEnqueueWriteBuffer(queue, buffer, CL_TRUE, 0, sizeof zero, zero, 0, NULL, NULL);
    assert_ok(tsr_tensor_adopt(*state, buffer, TSR_F32, 2, (size_t[]){2, 2},
                               (size_t[]){4, 2}, 3, &t));
    assert_ptr_equal(tsr_tensor_get_cl_mem(t, &offset), buffer);
    assert_int_equal(offset, 3);
    assert_ok(tsr_tensor_write(t, in));
    clEnqueueReadBuffer(queue, buffer, CL_TRUE, 0, sizeof all, all, 0, NULL, NULL);
    zero[3] = 1;
    zero[5] = 2;
    zero[7] = 3;
    zero[9] = 4;
    assert_memory_equal(all, zero, sizeof all);
    tsr_tensor_destroy(t);
    clReleaseMemObject(buffer);
}

static void adopting_refuses_what_does_not_fit_and_keeps_nothing(void **state)
{
    cl_mem buffer = new_buffer(*state, 43);
    cl_uint before = references(buffer);
    tsr_tensor *t = NULL;
    tsr_device *other;

    assert_ok(
        tsr_tensor_adopt(*state, buffer, TSR_F32, 1, (size_t[]){10}, NULL, 0, &t));
    tsr_tensor_destroy(t);
    assert_int_equal(
        tsr_tensor_adopt(*state, buffer, TSR_F32, 1, (size_t[]){11}, NULL, 0, &t),
        TSR_ERROR_SHAPE);
    assert_null(t);
    assert_int_equal(
        tsr_tensor_adopt(*state, buffer, TSR_F32, 1, (size_t[]){10}, NULL, 1, &t),
        TSR_ERROR_SHAPE);
    assert_ok(tsr_device_open(NULL, &other));
    assert_int_equal(
        tsr_tensor_adopt(other, buffer, TSR_F32, 1, (size_t[]){10}, NULL, 0, &t),
        TSR_ERROR_ARGUMENT);
    tsr_device_close(other);
    assert_int_equal(references(buffer), before);
    clReleaseMemObject(buffer);
}

static void a_buffer_adopted_twice_is_one_memory(void **state)
{
    cl_mem buffer = new_buffer(*state, 800);
    tsr_tensor *a, *b;

    assert_ok(tsr_tensor_adopt(*state, buffer, TSR_F32, 2, (size_t[]){10, 10},
                               (size_t[]){20, 1}, 0, &a));
    assert_ok(tsr_tensor_adopt(*state, buffer, TSR_F32, 2, (size_t[]){10, 10},
                               (size_t[]){20, 1}, 10, &b));
    assert_false(tsr__tensors_overlap(a, b));
    assert_ok(tsr_tensor_fill_uniform(a, 1, 0, 1));
    assert_ok(tsr_tensor_copy(a, b));
    tsr_tensor_destroy(b);
    assert_ok(tsr_tensor_adopt(*state, buffer, TSR_F32, 2, (size_t[]){10, 10},
                               (size_t[]){20, 1}, 9, &b));
    assert_true(tsr__tensors_overlap(a, b));
    assert_int_equal(tsr_tensor_copy(a, b), TSR_ERROR_ALIAS);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(a);
    clReleaseMemObject(buffer);
}

static void a_sub_buffer_is_part_of_its_parent(void **state)
{
    size_t align = tsr_device_get_info(*state)->base_align_bytes;
    cl_mem parent = new_buffer(*state, 4 * align);
    cl_buffer_region region = {2 * align, 2 * align};
    size_t shape[] = {2 * align / 4};
    cl_int code;
    cl_mem child = clCreateSubBuffer(parent, CL_MEM_READ_WRITE,
                                     CL_BUFFER_CREATE_TYPE_REGION, &region, &code);
    tsr_tensor *first, *second, *sub;

    assert_int_equal(code, CL_SUCCESS);
    assert_ok(tsr_tensor_adopt(*state, parent, TSR_F32, 1, shape, NULL, 0, &first));
    assert_ok(
        tsr_tensor_adopt(*state, parent, TSR_F32, 1, shape, NULL, shape[0], &second));
    assert_ok(tsr_tensor_adopt(*state, child, TSR_F32, 1, shape, NULL, 0, &sub));
    assert_false(tsr__tensors_overlap(first, sub));
    assert_true(tsr__tensors_overlap(second, sub));
    tsr_tensor_destroy(sub);
    tsr_tensor_destroy(second);
    tsr_tensor_destroy(first);
    clReleaseMemObject(child);
    clReleaseMemObject(parent);
}

static void a_borrowed_array_is_the_storage_where_memory_is_shared(void **state)
{
    bool shared = tsr_device_get_info(*state)->zero_copy;
    float *array = malloc(1000 * sizeof *array), other[1000], expected[1000];
    tsr_tensor *t;

    for (int i = 0; i < 1000; i++)
        array[i] = (float)i;
    assert_ok(
        tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){10, 100}, array, &t));
    assert_int_equal(tsr_tensor_is_zero_copy(t), shared);
    assert_ok(tsr_tensor_read(t, other));
    assert_memory_equal(other, array, sizeof other);

    /* the host changes, the device sees it after a write */
    for (int i = 0; i < 1000; i++)
        array[i] = (float)-i;
    assert_ok(tsr_tensor_write(t, array));
    assert_ok(tsr_tensor_read(t, other));
    for (int i = 0; i < 1000; i++)
        assert_true(other[i] == (float)-i);

    /* the device changes, the host sees it after a read */
    assert_ok(tsr_tensor_fill_uniform(t, 7, -1, 1));
    assert_ok(tsr_tensor_read(t, array));
    assert_ok(tsr_random_uniform(TSR_F32, 7, -1, 1, 0, 1000, expected));
    assert_memory_equal(array, expected, sizeof expected);
    tsr_tensor_destroy(t);
    free(array);
}

static void a_view_of_a_borrowed_array_knows_its_own_place(void **state)
{
    float array[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, out[4];
    bool shared = tsr_device_get_info(*state)->zero_copy;
    tsr_tensor *t, *row, *column;

    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){3, 4}, array, &t));
    assert_ok(tsr_tensor_view(t, 1, (size_t[]){4}, (size_t[]){1}, 4, &row));
    assert_ok(tsr_tensor_view(t, 1, (size_t[]){3}, (size_t[]){4}, 0, &column));
    array[4] = 40;
    assert_ok(tsr_tensor_write(row, array + 4));
    assert_ok(tsr_tensor_read(row, array + 4));
    assert_ok(tsr_tensor_read(column, out));
    assert_true(out[0] == 0 && out[1] == 40 && out[2] == 8);
    /* elsewhere inside the storage is a mistake, unless there are two memories */
    assert_int_equal(tsr_tensor_read(row, array + 3), shared ? TSR_ERROR_ARGUMENT : 0);
    assert_int_equal(tsr_tensor_read(column, array), shared ? TSR_ERROR_ARGUMENT : 0);
    tsr_tensor_destroy(column);
    tsr_tensor_destroy(row);
    tsr_tensor_destroy(t);
}

static void an_array_that_is_not_aligned_is_copied(void **state)
{
    char bytes[4 * 8 + 1];
    float in[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out[8];
    char *odd = bytes + ((uintptr_t)bytes % 2 == 0);
    tsr_tensor *t;

    memcpy(odd, in, sizeof in);
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 1, (size_t[]){8}, odd, &t));
    assert_false(tsr_tensor_is_zero_copy(t));
    assert_ok(tsr_tensor_read(t, out));
    assert_memory_equal(in, out, sizeof in);
    tsr_tensor_destroy(t);
}

static void one_array_borrowed_twice_is_one_memory(void **state)
{
    bool shared = tsr_device_get_info(*state)->zero_copy;
    float array[20] = {0};
    tsr_tensor *a, *b;

    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 1, (size_t[]){10}, array, &a));
    assert_ok(
        tsr_tensor_borrow_host(*state, TSR_F32, 1, (size_t[]){10}, array + 5, &b));
    assert_int_equal(tsr__tensors_overlap(a, b), shared);
    tsr_tensor_destroy(b);
    assert_ok(
        tsr_tensor_borrow_host(*state, TSR_F32, 1, (size_t[]){10}, array + 10, &b));
    assert_false(tsr__tensors_overlap(a, b));
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(a);
}

static void a_borrowed_array_may_be_freed_after_destroy(void **state)
{
    size_t count = 1 << 20;

    for (int round = 0; round < 4; round++) {
        float *array = malloc(count * sizeof *array);
        tsr_tensor *t;

        assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 1, &count, array, &t));
        assert_ok(tsr_tensor_fill_uniform(t, 1, 0, 1));
        tsr_tensor_destroy(t); /* the fill may still be under way */
        free(array);
    }
}

static void nothing_is_left_of_a_context_that_was_lent(void **state)
{
    cl_device_id id = tsr_device_get_cl_device(*state);
    float numbers[64] = {0}, other[64];
    tsr_device *device;
    tsr_tensor *a, *b, *c;
    cl_uint before;
    cl_int code;
    cl_context context = clCreateContext(NULL, 1, &id, NULL, NULL, &code);

    assert_int_equal(code, CL_SUCCESS);
    before = context_references(context);
    assert_ok(tsr_device_adopt(context, id, NULL, &device));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, (size_t[]){8, 8}, numbers, &a));
    assert_ok(
        tsr_tensor_borrow_host(device, TSR_F32, 2, (size_t[]){8, 8}, numbers, &b));
    assert_ok(tsr_tensor_transpose(a, &c));
    assert_ok(tsr_tensor_copy(c, b));
    assert_ok(tsr_tensor_fill_uniform(c, 3, 0, 1));
    assert_ok(tsr_tensor_read(c, other));
    tsr_tensor_destroy(a);
    tsr_device_close(device);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(b);
    /* a driver's own thread may let go of the last command a moment later */
    for (int i = 0; i < 1000 && context_references(context) != before; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(context_references(context), before);
    clReleaseContext(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_adopted_buffer_is_retained_once_and_released_once),
        cmocka_unit_test(an_adopted_buffer_is_used_at_its_offset),
        cmocka_unit_test(adopting_refuses_what_does_not_fit_and_keeps_nothing),
        cmocka_unit_test(a_buffer_adopted_twice_is_one_memory),
        cmocka_unit_test(a_sub_buffer_is_part_of_its_parent),
        cmocka_unit_test(a_borrowed_array_is_the_storage_where_memory_is_shared),
        cmocka_unit_test(a_view_of_a_borrowed_array_knows_its_own_place),
        cmocka_unit_test(an_array_that_is_not_aligned_is_copied),
        cmocka_unit_test(one_array_borrowed_twice_is_one_memory),
        cmocka_unit_test(a_borrowed_array_may_be_freed_after_destroy),
        cmocka_unit_test(nothing_is_left_of_a_context_that_was_lent),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
