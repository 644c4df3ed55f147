/* The router: what the cost model decides from facts alone, and what forces it. */
#include "matmul/router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "problem_fixture.h"

static const char *routed(const tsr_device_info *info, tsr__problem problem,
                          const char *forced, const char *environment)
{
    struct tsr_device device = {.info = *info};
    tsr__choice choice;
    tsr_status status;

    snprintf(device.forced_strategy, sizeof device.forced_strategy, "%s", environment);
    status = tsr__route(&device, &problem, forced, 0, &choice);
    forget(&device);
    return status ? tsr_status_name(status) : choice.strategy->name;
}

static void one_or_two_rows_or_a_column_are_streamed_on_any_device(void **state)
{
    (void)state;
    for (size_t m = 1; m <= 2; m++)
        assert_string_equal(routed(&desktop_cpu, dense(m, 5000, 6400), NULL, ""),
                            "stream");
    assert_string_equal(routed(&desktop_cpu, dense(5000, 1, 6400), NULL, ""), "stream");
    assert_string_equal(routed(&large_gpu, dense(1, 5000, 6400), NULL, ""), "stream");
}

/* Columns of A^T, which is what few columns of B meet, are not contiguous for them. */
static void some_rows_are_streamed_on_a_cpu_where_b_is_in_rows(void **state)
{
    (void)state;
    for (size_t m = 8; m <= 16; m *= 2) {
        assert_string_equal(routed(&desktop_cpu, dense(m, 5000, 6400), NULL, ""),
                            "stream");
        assert_string_equal(routed(&desktop_cpu, dense(5000, m, 6400), NULL, ""),
                            "panel");
    }
}

/* From memory a panel's many rows of A are read faster than a few columns of B^T are; from
 * caches both are, and what counts is that no vector is multiplied in part. */
static void few_columns_are_streamed_on_a_cpu_while_they_fit_in_its_caches(void **state)
{
    tsr_device_info wide = desktop_cpu;

    (void)state;
    wide.float_lanes = 16;
    wide.compute_units = 2;
    wide.cache_bytes = 32 << 20;
    for (size_t n = 2; n <= 4; n++) {
        assert_string_equal(routed(&wide, dense(1000, n, 1000), NULL, ""), "stream");
        assert_string_equal(routed(&wide, dense(5000, n, 6400), NULL, ""), "panel");
    }
}

/* AVX-512's multiply-adds load elements of A themselves. */
static void wide_vectors_stream_as_many_rows_as_there_may_be(void **state)
{
    tsr_device_info wide = desktop_cpu;

    (void)state;
    wide.float_lanes = 16;
    wide.compute_units = 2; /* which arithmetic holds up more than memory */
    assert_string_equal(routed(&wide, dense(32, 5000, 6400), NULL, ""), "stream");
    assert_string_equal(routed(&wide, dense(33, 5000, 6400), NULL, ""), "panel");
}

static void more_rows_or_columns_are_panels_on_a_cpu(void **state)
{
    (void)state;
    for (size_t m = 32; m <= 64; m *= 2) {
        assert_string_equal(routed(&desktop_cpu, dense(m, 5000, 6400), NULL, ""),
                            "panel");
        assert_string_equal(routed(&desktop_cpu, dense(5000, m, 6400), NULL, ""),
                            "panel");
    }
}

static void squares_are_packed_on_a_cpu(void **state)
{
    (void)state;
    for (size_t n = 64; n <= 4096; n *= 2)
        assert_string_equal(routed(&desktop_cpu, dense(n, n, n), NULL, ""), "panel");
}

static void squares_go_to_a_gpus_own_kernels(void **state)
{
    const char *name = routed(&large_gpu, dense(2048, 2048, 2048), NULL, "");

    (void)state;
    assert_true(strcmp(name, "clblast") == 0 || strcmp(name, "tile") == 0);
}

static void the_host_is_never_the_cheapest(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 1024; n *= 4) {
        assert_string_not_equal(routed(&desktop_cpu, dense(n, n, n), NULL, ""),
                                "reference");
        assert_string_not_equal(routed(&large_gpu, dense(n, n, n), NULL, ""),
                                "reference");
    }
}

static void the_caller_forces_before_the_environment(void **state)
{
    (void)state;
    assert_string_equal(routed(&desktop_cpu, dense(9, 9, 9), NULL, "tile"), "tile");
    assert_string_equal(routed(&desktop_cpu, dense(9, 9, 9), "panel", "tile"), "panel");
}

static void an_unknown_strategy_is_an_error_that_lists_the_known(void **state)
{
    (void)state;
    assert_string_equal(routed(&desktop_cpu, dense(9, 9, 9), "magic", ""),
                        "TSR_ERROR_ARGUMENT");
    assert_non_null(strstr(tsr_error_detail(), "magic"));
    assert_non_null(strstr(tsr_error_detail(), "stream, panel, tile"));
}

static void a_forced_strategy_that_cannot_says_why(void **state)
{
    (void)state;
    assert_string_equal(routed(&desktop_cpu, dense(99, 99, 99), "stream", ""),
                        "TSR_ERROR_UNSUPPORTED");
    assert_non_null(strstr(tsr_error_detail(), "at most 32 rows"));
}

static void what_has_failed_is_not_chosen_again(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem problem = dense(64, 64, 64);
    tsr__strategies except = 0;
    tsr__choice choice;
    size_t tried = 0;

    (void)state;
    while (!tsr__route(&device, &problem, NULL, except, &choice)) {
        assert_int_equal(except & tsr__strategies_of(choice.strategy), 0);
        except |= tsr__strategies_of(choice.strategy);
        tried++;
    }
    forget(&device);
    /* not stream: too many rows; nor host: no arrays were lent */
    assert_int_equal(tried, tsr_strategy_count() - 2);
}

static void a_small_local_memory_gets_a_small_tile_or_none(void **state)
{
    tsr_device_info tiny = large_gpu;

    (void)state;
    tiny.local_memory_bytes = 1024;
    tiny.max_group_size = 1;
    assert_string_equal(routed(&tiny, dense(64, 64, 64), "tile", ""), "tile");
    tiny.local_memory_bytes = 64;
    assert_string_equal(routed(&tiny, dense(64, 64, 64), "tile", ""),
                        "TSR_ERROR_UNSUPPORTED");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_or_two_rows_or_a_column_are_streamed_on_any_device),
        cmocka_unit_test(some_rows_are_streamed_on_a_cpu_where_b_is_in_rows),
        cmocka_unit_test(
            few_columns_are_streamed_on_a_cpu_while_they_fit_in_its_caches),
        cmocka_unit_test(wide_vectors_stream_as_many_rows_as_there_may_be),
        cmocka_unit_test(more_rows_or_columns_are_panels_on_a_cpu),
        cmocka_unit_test(squares_are_packed_on_a_cpu),
        cmocka_unit_test(squares_go_to_a_gpus_own_kernels),
        cmocka_unit_test(the_host_is_never_the_cheapest),
        cmocka_unit_test(the_caller_forces_before_the_environment),
        cmocka_unit_test(an_unknown_strategy_is_an_error_that_lists_the_known),
        cmocka_unit_test(a_forced_strategy_that_cannot_says_why),
        cmocka_unit_test(what_has_failed_is_not_chosen_again),
        cmocka_unit_test(a_small_local_memory_gets_a_small_tile_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
