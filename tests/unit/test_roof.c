#include "device_fixture.h"

#include <math.h>
#include <stdlib.h>

#include <tessera/roof.h>

static void the_probes_give_rates_a_machine_can_have(void **state)
{
    bool fp64 = tsr_device_get_info(*state)->fp64;
    tsr_roof roof;

    /* from a slow simulator to several times the largest accelerator of 2025 */
    assert_ok(tsr_roof_measure(*state, &roof));
    assert_true(roof.read_bytes_per_second > 1e7 && roof.read_bytes_per_second < 5e13);
    assert_true(roof.f32_flops_per_second > 1e7 && roof.f32_flops_per_second < 1e15);
    if (fp64) /* no faster than f32, unless something slowed that one's turn */
        assert_true(roof.f64_flops_per_second > 1e7 &&
                    roof.f64_flops_per_second <= 4.0 * roof.f32_flops_per_second);
    else
        assert_true(roof.f64_flops_per_second == 0);
}

static void a_probe_can_be_run_again_and_only_raises_what_it_measures(void **state)
{
    tsr_roof roof = {0}, high = {1e30, 1e30, 1, 1e-30};
    tsr_roof_probe *probe;
    const tsr_roof *best;

    assert_ok(tsr_roof_probe_create(*state, &probe));
    best = tsr_roof_probe_best(probe);
    for (int i = 0; i < 3; i++)
        assert_ok(tsr_roof_probe_run(probe, TSR_F32, &roof));
    assert_true(roof.f64_flops_per_second == 0);
    assert_true(roof.read_bytes_per_second > 1e7);
    assert_true(roof.f32_flops_per_second > 1e7);
    assert_true(roof.launch_seconds > 0 && roof.launch_seconds < 0.1);
    assert_true(roof.read_bytes_per_second <= best->read_bytes_per_second);
    assert_true(roof.f32_flops_per_second <= best->f32_flops_per_second);
    assert_true(roof.launch_seconds >= best->launch_seconds);
    assert_ok(tsr_roof_probe_run(probe, TSR_F32, &high));
    assert_true(high.read_bytes_per_second == 1e30 && high.launch_seconds == 1e-30);
    assert_true(high.f32_flops_per_second == 1e30 && high.f64_flops_per_second == 1);
    if (tsr_device_get_info(*state)->fp64) {
        assert_ok(tsr_roof_probe_run(probe, TSR_F64, &high));
        assert_true(high.f64_flops_per_second > 1e7);
    } else {
        assert_int_equal(tsr_roof_probe_run(probe, TSR_F64, &high),
                         TSR_ERROR_UNSUPPORTED);
    }
    tsr_roof_probe_destroy(probe);
}

static void a_probe_keeps_its_device(void **state)
{
    tsr_roof roof = {0};
    tsr_roof_probe *probe;
    tsr_device *device;

    (void)state;
    assert_ok(tsr_device_open(NULL, &device));
    assert_ok(tsr_roof_probe_create(device, &probe));
    tsr_device_close(device);
    assert_ok(tsr_roof_probe_run(probe, TSR_F32, &roof));
    assert_true(roof.read_bytes_per_second > 0);
    tsr_roof_probe_destroy(probe);
    tsr_roof_probe_destroy(NULL);
}

