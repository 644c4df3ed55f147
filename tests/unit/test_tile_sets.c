/* Which parameter sets tile has and takes, from facts alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "matmul/tile.h"

static const tsr_device_info card = {
    .type = TSR_DEVICE_GPU,
    .family = TSR_FAMILY_NVIDIA,
    .generation = 90,
    .compute_units = 132,
    .clock_mhz = 1980,
    .local_memory_bytes = 48 << 10,
    .cache_bytes = 50 << 20,
    .max_group_size = 1024,
    .max_item_sizes = {1024, 1024, 64},
    .wave_items = 32,
    .unit_registers = 65536,
    .base_align_bytes = 512,
    .local_memory_dedicated = true,
    .fp64 = true,
};

static const size_t sizes[][3] = {
    {64, 64, 64},       {256, 256, 256},  {1024, 1024, 1024}, {4096, 4096, 4096},
    {4095, 4095, 4095}, {64, 5000, 6400}, {5000, 64, 6400},   {128, 128, 65536}};

#define SIZES (sizeof sizes / sizeof sizes[0])

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

static tsr__parameters guess(tsr__problem p, tsr_device_info info)
{
    tsr__parameters set;

    assert_true(tsr__tile_guess(&p, &info, &set));
    assert_null(tsr__tile_refused(&p, &info, &set));
    return set;
}

/* ---- Choice --------------------------------------------------------------------- */

static void large_products_take_large_tiles_and_small_ones_small(void **state)
{
    tsr__parameters large = guess(dense(4096, 4096, 4096), card);
    tsr__parameters small = guess(dense(100, 100, 100), card);

    (void)state;
    assert_true(large.values[TSR__TILE_TM] * large.values[TSR__TILE_TN] >= 64 * 128);
    assert_true(small.values[TSR__TILE_TM] * small.values[TSR__TILE_TN] <= 32 * 32);
}

static void a_long_k_of_a_small_result_is_cut_and_others_are_not(void **state)
{
    tsr__parameters set = guess(dense(128, 128, 65536), card);

    (void)state;
    assert_true(set.values[TSR__TILE_SPLIT] > 1);
    set = guess(dense(4096, 4096, 4096), card);
    assert_int_equal(set.values[TSR__TILE_SPLIT], 1);
}

/* By its own arithmetic, a fifth is what the model may lose by looking at the shipped sets
 * only. */
static void the_guess_is_within_a_fifth_of_the_best_of_the_space(void **state)
{
    static tsr__parameters sets[1024];

    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        tsr__problem p = dense(sizes[i][0], sizes[i][1], sizes[i][2]);
        size_t count = tsr__tile_space.sets(&p, &card, sets, 1024);
        double best = 1e9, first = 0.0;

        assert_in_range(count, 50, 512);
        for (size_t s = 0; s < count; s++) {
            double seconds = tsr__tile_estimate(&p, &card, &sets[s]);

            if (s == 0)
                first = seconds;
            if (seconds < best)
                best = seconds;
        }
        if (first > 1.2 * best)
            fail_msg("%s: %g s, and the best of %zu sets %g s", tsr__problem_text(&p),
                     first, count, best);
    }
}

static void groups_of_one_item_and_little_local_memory_have_a_set(void **state)
{
    tsr_device_info info = card;

    (void)state;
    info.max_group_size = 1;
    info.local_memory_bytes = 256;
    assert_int_equal(
        tsr__tile_items(&(tsr__parameters[]){guess(dense(100, 100, 100), info)}[0]), 1);
    info.local_memory_bytes = 64;
    assert_false(tsr__tile_guess(&(tsr__problem[]){dense(9, 9, 9)}[0], &info,
                                 &(tsr__parameters){{0}}));
}

/* ---- K -------------------------------------------------------------------------- */

static void slabs_cover_k_and_none_is_empty(void **state)
{
    tsr__parameters set = *tsr__tile_shipped(0);

    (void)state;
    for (size_t k = 1; k < 70000; k = k * 3 + 1)
        for (unsigned split = 1; split <= 16; split *= 2) {
            tsr__problem p = dense(64, 64, k);
            size_t slab, slabs;

            set.values[TSR__TILE_SPLIT] = split;
            slab = tsr__tile_slab(&p, &set);
            slabs = tsr__tile_slabs(&p, &set);
            assert_in_range(slabs, 1, split);
            assert_true(slab * slabs >= k);
            assert_true(slab * (slabs - 1) < k);
        }
}

/* ---- Refusals ------------------------------------------------------------------- */

/* A shipped set with one value changed. */
static const char *refused_with(size_t index, unsigned value)
{
    tsr__problem p = dense(1000, 1000, 1000);
    tsr__parameters set = *tsr__tile_shipped(0);

    set.values[index] = value;
    return tsr__tile_refused(&p, &card, &set);
}

