/* device_fixture.h: one opened device for all tests of a file, as cmocka's *state. */
#ifndef TSR_TESTS_DEVICE_FIXTURE_H
#define TSR_TESTS_DEVICE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <tessera/device.h>
#include <tessera/status.h>
#include <tessera/tensor.h>

static inline int open_device(void **state)
{
    tsr_device *device = NULL;

    if (tsr_device_open(NULL, &device)) {
        print_error("%s\n", tsr_error_detail());
        return -1;
    }
    *state = device;
    return 0;
}

static inline int close_device(void **state)
{
    tsr_device_close(*state);
    return 0;
}

/* Skips the test where there is no double precision. */
static inline void need_fp64(const tsr_device *device)
{
    if (!tsr_device_get_info(device)->fp64)
        skip();
}

/* Fails with the library's own words. */
#define assert_ok(call)                                                                \
    do {                                                                               \
        tsr_status status_ = (call);                                                   \
        if (status_)                                                                   \
            fail_msg("%s: %s", tsr_status_name(status_), tsr_error_detail());          \
    } while (0)

/* Fails unless the call fails so, and says that. */
#define assert_refused(status, words, call)                                            \
    do {                                                                               \
        assert_int_equal(call, status);                                                \
        if (!strstr(tsr_error_detail(), words))                                        \
            fail_msg("\"%s\" is not in \"%s\"", words, tsr_error_detail());            \
    } while (0)

#endif /* TSR_TESTS_DEVICE_FIXTURE_H */
