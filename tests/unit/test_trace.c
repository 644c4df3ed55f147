/* Which topics $TESSERA_TRACE turns on. It is read once in a process. */
#include "base/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void topics_are_named_whole_and_in_any_number(void **state)
{
    (void)state;
    setenv("TESSERA_TRACE", "cache,bui,,memory,devices,al", 1);
    assert_true(tsr__trace_on(TSR__TRACE_CACHE));
    assert_true(tsr__trace_on(TSR__TRACE_MEMORY));
    assert_false(tsr__trace_on(TSR__TRACE_BUILD));
    assert_false(tsr__trace_on(TSR__TRACE_DEVICE));
    assert_false(tsr__trace_on(TSR__TRACE_ROUTER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_named_whole_and_in_any_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
