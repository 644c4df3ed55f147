/* The rates that the cost model takes devices for, by what their makers say, and what
 * follows for how few rows are cut up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "matmul/cost.h"
#include "matmul/stream_shape.h"
#include "problem_fixture.h"

/* Cards and their data sheets: TFLOP/s of multiply-adds without matrix units, and GB/s. */
static const struct {
    unsigned generation, units, mhz;
    double f32, f64, bandwidth;
} cards[] = {
    {60, 56, 1480, 10.6, 5.3, 732},     /* P100 SXM2 */
    {61, 28, 1582, 11.3, 0.354, 484},   /* GeForce GTX 1080 Ti */
    {70, 80, 1530, 15.7, 7.8, 900},     /* V100 SXM2 */
    {75, 68, 1545, 13.4, 0.42, 616},    /* GeForce RTX 2080 Ti */
    {80, 108, 1410, 19.5, 9.7, 1555},   /* A100 SXM4 40 GB */
    {86, 82, 1695, 35.6, 0.556, 936},   /* GeForce RTX 3090 */
    {89, 128, 2520, 82.6, 1.29, 1008},  /* GeForce RTX 4090 */
    {90, 132, 1980, 66.9, 33.5, 3350},  /* H100 SXM5 */
    {120, 170, 2407, 104.8, 1.64, 1792} /* GeForce RTX 5090 */
};

static tsr_device_info card(size_t index)
{
    tsr_device_info info = large_gpu;

    info.family = TSR_FAMILY_NVIDIA;
    info.generation = cards[index].generation;
    info.compute_units = cards[index].units;
    info.clock_mhz = cards[index].mhz;
    info.wave_items = 32;
    info.unit_registers = 65536;
    info.cache_bytes = 50 << 20;
    return info;
}

static void is_within(double got, double want, double share, const char *what,
                      size_t index)
{
    if (got < want / (1 + share) || got > want * (1 + share))
        fail_msg("generation %u: %s is %g, not %g", cards[index].generation, what, got,
                 want);
}

/* Cards of one generation have different memories. */
static void known_cards_have_their_data_sheets_rates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        const tsr_device_info info = card(i);

        is_within(1e-12 * tsr__cost_flop_rate(&info, TSR_F32), cards[i].f32, 0.05,
                  "f32", i);
        is_within(1e-12 * tsr__cost_flop_rate(&info, TSR_F64), cards[i].f64, 0.05,
                  "f64", i);
        is_within(1e-9 * tsr__cost_bandwidth(&info), cards[i].bandwidth, 0.5,
                  "bandwidth", i);
    }
}

static void other_cards_are_typical(void **state)
{
    const tsr_device_info gpu = large_gpu;
    tsr_device_info unknown = gpu, amd = gpu;

    (void)state;
    unknown.family = TSR_FAMILY_NVIDIA; /* of generation 0 */
    amd.family = TSR_FAMILY_AMD;
    amd.generation = 90; /* a gfx900's, not an H100's */
    assert_true(tsr__cost_bandwidth(&unknown) == tsr__cost_bandwidth(&gpu));
    assert_true(tsr__cost_bandwidth(&amd) == tsr__cost_bandwidth(&gpu));
    unknown.generation = 1000; /* beyond what is known */
    assert_true(tsr__cost_flop_rate(&unknown, TSR_F32) ==
                tsr__cost_flop_rate(&gpu, TSR_F32));
}

/* Whoever shares the host's memory has its bandwidth. */
static void a_card_without_memory_has_the_hosts(void **state)
{
    tsr_device_info info = card(7);

    (void)state;
    info.zero_copy = true;
    assert_true(tsr__cost_bandwidth(&info) < 100e9);
}

/* 20 tiles of 256 columns leave most of 132 units idle, however much each asks for. */
static void few_rows_keep_every_unit_of_a_large_card_at_work(void **state)
{
    const tsr_device_info info = card(7);

    (void)state;
    for (size_t rows = 1; rows <= 8; rows *= 2) {
        const tsr__problem p = dense(rows, 5000, 6400);
        tsr__lanes_shape shape;
        tsr__lanes_set set;
        size_t groups;

        assert_true(tsr__lanes_guess(&p, &info, &set));
        shape = tsr__lanes_shape_of(&p, &set);
        groups = shape.tiles * shape.slabs * shape.blocks;
        if (groups < info.compute_units)
            fail_msg("%zu rows: %zu groups", rows, groups);
    }
}

/* A unit with two groups where others have one ends when they have long ended. */
static void groups_that_do_not_share_out_evenly_cost_more(void **state)
{
    const tsr_device_info info = card(7);
    const tsr__lanes_set even = {64, 4, 1, 4, 4, 8, 256, 32, 1};
    const tsr__lanes_set uneven = {64, 4, 1, 4, 4, 8, 512, 8, 1};
    const tsr__problem p = dense(1, 5000, 6400);

    (void)state;
    assert_true(tsr__lanes_fits(&p, &info, &even));
    assert_true(tsr__lanes_fits(&p, &info, &uneven));
    assert_true(tsr__lanes_estimate(&p, &info, &uneven) >
                1.1 * tsr__lanes_estimate(&p, &info, &even));
}

/* Its threads are awake for the second launch; a GPU's queue takes each by itself. */
static void a_second_launch_is_cheap_on_a_cpu(void **state)
{
    const tsr__problem tiny = dense(1, 1, 1);
    const tsr_device_info *both[] = {&desktop_cpu, &large_gpu};
    double second[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        second[i] = (tsr__cost_roof(&tiny, both[i], 2, 1, 0) -
                     tsr__cost_roof(&tiny, both[i], 1, 1, 0)) /
                    tsr__cost_launch(both[i]);
    assert_true(second[0] > 0.05 && second[0] < 0.5);
    assert_true(second[1] > 0.9);
}

static void what_fits_in_a_cpus_caches_is_read_from_them(void **state)
{
    const tsr__problem tiny = dense(1, 1, 1);
    tsr_device_info info = desktop_cpu;
    double near, far;

    (void)state;
    info.cache_bytes = 32 << 20;
    near = tsr__cost_roof(&tiny, &info, 1, 1, 32 << 20) - tsr__cost_launch(&info);
    far = tsr__cost_roof(&tiny, &info, 1, 1, (32 << 20) + 1) - tsr__cost_launch(&info);
    assert_true(near < far / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_cards_have_their_data_sheets_rates),
        cmocka_unit_test(other_cards_are_typical),
        cmocka_unit_test(a_card_without_memory_has_the_hosts),
        cmocka_unit_test(few_rows_keep_every_unit_of_a_large_card_at_work),
        cmocka_unit_test(a_second_launch_is_cheap_on_a_cpu),
        cmocka_unit_test(what_fits_in_a_cpus_caches_is_read_from_them),
        cmocka_unit_test(groups_that_do_not_share_out_evenly_cost_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
