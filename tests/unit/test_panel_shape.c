/* lib/matmul/panel_shape.c: how a problem is cut up, from facts alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/checked.h"
#include "matmul/panel_shape.h"

static const tsr_device_info desktop = {
    .type = TSR_DEVICE_CPU,
    .compute_units = 8,
    .clock_mhz = 3000,
    .float_lanes = 8,
    .double_lanes = 4,
    .local_memory_bytes = 512 << 10,
};

/* Dense and row-major. */
static tsr__problem dense(size_t m, size_t n, size_t k)
{
    return (tsr__problem){
        .dtype = TSR_F32,
        .m = m,
        .n = n,
        .k = k,
        .batch = 1,
        .alpha = 1.0,
        .a = {0, k, 1, 0},
        .b = {0, n, 1, 0},
        .c = {0, n, 1, 0},
    };
}

/* The same with B stored by columns. */
static tsr__problem by_columns(size_t m, size_t n, size_t k)
{
    tsr__problem p = dense(m, n, k);

    p.b = (tsr__layout){0, 1, k, 0};
    return p;
}

static tsr__panel_shape shape_of(tsr__problem p, tsr_device_info info)
{
    return tsr__panel_shape_of(&p, &info);
}

/* ---- Ways ----------------------------------------------------------------------- */

/* One pass over K reads A's rows where they are, unless they are pages apart. */
static void a_short_k_leaves_a_where_it_is(void **state)
{
    tsr_device_info large = desktop;

    (void)state;
    large.local_memory_bytes = 1 << 20;
    assert_int_equal(shape_of(dense(2000, 2000, 16), desktop).a, TSR__IN_PLACE);
    assert_int_equal(shape_of(dense(2000, 2000, 500), desktop).a, TSR__IN_PLACE);
    assert_int_equal(shape_of(dense(2000, 2000, 1000), desktop).a, TSR__LOCAL);
    assert_int_equal(shape_of(dense(2000, 2000, 1000), large).a, TSR__IN_PLACE);
    assert_int_equal(shape_of(dense(2000, 2000, 1024), large).a, TSR__LOCAL);
    assert_int_equal(shape_of(by_columns(2000, 2000, 500), desktop).a, TSR__IN_PLACE);
}

static void a_large_cache_takes_more_of_k_at_a_time(void **state)
{
    tsr_device_info large = desktop;

    (void)state;
    large.local_memory_bytes = 1 << 20;
    assert_int_equal(shape_of(dense(2000, 2000, 2000), desktop).kc, 512);
    assert_int_equal(shape_of(dense(2000, 2000, 2000), large).kc, 1024);
}

static void few_rows_leave_b_where_it_is(void **state)
{
    tsr__panel_shape s = shape_of(dense(8, 5000, 6400), desktop);

    (void)state;
    assert_int_equal(s.b, TSR__IN_PLACE);
    assert_int_equal(s.a, TSR__LOCAL);
    assert_false(s.transposed);
}

/* 512 floats are half a page; 1024 are one, 1025 nearly. */
static void
wide_vectors_leave_b_in_place_for_more_rows_unless_rows_are_pages_apart(void **state)
{
    tsr_device_info wide = desktop;

    (void)state;
    wide.float_lanes = 16;
    assert_int_equal(shape_of(dense(512, 1030, 4096), wide).b, TSR__IN_PLACE);
    assert_int_not_equal(shape_of(dense(513, 1030, 4096), wide).b, TSR__IN_PLACE);
    assert_int_not_equal(shape_of(dense(512, 1024, 4096), wide).b, TSR__IN_PLACE);
    assert_int_not_equal(shape_of(dense(512, 2049, 4096), wide).b, TSR__IN_PLACE);
    assert_int_equal(shape_of(dense(256, 1030, 2000), wide).b,
                     TSR__IN_PLACE); /* 8 MB */
    assert_int_not_equal(shape_of(dense(257, 1030, 2000), wide).b, TSR__IN_PLACE);
    assert_int_equal(shape_of(dense(128, 500, 500), wide).b, TSR__IN_PLACE); /* 1 MB */
    assert_int_not_equal(shape_of(dense(129, 500, 500), wide).b, TSR__IN_PLACE);
    assert_int_not_equal(shape_of(dense(97, 1030, 4096), desktop).b, TSR__IN_PLACE);
    assert_int_equal(shape_of(dense(96, 1024, 4096), desktop).b, TSR__IN_PLACE);
}