static void sets_that_the_kernel_file_has_an_error_for_are_refused(void **state)
{
    /* Nothing else is wrong with it than rows that are no whole vectors. */
    tsr__parameters narrow = {{32, 32, 32, 2, 4, 4, 1, 1, 4, 8, 1}};
    tsr__problem p = dense(1000, 1000, 1000);

    (void)state;
    assert_non_null(tsr__tile_refused(&p, &card, &narrow));
    narrow.values[TSR__TILE_VW] = 2;
    assert_null(tsr__tile_refused(&p, &card, &narrow));
    assert_null(refused_with(TSR__TILE_TM, 128));
    assert_non_null(refused_with(TSR__TILE_TM, 100));
    assert_non_null(refused_with(TSR__TILE_TM, 0));
    assert_non_null(refused_with(TSR__TILE_TM, 1u << 31));
    assert_non_null(refused_with(TSR__TILE_RM, 2));
    assert_non_null(refused_with(TSR__TILE_VW, 3));
    assert_non_null(refused_with(TSR__TILE_VW, 8));
    assert_non_null(refused_with(TSR__TILE_TK, 4));
    assert_non_null(refused_with(TSR__TILE_UNROLL, 3));
    assert_non_null(refused_with(TSR__TILE_BUFFERS, 3));
    assert_non_null(refused_with(TSR__TILE_PAD, 2));
    assert_non_null(refused_with(TSR__TILE_GROUP_ROWS, 0));
    assert_non_null(refused_with(TSR__TILE_SPLIT, 0));
}

static void what_the_device_has_no_room_for_is_refused(void **state)
{
    const tsr__parameters *set = tsr__tile_shipped(0);
    tsr__problem p = dense(1000, 1000, 1000);
    tsr_device_info info = card;

    (void)state;
    info.local_memory_bytes = tsr__tile_local_bytes(set, TSR_F32) - 1;
    assert_non_null(tsr__tile_refused(&p, &info, set));
    info = card;
    info.max_group_size = tsr__tile_items(set) - 1;
    assert_non_null(tsr__tile_refused(&p, &info, set));
}

/* ---- Loads ---------------------------------------------------------------------- */

static void options_have(const tsr__problem *p, tsr_device_info info, const char *word,
                         bool there)
{
    char options[TSR__OPTIONS_SIZE];

    tsr__tile_options(p, &info, tsr__tile_shipped(0), options);
    if ((strstr(options, word) != NULL) != there)
        fail_msg("\"%s\" is %s \"%s\"", word, there ? "not in" : "in", options);
}

static void aligned_operands_are_loaded_in_vectors(void **state)
{
    tsr__problem p = dense(128, 132, 136);

    (void)state;
    options_have(&p, card, "-DA_VECTOR=1", true);
    options_have(&p, card, "-DB_VECTOR=1", true);
    options_have(&p, card, "-DC_VECTOR=1", true);
    options_have(&p, card, "-DA_ALONG_K=1", true);
    options_have(&p, card, "-DB_ALONG_K=0", true);
    options_have(&p, card, "UNALIGNED", false);
    options_have(&p, card, "FAR", false);
}

static void what_is_not_aligned_or_not_whole_is_loaded_by_elements(void **state)
{
    tsr__problem p = dense(128, 132, 135);

    (void)state;
    options_have(&p, card, "A_VECTOR", false);
    options_have(&p, card, "B_VECTOR", true);
    p = dense(128, 132, 136);
    p.a.offset = 2;
    p.b.column = 2;
    p.c.row = 133;
    options_have(&p, card, "A_VECTOR", false);
    options_have(&p, card, "B_VECTOR", false);
    options_have(&p, card, "C_VECTOR", false);
    p = dense(128, 132, 136);
    p.batch = 2;
    p.a.batch = 3;
    options_have(&p, card, "A_VECTOR", false);
}

static void operands_by_columns_are_loaded_along_them(void **state)
{
    tsr__problem p = dense(128, 132, 136);

    (void)state;
    p.a = (tsr__layout){0, 1, 128, 0};
    p.b = (tsr__layout){0, 1, 136, 0};
    options_have(&p, card, "-DA_ALONG_K=0", true);
    options_have(&p, card, "-DB_ALONG_K=1", true);
    options_have(&p, card, "A_VECTOR", true);
    options_have(&p, card, "B_VECTOR", true);
}

static void a_result_by_columns_is_seen_from_the_other_side(void **state)
{
    tsr__problem p = dense(128, 132, 136);

    (void)state;
    p.c = (tsr__layout){0, 1, 128, 0};
    assert_int_equal(tsr__tile_oriented(&p).m, 132);
    options_have(&p, card, "C_VECTOR", true);
}

static void what_devices_and_strides_need_is_told_to_the_kernel(void **state)
{
    tsr__problem p = dense(128, 132, 136);
    tsr_device_info cpu = card;

    (void)state;
    cpu.type = TSR_DEVICE_CPU;
    options_have(&p, cpu, "UNALIGNED", true);
    options_have(&p, card, "-cl-nv-maxrregcount=", true);
    cpu = card;
    cpu.family = TSR_FAMILY_AMD;
    options_have(&p, cpu, "-cl-nv-maxrregcount=", false);
    p.a.row = (size_t)1 << 26;
    options_have(&p, card, "FAR", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_products_take_large_tiles_and_small_ones_small),
        cmocka_unit_test(a_long_k_of_a_small_result_is_cut_and_others_are_not),
        cmocka_unit_test(the_guess_is_within_a_fifth_of_the_best_of_the_space),
        cmocka_unit_test(groups_of_one_item_and_little_local_memory_have_a_set),
        cmocka_unit_test(slabs_cover_k_and_none_is_empty),
        cmocka_unit_test(sets_that_the_kernel_file_has_an_error_for_are_refused),
        cmocka_unit_test(what_the_device_has_no_room_for_is_refused),
        cmocka_unit_test(aligned_operands_are_loaded_in_vectors),
        cmocka_unit_test(what_is_not_aligned_or_not_whole_is_loaded_by_elements),
        cmocka_unit_test(operands_by_columns_are_loaded_along_them),
        cmocka_unit_test(a_result_by_columns_is_seen_from_the_other_side),
        cmocka_unit_test(what_devices_and_strides_need_is_told_to_the_kernel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
