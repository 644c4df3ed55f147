/* test_compare_workload.c: sets of operands take turns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "workload.h"

static void each_call_has_the_next_set(void **state)
{
    operand_set sets[3] = {{0}};
    workload w = {.sets = sets, .set_count = 3};

    (void)state;
    for (size_t call = 1; call < 8; call++) {
        assert_ptr_equal(workload_next(&w), &sets[call % 3]);
        assert_ptr_equal(workload_last(&w), &sets[call % 3]);
    }
}

static void a_hot_run_has_one_set(void **state)
{
    operand_set set = {0};
    workload w = {.sets = &set, .set_count = 1};

    (void)state;
    assert_ptr_equal(workload_next(&w), &set);
    assert_ptr_equal(workload_next(&w), &set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_has_the_next_set),
        cmocka_unit_test(a_hot_run_has_one_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
