/* What happens when the router's choice fails by a fault of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <tessera/tessera.h>

#define SIZE 600 /* more than panel packs without a buffer */

/* A device on which panel's packed B, padded to whole panels, is just too large. */
static int open_tight(void **state)
{
    setenv("TESSERA_MAX_ALLOC", "1440000", 1);
    return tsr_device_open(NULL, (tsr_device **)state) != TSR_OK;
}

static int close_device(void **state)
{
    tsr_device_close(*state);
    unsetenv("TESSERA_MAX_ALLOC");
    return 0;
}

/* ones @ ones, so that every element must be SIZE. */
static tsr_status multiply(tsr_device *device, const char *strategy,
                           tsr_matmul_report *report, float *result)
{
    const size_t shape[2] = {SIZE, SIZE};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *a = NULL, *c = NULL;
    tsr_status status;

    for (size_t i = 0; i < SIZE * SIZE; i++)
        result[i] = 1.0f;
    options.strategy = strategy;
    options.report = report;
    assert_int_equal(tsr_tensor_from_host(device, TSR_F32, 2, shape, result, &a),
                     TSR_OK);
    assert_int_equal(tsr_tensor_create(device, TSR_F32, 2, shape, &c), TSR_OK);
    status = tsr_matmul(a, a, c, &options);
    if (!status)
        status = tsr_tensor_read(c, result);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
    return status;
}

static void a_choice_that_needs_too_much_scratch_gives_way_to_another(void **state)
{
    float *result = malloc(sizeof *result * SIZE * SIZE);
    tsr_matmul_report report;

    assert_non_null(result);
    assert_int_equal(multiply(*state, NULL, &report, result), TSR_OK);
    assert_string_not_equal(report.strategy, "panel");
    for (size_t i = 0; i < SIZE * SIZE; i++)
        assert_true(result[i] == (float)SIZE);
    free(result);
}

static void a_forced_strategy_that_needs_too_much_scratch_says_so(void **state)
{
    float *result = malloc(sizeof *result * SIZE * SIZE);
    tsr_matmul_report report;

    assert_non_null(result);
    assert_int_equal(multiply(*state, "panel", &report, result), TSR_ERROR_ALLOC_LIMIT);
    assert_non_null(strstr(tsr_error_detail(), "panel, 600x600x600 f32"));
    assert_non_null(strstr(tsr_error_detail(), "1440000"));
    free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_that_needs_too_much_scratch_gives_way_to_another),
        cmocka_unit_test(a_forced_strategy_that_needs_too_much_scratch_says_so),
    };

    return cmocka_run_group_tests(tests, open_tight, close_device);
}
