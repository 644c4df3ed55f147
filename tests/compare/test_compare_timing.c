/* test_compare_timing.c: batches as %timeit makes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>
#include <stdatomic.h>

#include <cmocka.h>

#include "timing.h"

/* The loops chosen for calls that take `seconds` each. */
static size_t loops_for(double seconds)
{
    size_t loops = 1;

    while (!timing_choose_loops(&loops, (double)loops * seconds))
        continue;
    return loops;
}

static void a_call_longer_than_a_batch_is_a_batch(void **state)
{
    (void)state;
    assert_int_equal(loops_for(TIMING_BATCH_SECONDS), 1);
    assert_int_equal(loops_for(30), 1);
}

static void short_calls_fill_a_batch(void **state)
{
    (void)state;
    for (double call = 1e-7; call < TIMING_BATCH_SECONDS; call *= 1.7) {
        const double batch = (double)loops_for(call) * call;

        assert_true(batch >= 0.999 * TIMING_BATCH_SECONDS);
        assert_true(batch <= 2.001 * TIMING_BATCH_SECONDS);
    }
}

static void calls_that_take_no_time_still_end(void **state)
{
    (void)state;
    assert_true(loops_for(0) > 1000);
}

static void best_median_and_slowest_are_told_apart(void **state)
{
    double odd[] = {5, 1, 4, 2, 3}, even[] = {4, 1, 2, 10};
    const timing t = timing_of(odd, 5, 7), u = timing_of(even, 4, 1);

    (void)state;
    assert_true(t.best == 1 && t.median == 3 && t.slowest == 5);
    assert_true(t.loops == 7 && t.batches == 5);
    assert_true(u.best == 1 && u.median == 3 && u.slowest == 10);
}

static void uneven_means_more_than_four_times(void **state)
{
    double even[] = {1, 4}, uneven[] = {1, 4.1};
    const timing t = timing_of(even, 2, 1), u = timing_of(uneven, 2, 1);

    (void)state;
    assert_false(timing_is_uneven(&t));
    assert_true(timing_is_uneven(&u));
}

/* As a rival's thread does after its last product. */
static void *spin(void *data)
{
    while (!atomic_load((atomic_bool *)data))
        continue;
    return NULL;
}

static void a_thread_that_spins_is_not_idle(void **state)
{
    atomic_bool end = false;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, spin, &end), 0);
    assert_false(timing_wait_idle(0.05));
    atomic_store(&end, true);
    pthread_join(thread, NULL);
    assert_true(timing_wait_idle(1));
}

static void nothing_is_waited_for_where_nothing_spins(void **state)
{
    const double start = clock_now();

    (void)state;
    assert_false(timing_wait_idle(0));
    assert_true(clock_now() - start < 0.004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_longer_than_a_batch_is_a_batch),
        cmocka_unit_test(short_calls_fill_a_batch),
        cmocka_unit_test(calls_that_take_no_time_still_end),
        cmocka_unit_test(best_median_and_slowest_are_told_apart),
        cmocka_unit_test(uneven_means_more_than_four_times),
        cmocka_unit_test(a_thread_that_spins_is_not_idle),
        cmocka_unit_test(nothing_is_waited_for_where_nothing_spins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
