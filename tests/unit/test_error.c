#include "base/error.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_status_has_a_name_and_a_text(void **state)
{
    (void)state;
    for (int s = TSR_OK; s <= TSR_ERROR_WRONG_RESULT; s++) {
        assert_string_not_equal(tsr_status_string((tsr_status)s), "unknown status");
        assert_int_equal(strncmp(tsr_status_name((tsr_status)s), "TSR_", 4), 0);
    }
    assert_string_equal(tsr_status_name(TSR_ERROR_SHAPE), "TSR_ERROR_SHAPE");
    assert_string_equal(tsr_status_string((tsr_status)999), "unknown status");
    assert_string_equal(tsr_status_name((tsr_status)-1), "unknown status");
}

static void fail_gives_the_status_back_and_keeps_the_detail(void **state)
{
    (void)state;
    assert_int_equal(tsr__fail(TSR_ERROR_SHAPE, "%d is not %s", 7, "eight"),
                     TSR_ERROR_SHAPE);
    assert_string_equal(tsr_error_detail(), "7 is not eight");
}

static void explain_puts_the_context_before_the_detail(void **state)
{
    (void)state;
    tsr__fail(TSR_ERROR_OPENCL, "it broke");
    assert_int_equal(tsr__explain(TSR_ERROR_OPENCL, "uploading %s", "B"),
                     TSR_ERROR_OPENCL);
    assert_string_equal(tsr_error_detail(), "uploading B: it broke");
}

static void a_detail_may_be_made_of_the_one_before(void **state)
{
    (void)state;
    tsr__fail(TSR_ERROR_OPENCL, "first");
    tsr__fail(TSR_ERROR_OPENCL, "second after %s", tsr_error_detail());
    assert_string_equal(tsr_error_detail(), "second after first");
}

static void a_detail_that_is_too_long_ends_in_dots(void **state)
{
    char text[2 * TSR__DETAIL_SIZE];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    tsr__fail(TSR_ERROR_ARGUMENT, "%s", text);
    assert_int_equal(strlen(tsr_error_detail()), TSR__DETAIL_SIZE - 1);
    assert_string_equal(tsr_error_detail() + TSR__DETAIL_SIZE - 4, "...");
}

static void *other_thread(void *seen)
{
    strcpy(seen, tsr_error_detail());
    tsr__fail(TSR_ERROR_ARGUMENT, "of the other thread");
    return NULL;
}

static void each_thread_has_its_own_detail(void **state)
{
    char seen[TSR__DETAIL_SIZE] = "never asked";
    pthread_t thread;

    (void)state;
    tsr__fail(TSR_ERROR_ARGUMENT, "of this thread");
    assert_int_equal(pthread_create(&thread, NULL, other_thread, seen), 0);
    pthread_join(thread, NULL);
    assert_string_equal(seen, "");
    assert_string_equal(tsr_error_detail(), "of this thread");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_and_a_text),
        cmocka_unit_test(fail_gives_the_status_back_and_keeps_the_detail),
        cmocka_unit_test(explain_puts_the_context_before_the_detail),
        cmocka_unit_test(a_detail_may_be_made_of_the_one_before),
        cmocka_unit_test(a_detail_that_is_too_long_ends_in_dots),
        cmocka_unit_test(each_thread_has_its_own_detail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