static void few_rows_of_b_by_columns_are_seen_from_the_other_side(void **state)
{
    tsr__panel_shape s = shape_of(by_columns(8, 5000, 6400), desktop);

    (void)state;
    assert_true(s.transposed);
    assert_int_equal(s.a, TSR__IN_PLACE); /* B^T, whose rows are contiguous */
    assert_int_equal(s.b, TSR__PACKED);
}

static void few_columns_are_few_rows_of_the_transpose(void **state)
{
    tsr__panel_shape s = shape_of(dense(5000, 8, 6400), desktop);

    (void)state;
    assert_false(s.transposed); /* twice, that is not at all */
    assert_int_equal(s.a, TSR__IN_PLACE);
}

/* Lanes are those that LANES is built with; many rows at a time but where they would meet in
 * the caches. */
static void few_columns_have_vectors_no_longer_than_they_are_many(void **state)
{
    tsr_device_info wide = desktop;

    (void)state;
    wide.float_lanes = 16;
    assert_int_equal(shape_of(dense(5000, 17, 6400), wide).lanes, 16);
    assert_int_equal(shape_of(dense(5000, 9, 6400), wide).lanes, 16);
    assert_int_equal(shape_of(dense(5000, 8, 6400), wide).lanes, 8);
    assert_int_equal(shape_of(dense(5000, 5, 6400), wide).lanes, 8);
    assert_int_equal(shape_of(dense(5000, 4, 6400), wide).lanes, 4);
    assert_int_equal(shape_of(dense(5000, 1, 6400), wide).lanes, 4);
    assert_int_equal(shape_of(by_columns(3, 5000, 6400), wide).lanes, 4);
    assert_int_equal(shape_of(dense(8, 5000, 6400), wide).lanes, 16);
    assert_int_equal(shape_of(dense(5000, 8, 6400), wide).mr, 12);
    assert_int_equal(shape_of(dense(5000, 8, 6144), wide).mr, 8);
}

static void large_products_pack_b_first_and_a_where_it_is_used(void **state)
{
    tsr__panel_shape s = shape_of(dense(2000, 2000, 2000), desktop);

    (void)state;
    assert_int_equal(s.a, TSR__LOCAL);
    assert_int_equal(s.b, TSR__PACKED);
}

/* 512 x 512 floats are 1 MB. */
static void
medium_products_pack_b_where_it_is_used_the_longer_the_nearer_it_is(void **state)
{
    (void)state;
    assert_int_equal(shape_of(dense(512, 512, 512), desktop).b, TSR__LOCAL);
    assert_int_equal(shape_of(dense(513, 512, 512), desktop).b, TSR__PACKED);
    assert_int_equal(shape_of(dense(512, 513, 512), desktop).b, TSR__PACKED);
    assert_int_equal(shape_of(dense(256, 2000, 2000), desktop).b, TSR__LOCAL);
    assert_int_equal(shape_of(dense(257, 2000, 2000), desktop).b, TSR__PACKED);
}

static void prepared_operands_are_packed_alike_for_any_number_of_rows(void **state)
{
    const size_t rows[] = {97, 200, 300, 2000};
    tsr__problem first = dense(97, 2000, 2000);

    (void)state;
    first.b_prepared = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tsr__problem p = dense(rows[i], 2000, 2000);
        tsr__panel_shape s;

        p.b_prepared = true;
        s = shape_of(p, desktop);
        assert_int_equal(s.b, TSR__PACKED);
        assert_false(s.transposed);
        assert_int_equal(s.nr, shape_of(first, desktop).nr);
    }
}

static void little_local_memory_means_packing_into_memory(void **state)
{
    tsr_device_info info = desktop;
    tsr__panel_shape s;

    (void)state;
    info.local_memory_bytes = 32 << 10;
    s = shape_of(dense(2000, 2000, 2000), info);
    assert_int_equal(s.a, TSR__PACKED);
    s = shape_of(dense(200, 300, 300), info); /* panels of B fit, if they are short */
    assert_int_equal(s.b, TSR__LOCAL);
    assert_true(s.kc * s.nr * sizeof(float) <= info.local_memory_bytes / 2);
    info.local_memory_bytes = 512; /* less than a panel of A in place */
    s = shape_of(dense(2000, 2000, 100), info);
    tsr__panel_blocks(&(tsr__problem){.m = 2000, .n = 2000, .k = 100, .batch = 1},
                      &info, &s);
    assert_true(s.block_m > 0 && s.block_n > 0);
}

