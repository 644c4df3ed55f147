/* Whoever waits until all are asleep waits for who works, core or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <time.h>

#include "asleep.h"

static atomic_bool worked, waited;

/* Longer than the looks, of the time that it is given a core. */
static void *work_then_sleep(void *arg)
{
    const struct timespec long_time = {0, 300000000};
    struct timespec now;

    do
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    while (now.tv_sec == 0 && now.tv_nsec < 100000000);
    atomic_store(&worked, true);
    while (!atomic_load(&waited))
        nanosleep(&long_time, NULL);
    return arg;
}

static void waiting_outlasts_a_thread_that_works(void **state)
{
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, work_then_sleep, NULL), 0);
    asleep_await(20);
    assert_true(atomic_load(&worked));
    atomic_store(&waited, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void waiting_ends_when_nobody_else_is_there(void **state)
{
    (void)state;
    asleep_await(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_outlasts_a_thread_that_works),
        cmocka_unit_test(waiting_ends_when_nobody_else_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
