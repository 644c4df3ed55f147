/* Which topics $TESSERA_TRACE turns on. It is read once in a process. */
#include "base/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What the first question of the process, which this makes, says to stderr. */
static void ask_first(char *said, size_t size)
{
    FILE *file = tmpfile();
    const int before = dup(2);
    size_t length;

    assert_non_null(file);
    assert_int_equal(dup2(fileno(file), 2), 2);
    tsr__trace_on(TSR__TRACE_ROUTER);
    assert_int_equal(dup2(before, 2), 2);
    close(before);
    rewind(file);
    length = fread(said, 1, size - 1, file);
    said[length] = '\0';
    fclose(file);
}

static void topics_are_named_whole_and_in_any_number(void **state)
{
    char said[1024];

    (void)state;
    setenv("TESSERA_TRACE", "cache,bui,,memory,devices,al", 1);
    ask_first(said, sizeof said);
    assert_true(tsr__trace_on(TSR__TRACE_CACHE));
    assert_true(tsr__trace_on(TSR__TRACE_MEMORY));
    assert_false(tsr__trace_on(TSR__TRACE_BUILD));
    assert_false(tsr__trace_on(TSR__TRACE_DEVICE));
    assert_false(tsr__trace_on(TSR__TRACE_ROUTER));
    assert_non_null(
        strstr(said, "names \"bui\", which is none of router, build, cache"));
    assert_non_null(strstr(said, "names \"devices\""));
    assert_non_null(strstr(said, "names \"al\""));
    assert_null(strstr(said, "names \"\""));
    assert_null(strstr(said, "names \"cache\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_named_whole_and_in_any_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