static void a_probe_refuses_what_is_no_place_or_dtype(void **state)
{
    tsr_roof roof = {0};
    tsr_roof_probe *probe;

    assert_int_equal(tsr_roof_probe_create(*state, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_roof_probe_create(NULL, &probe), TSR_ERROR_ARGUMENT);
    assert_null(probe);
    assert_int_equal(tsr_roof_probe_run(NULL, TSR_F32, &roof), TSR_ERROR_ARGUMENT);
    assert_ok(tsr_roof_probe_create(*state, &probe));
    assert_int_equal(tsr_roof_probe_run(probe, TSR_F32, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_roof_probe_run(probe, (tsr_dtype)77, &roof),
                     TSR_ERROR_ARGUMENT);
    tsr_roof_probe_destroy(probe);
}

static void measuring_needs_a_device_and_a_place(void **state)
{
    tsr_roof roof = {1, 1, 1, 0};

    assert_int_equal(tsr_roof_measure(*state, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_roof_measure(NULL, &roof), TSR_ERROR_ARGUMENT);
    assert_true(roof.read_bytes_per_second == 0);
}

static void too_small_an_allocation_is_no_roof(void **state)
{
    tsr_roof roof = {1, 1, 1, 0};
    tsr_device *small;

    (void)state;
    setenv("TESSERA_MAX_ALLOC", "64", 1);
    assert_ok(tsr_device_open(NULL, &small));
    unsetenv("TESSERA_MAX_ALLOC");
    assert_int_equal(tsr_roof_measure(small, &roof), TSR_ERROR_ALLOC_LIMIT);
    assert_true(roof.read_bytes_per_second == 0);
    tsr_device_close(small);
}

static void the_slower_of_memory_and_arithmetic_decides(void **state)
{
    tsr_roof roof = {1000, 500, 250, 0};

    (void)state;
    /* 2x3 @ 3x4: 6 + 12 + 8 elements, 48 flops */
    assert_true(tsr_roof_seconds(&roof, TSR_F32, 2, 4, 3, 1) == 26 * 4 / 1000.0);
    assert_true(tsr_roof_seconds(&roof, TSR_F64, 2, 4, 3, 1) == 26 * 8 / 1000.0);
    assert_true(tsr_roof_seconds(&roof, TSR_F64, 2, 4, 3, 7) == 7 * 26 * 8 / 1000.0);
    roof.f32_flops_per_second = 10;
    roof.f64_flops_per_second = 20;
    assert_true(tsr_roof_seconds(&roof, TSR_F32, 2, 4, 3, 1) == 48 / 10.0);
    assert_true(tsr_roof_seconds(&roof, TSR_F64, 2, 4, 3, 3) == 3 * 48 / 20.0);
}

static void empty_products_take_no_time_and_empty_sums_only_write(void **state)
{
    tsr_roof roof = {1000, 500, 0, 0};

    (void)state;
    assert_true(tsr_roof_seconds(&roof, TSR_F32, 0, 4, 3, 1) == 0);
    assert_true(tsr_roof_seconds(&roof, TSR_F32, 4, 0, 3, 1) == 0);
    assert_true(tsr_roof_seconds(&roof, TSR_F32, 4, 4, 3, 0) == 0);
    assert_true(tsr_roof_seconds(&roof, TSR_F64, 4, 5, 0, 1) == 20 * 8 / 1000.0);
}

static void f64_without_a_rate_never_ends(void **state)
{
    tsr_roof roof = {1000, 500, 0, 0};

    (void)state;
    assert_true(isinf(tsr_roof_seconds(&roof, TSR_F64, 1, 1, 1, 1)));
}

static void sizes_beyond_size_t_are_no_trouble(void **state)
{
    tsr_roof roof = {1, 1, 1, 0};

    (void)state;
    assert_true(tsr_roof_seconds(&roof, TSR_F32, SIZE_MAX, SIZE_MAX, SIZE_MAX, 1) >
                1e57);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_probes_give_rates_a_machine_can_have),
        cmocka_unit_test(a_probe_can_be_run_again_and_only_raises_what_it_measures),
        cmocka_unit_test(a_probe_keeps_its_device),
        cmocka_unit_test(a_probe_refuses_what_is_no_place_or_dtype),
        cmocka_unit_test(measuring_needs_a_device_and_a_place),
        cmocka_unit_test(too_small_an_allocation_is_no_roof),
        cmocka_unit_test(the_slower_of_memory_and_arithmetic_decides),
        cmocka_unit_test(empty_products_take_no_time_and_empty_sums_only_write),
        cmocka_unit_test(f64_without_a_rate_never_ends),
        cmocka_unit_test(sizes_beyond_size_t_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
