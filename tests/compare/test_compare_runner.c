/* test_compare_runner.c: which calls of a device's runner are waited for. The library's two
 * are led here by the linker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner.h"

static size_t calls, finishes, unfinished, most_unfinished;

tsr_status __wrap_tsr_matmul(const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                             const tsr_matmul_options *options);
tsr_status __wrap_tsr_device_finish(tsr_device *device);

tsr_status __wrap_tsr_matmul(const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                             const tsr_matmul_options *options)
{
    (void)a, (void)b, (void)c;
    options->report->strategy = "stream";
    calls++;
    if (++unfinished > most_unfinished)
        most_unfinished = unfinished;
    return TSR_OK;
}

tsr_status __wrap_tsr_device_finish(tsr_device *device)
{
    (void)device;
    finishes++;
    unfinished = 0;
    return TSR_OK;
}

static void run(bool zero_copy, size_t loops)
{
    operand_set set = {0};
    workload w = {.sets = &set, .set_count = 1, .zero_copy = zero_copy};
    runner r = runner_device("tessera", NULL);
    table_row row = {0};

    calls = finishes = unfinished = most_unfinished = 0;
    assert_int_equal(r.kind->run(&r, &w, loops, &row), ROW_DONE);
    assert_int_equal(calls, loops);
    assert_int_equal(unfinished, 0);
}

static void where_memory_is_shared_each_call_is_waited_for(void **state)
{
    (void)state;
    run(true, 600);
    assert_int_equal(most_unfinished, 1);
    assert_int_equal(finishes, 600);
}

static void elsewhere_calls_are_in_a_row_but_not_without_end(void **state)
{
    (void)state;
    run(false, 100);
    assert_int_equal(finishes, 1);
    run(false, 600);
    assert_int_equal(most_unfinished, 256);
    assert_int_equal(finishes, 3);
    run(false, 512); /* the last one is not waited for twice */
    assert_int_equal(finishes, 2);
    run(false, 1);
    assert_int_equal(finishes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_memory_is_shared_each_call_is_waited_for),
        cmocka_unit_test(elsewhere_calls_are_in_a_row_but_not_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