static void tiles_fit_the_registers_of_the_vectors(void **state)
{
    (void)state;
    for (unsigned lanes = 4; lanes <= 16; lanes *= 2) {
        tsr_device_info info = desktop;
        tsr__panel_shape s;

        info.float_lanes = lanes;
        s = shape_of(dense(2000, 2000, 2000), info);
        assert_int_equal(s.lanes, lanes);
        assert_true((s.mr + 1) * s.nv < (lanes == 16 ? 32 : 16));
        assert_int_equal(s.nr, s.nv * lanes);
    }
}

/* ---- K -------------------------------------------------------------------------- */

static void how_k_is_cut_does_not_depend_on_the_compute_units(void **state)
{
    const tsr__problem problems[] = {dense(8, 5000, 6400), dense(64, 64, 65536),
                                     dense(1000, 1000, 1000), by_columns(8, 5000, 6400),
                                     dense(33, 47, 9000)};

    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        tsr__panel_shape s = shape_of(problems[i], desktop);

        for (unsigned units = 1; units <= 256; units *= 4) {
            tsr_device_info info = desktop;
            tsr__panel_shape other;

            info.compute_units = units;
            other = shape_of(problems[i], info);
            assert_int_equal(other.slab, s.slab);
            assert_int_equal(other.slabs, s.slabs);
            assert_int_equal(other.kc, s.kc);
            assert_int_equal(other.mr, s.mr);
        }
    }
}

static void slabs_cover_k_and_none_is_empty(void **state)
{
    (void)state;
    for (size_t k = 1; k < 70000; k = k * 3 + 1)
        for (size_t m = 1; m <= 64; m *= 4) {
            tsr__panel_shape s = shape_of(dense(m, 64, k), desktop);

            assert_true(s.slab * s.slabs >= k);
            assert_true(s.slab * (s.slabs - 1) < k);
        }
}

static void a_long_k_of_a_small_result_is_cut(void **state)
{
    (void)state;
    assert_true(shape_of(dense(64, 64, 65536), desktop).slabs > 1);
    assert_int_equal(shape_of(dense(1000, 1000, 65536), desktop).slabs, 1);
}

/* ---- Blocks --------------------------------------------------------------------- */

static void blocks_keep_all_units_busy(void **state)
{
    (void)state;
    for (unsigned units = 1; units <= 64; units *= 2)
        for (size_t size = 600; size <= 4000; size = size * 3 / 2) {
            tsr__problem p = dense(size, size, size);
            tsr_device_info info = desktop;
            tsr__panel_shape s;
            size_t m, n, tasks, waves;

            info.compute_units = units;
            s = tsr__panel_shape_of(&p, &info);
            tsr__panel_blocks(&p, &info, &s);
            m = tsr__divide_up(size, s.mr);
            n = tsr__divide_up(size, s.nr);
            assert_true(s.block_m * s.mr * s.kc <= s.local_a);
            tasks = tsr__divide_up(m, s.block_m) * tsr__divide_up(n, s.block_n);
            waves = tsr__divide_up(tasks, units);
            /* What is done in waves of whole blocks, over what there is to do. */
            assert_true((double)(waves * units * s.block_m * s.block_n) <
                        1.25 * (double)(m * n));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_k_leaves_a_where_it_is),
        cmocka_unit_test(a_large_cache_takes_more_of_k_at_a_time),
        cmocka_unit_test(few_rows_leave_b_where_it_is),
        cmocka_unit_test(
            wide_vectors_leave_b_in_place_for_more_rows_unless_rows_are_pages_apart),
        cmocka_unit_test(few_rows_of_b_by_columns_are_seen_from_the_other_side),
        cmocka_unit_test(few_columns_are_few_rows_of_the_transpose),
        cmocka_unit_test(few_columns_have_vectors_no_longer_than_they_are_many),
        cmocka_unit_test(large_products_pack_b_first_and_a_where_it_is_used),
        cmocka_unit_test(
            medium_products_pack_b_where_it_is_used_the_longer_the_nearer_it_is),
        cmocka_unit_test(prepared_operands_are_packed_alike_for_any_number_of_rows),
        cmocka_unit_test(little_local_memory_means_packing_into_memory),
        cmocka_unit_test(tiles_fit_the_registers_of_the_vectors),
        cmocka_unit_test(how_k_is_cut_does_not_depend_on_the_compute_units),
        cmocka_unit_test(slabs_cover_k_and_none_is_empty),
        cmocka_unit_test(a_long_k_of_a_small_result_is_cut),
        cmocka_unit_test(blocks_keep_all_units_busy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
