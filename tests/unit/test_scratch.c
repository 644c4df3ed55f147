/* Scratch: buffers are lent again, never to two at once, never across queues. */
#include "memory/scratch.h"

#include "device_fixture.h"

static cl_mem take(const tsr__sequence *sequence, size_t bytes)
{
    cl_mem buffer = NULL;

    assert_int_equal(tsr__scratch_take(sequence, bytes, &buffer), TSR_OK);
    assert_non_null(buffer);
    return buffer;
}

static size_t bytes_of(cl_mem buffer)
{
    size_t bytes = 0;

    clGetMemObjectInfo(buffer, CL_MEM_SIZE, sizeof bytes, &bytes, NULL);
    return bytes;
}

static void what_was_given_back_is_lent_again(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem first = take(&sequence, 1000);

    tsr__scratch_give(&sequence, first);
    cl_mem second = take(&sequence, 900);
    assert_ptr_equal(second, first);
    tsr__scratch_give(&sequence, second);
}

static void what_is_lent_is_not_lent_twice(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem first = take(&sequence, 1000), second = take(&sequence, 1000);

    assert_ptr_not_equal(first, second);
    tsr__scratch_give(&sequence, first);
    tsr__scratch_give(&sequence, second);
}

static void a_buffer_is_large_enough_but_not_wasteful(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem large = take(&sequence, 1 << 20);

    tsr__scratch_give(&sequence, large);
    cl_mem small = take(&sequence, 16);
    assert_ptr_not_equal(small, large);
    cl_mem larger = take(&sequence, 2 << 20);
    assert_true(bytes_of(larger) >= 2 << 20);
    tsr__scratch_give(&sequence, small);
    tsr__scratch_give(&sequence, larger);
}

static void more_than_the_pool_keeps_is_still_lent_and_given_back(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem buffers[20];

    for (size_t i = 0; i < 20; i++) {
        buffers[i] = take(&sequence, (size_t)100 << i % 12);
        for (size_t other = 0; other < i; other++)
            assert_ptr_not_equal(buffers[other], buffers[i]);
    }
    for (size_t i = 0; i < 20; i++)
        tsr__scratch_give(&sequence, buffers[i]);
}

/* As many are idle as are kept, 8: one more takes the place of the first. */
static void the_buffer_idle_for_longest_gives_way(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem idle[8], more, again;

    for (size_t i = 0; i < 8; i++)
        idle[i] = take(&sequence, (size_t)3000 << 3 * (i % 4) << (i / 4));
    clRetainMemObject(idle[7]); /* so that no other is ever at its address */
    for (size_t i = 0; i < 8; i++)
        tsr__scratch_give(&sequence, idle[i]);
    more = take(&sequence, 7); /* far too little for any of those */
    again = take(&sequence, bytes_of(idle[7]));
    assert_ptr_equal(again, idle[7]);
    tsr__scratch_give(&sequence, again);
    tsr__scratch_give(&sequence, more);
    clReleaseMemObject(idle[7]);
}

static void a_large_part_of_a_small_device_is_not_kept(void **state)
{
    tsr_device *device = *state;
    tsr__sequence sequence = tsr__sequence_on(device);
    const uint64_t whole = device->info.memory_bytes;
    cl_mem buffer = take(&sequence, 50000);

    clRetainMemObject(buffer); /* or the next might be at its address */
    device->info.memory_bytes = 8 * 50000 - 8;
    tsr__scratch_give(&sequence, buffer);
    device->info.memory_bytes = whole;
    cl_mem next = take(&sequence, 50000);
    assert_ptr_not_equal(next, buffer);
    tsr__scratch_give(&sequence, next);
    clReleaseMemObject(buffer);
}

static void another_queue_gets_a_buffer_of_its_own(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    tsr__sequence other = sequence;
    cl_mem first = take(&sequence, 1000);

    tsr__scratch_give(&sequence, first);
    assert_int_equal(tsr__device_profiling_queue(*state, &other.queue), TSR_OK);
    cl_mem second = take(&other, 1000);
    assert_ptr_not_equal(second, first);
    tsr__scratch_give(&other, second);
}

static void too_much_is_an_error(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem buffer = (cl_mem)*state;

    assert_int_equal(tsr__scratch_take(&sequence, SIZE_MAX, &buffer),
                     TSR_ERROR_ALLOC_LIMIT);
    assert_null(buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_given_back_is_lent_again),
        cmocka_unit_test(what_is_lent_is_not_lent_twice),
        cmocka_unit_test(a_buffer_is_large_enough_but_not_wasteful),
        cmocka_unit_test(more_than_the_pool_keeps_is_still_lent_and_given_back),
        cmocka_unit_test(the_buffer_idle_for_longest_gives_way),
        cmocka_unit_test(a_large_part_of_a_small_device_is_not_kept),
        cmocka_unit_test(another_queue_gets_a_buffer_of_its_own),
        cmocka_unit_test(too_much_is_an_error),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
