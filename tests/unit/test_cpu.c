/* A thread leaves a CPU for another one, and may come back. */
#define _GNU_SOURCE /* CPU_COUNT, sched_getaffinity */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>

#include "base/cpu.h"

/* Somebody else's choice of CPUs, made right after the thread's next own one. */
static const cpu_set_t *chosen;

int __real_sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *set);
int __wrap_sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *set);

int __wrap_sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *set)
{
    const int failed = __real_sched_setaffinity(thread, size, set);

    if (chosen && !failed)
        __real_sched_setaffinity(thread, size, chosen);
    chosen = NULL;
    return failed;
}

static cpu_set_t allowed(void)
{
    cpu_set_t set;

    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    return set;
}

/* Keeps the thread on that CPU until it may go wherever it might before. */
static void begin_on(int cpu, const cpu_set_t *before)
{
    cpu_set_t one;

    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(tsr__cpu(), cpu);
    assert_int_equal(sched_setaffinity(0, sizeof *before, before), 0);
}

/* Where the system then puts it is its own affair; mostly it stays for a moment. */
static void a_thread_leaves_a_cpu_for_another(void **state)
{
    const cpu_set_t before = allowed();
    int left = 0, tries = 0;

    (void)state;
    if (CPU_COUNT(&before) < 2)
        skip();
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        for (int i = 0; CPU_ISSET((size_t)cpu, &before) && i < 50; i++, tries++) {
            begin_on(cpu, &before);
            assert_true(tsr__cpu_leave(cpu));
            left += tsr__cpu() != cpu;
        }
    assert_true(left > tries / 2);
}

static void it_may_run_afterwards_where_it_might_before(void **state)
{
    const cpu_set_t before = allowed();
    cpu_set_t after;

    (void)state;
    tsr__cpu_leave(tsr__cpu());
    after = allowed();
    assert_true(CPU_EQUAL(&before, &after));
}

static void what_somebody_else_chose_meanwhile_stays(void **state)
{
    const cpu_set_t before = allowed();
    const int cpu = tsr__cpu();
    cpu_set_t one, after;

    (void)state;
    if (CPU_COUNT(&before) < 2)
        skip();
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    chosen = &one;
    assert_true(tsr__cpu_leave(cpu));
    after = allowed();
    assert_true(CPU_EQUAL(&one, &after));
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

static void the_only_cpu_is_not_left(void **state)
{
    const cpu_set_t before = allowed();
    const int cpu = tsr__cpu();
    cpu_set_t one, after;

    (void)state;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_false(tsr__cpu_leave(cpu));
    assert_false(tsr__cpu_leave(-1));
    assert_false(tsr__cpu_leave(CPU_SETSIZE));
    after = allowed();
    assert_true(CPU_EQUAL(&one, &after));
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_leaves_a_cpu_for_another),
        cmocka_unit_test(it_may_run_afterwards_where_it_might_before),
        cmocka_unit_test(what_somebody_else_chose_meanwhile_stays),
        cmocka_unit_test(the_only_cpu_is_not_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
