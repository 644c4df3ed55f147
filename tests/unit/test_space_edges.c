/* Sets of parameters just inside and just outside of what each strategy's kernels, and a
 * device, allow (strategy.h). */
#include "matmul/strategy.h"

#include <stdio.h>
#include <string.h>

#include "device_fixture.h"
#include "matmul/clblast_space.h"
#include "matmul/panel_shape.h"
#include "matmul/tile.h"
#include "problem_fixture.h"

/* A set that fits, in the order of the strategy's names, and one problem for it. */
typedef struct good_set {
    const char *strategy;
    const tsr_device_info *info;
    size_t m, n, k;
    tsr__parameters set;
} good_set;

/*                                  IN  IK RM RN VW UK  TK SLABS ONCE */
static const good_set stream = {"stream", &large_gpu, 1,
                                5000,     6400,       {{32, 8, 1, 4, 4, 4, 128, 1, 0}}};
/*                                TM  TN  TK RM RN VW UNROLL BUFFERS PAD GROUP_ROWS SPLIT */
static const good_set tile = {
    "tile", &large_gpu, 900, 700, 800, {{64, 64, 16, 4, 4, 4, 4, 2, 4, 1, 1}}};
/*                                    MR NV KC SLABS A_WAY B_WAY */
static const good_set panel = {"panel", &desktop_cpu, 300,
                               400,     2000,         {{6, 2, 256, 1, 0, 0}}};
/*                                    MWG NWG KWG MDIMC NDIMC VWM VWN SA SB */
static const good_set gemm = {"clblast", &large_gpu, 900,
                              700,       800,        {{64, 64, 32, 8, 8, 4, 4, 1, 1}}};
/*                                                     WGD KWID MDIMCD NDIMCD VWMD VWND */
static const good_set direct = {
    "clblast", &large_gpu, 90,
    70,        80,         {{0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 2, 8, 8, 2, 2}}};
/*                                                                    WGS WPT VW */
static const good_set gemv = {
    "clblast", &large_gpu, 1,
    700,       800,        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 4, 2}}};

/* The strategy; NULL in a build without CLBlast. */
static const tsr__space *space_of(const good_set *g)
{
    const tsr__strategy *s = tsr__strategy_find(g->strategy);

    return s ? s->space : NULL;
}

static size_t place_of(const tsr__space *space, const char *name)
{
    size_t i = 0;

    while (strcmp(space->names[i], name) != 0)
        i++;
    return i;
}

/* Whether the set fits with the values that `changes` names: "VW=8 RN=8". */
static bool fits_changed(const good_set *g, const char *changes)
{
    const tsr__space *space = space_of(g);
    const tsr__problem p = dense(g->m, g->n, g->k);
    tsr__parameters set = g->set;
    char name[16];
    unsigned value;
    int length;

    while (sscanf(changes, " %15[A-Z_]=%u%n", name, &value, &length) == 2) {
        set.values[place_of(space, name)] = value;
        changes += length;
    }
    assert_string_equal(changes, "");
    return space->fits(&p, g->info, &set);
}

static void check_changes(const good_set *g, bool fit, const char *const *changes)
{
    const tsr__space *space = space_of(g);
    const tsr__problem p = dense(g->m, g->n, g->k);

    if (!space)
        return;
    assert_true(space->fits(&p, g->info, &g->set));
    for (; *changes; changes++)
        if (fits_changed(g, *changes) != fit)
            fail_msg("%s with %s %s", g->strategy, *changes,
                     fit ? "does not fit" : "fits");
}

#define FIT(set, ...)                                                                  \
    check_changes(&(set), true, (const char *const[]){__VA_ARGS__, NULL})
#define DO_NOT_FIT(set, ...)                                                           \
    check_changes(&(set), false, (const char *const[]){__VA_ARGS__, NULL})

/* ---- Each strategy ---------------------------------------------------------------- */

static void sets_of_stream_go_together(void **state)
{
    (void)state;
    FIT(stream, "SLABS=8", "SLABS=13", "TK=32", "RM=16", "RN=8", "UK=8", "VW=1 RN=1");
    DO_NOT_FIT(stream, "IN=3", "IN=0", "IN=8192", "IK=3", "RM=3", "RN=5", "VW=3",
               "UK=3", "TK=96", "SLABS=0", "SLABS=4097", "ONCE=2", "VW=8 RN=8", "RN=2",
               "RM=32", "RN=16", "UK=16", "TK=16",
               "ONCE=1 SLABS=8", /* not on any GPU */
               "IN=256" /* items of a group */);
}

static void sets_of_tile_divide_each_other(void **state)
{
    (void)state;
    FIT(tile, "PAD=0", "BUFFERS=1", "SPLIT=8");
    DO_NOT_FIT(tile, "TM=0", "TM=1048576", "RM=3", "RN=3", "VW=3", "RM=2", "RN=2",
               "TK=6", "PAD=1", "UNROLL=3", "BUFFERS=3",
               "TM=32 TN=32 TK=3 VW=1 UNROLL=1 PAD=0",
               "TM=512 TN=256", /* items of a group */
               "TK=1024" /* local memory */);
}

static void sets_of_panel_are_tiles_of_the_kernel(void **state)
{
    (void)state;
    FIT(panel, "MR=8", "SLABS=2", "B_WAY=1");
    DO_NOT_FIT(panel, "MR=5", "NV=0", "NV=3", "KC=4", "KC=1048576", "KC=254", "SLABS=0",
               "SLABS=9", "A_WAY=9", "B_WAY=9", "A_WAY=2 B_WAY=2" /* both in place */);
}

static void sets_of_clblast_are_of_one_family(void **state)
{
    (void)state;
    FIT(gemm, "SA=0", "SB=0", "VWM=8");
    DO_NOT_FIT(gemm, "WGD=32", "WGS=64", "MWG=2048", "KWG=0", "SA=2", "SB=2", "KWG=31",
               "MWG=48", "NWG=48", "KWG=12", "KWG=20 NDIMC=4",
               "KWG=512" /* local memory */);
    FIT(direct, "KWID=8", "WGD=64");
    DO_NOT_FIT(direct, "KWID=3", "VWMD=8", "VWND=8", "MDIMCD=3", "NDIMCD=5",
               "WGD=128" /* local memory */);
    FIT(gemv, "WPT=2", "WGS=256");
    DO_NOT_FIT(gemv, "VW=3", "WPT=24 VW=2", "MWG=64");
}

/* ---- Devices ------------------------------------------------------------------------ */

/* The set does not fit a device that has less of something. */
static void check_smaller(const good_set *g, tsr_device_info info)
{
    const tsr__space *space = space_of(g);
    const tsr__problem p = dense(g->m, g->n, g->k);

    if (space && space->fits(&p, &info, &g->set))
        fail_msg("a set of %s fits a device too small for it", g->strategy);
}

static void a_set_needs_items_and_local_memory(void **state)
{
    static const good_set *const sets[] = {&stream, &tile, &gemm, &direct};

    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        tsr_device_info few = large_gpu, narrow = large_gpu, little = large_gpu;

        few.max_group_size = 32;
        narrow.max_item_sizes[0] = 4;
        little.local_memory_bytes = 1024;
        check_smaller(sets[i], few);
        check_smaller(sets[i], narrow);
        check_smaller(sets[i], little);
        narrow = large_gpu;
        narrow.max_item_sizes[1] = 4;
        if (strcmp(sets[i]->strategy, "clblast") == 0)
            check_smaller(sets[i], narrow);
    }
}

/* Groups of one launch add what the others made, where they see each other's memory. */
static void only_some_gpus_add_slabs_at_once(void **state)
{
    static const tsr_device_family families[] = {TSR_FAMILY_NVIDIA, TSR_FAMILY_AMD};
    const tsr__problem p = dense(stream.m, stream.n, stream.k);
    tsr__parameters set = stream.set;
    tsr_device_info info = large_gpu;

    (void)state;
    set.values[7] = 8; /* SLABS */
    set.values[8] = 1; /* ONCE */
    assert_false(space_of(&stream)->fits(&p, &info, &set));
    for (size_t i = 0; i < 2; i++) {
        info.family = families[i];
        assert_true(space_of(&stream)->fits(&p, &info, &set));
    }
}

static void check_cost(const tsr__strategy *strategy, const tsr__problem *p,
                       const tsr_device_info *info)
{
    if (!strategy->cannot_run(p, info))
        assert_true(strategy->cost(p, info) > 0.0);
}

/* A driver need not say how fast it is, or how wide. */
static void what_a_device_does_not_say_is_guessed(void **state)
{
    (void)state;
    for (size_t s = 0; tsr__strategy_at(s); s++) {
        const tsr__strategy *strategy = tsr__strategy_at(s);
        const tsr__problem p = dense(60, 700, 800), vector = dense(1, 700, 800);
        tsr_device_info gpu = large_gpu, cpu = desktop_cpu;

        gpu.clock_mhz = cpu.clock_mhz = 0;
        cpu.float_lanes = 0;
        check_cost(strategy, &p, &gpu);
        check_cost(strategy, &p, &cpu);
        check_cost(strategy, &vector, &gpu);
        check_cost(strategy, &vector, &cpu);
    }
}

/* ---- Problems ---------------------------------------------------------------------- */

static void tile_counts_tiles_and_steps_with_31_bits(void **state)
{
    const tsr__problem deep = dense(4, 4, (size_t)1 << 40);
    const tsr__problem wide = dense((size_t)1 << 24, (size_t)1 << 24, 4);

    (void)state;
    assert_non_null(strstr(tsr__tile_refused(&deep, &large_gpu, &tile.set), "31 bits"));
    assert_non_null(strstr(tsr__tile_refused(&wide, &large_gpu, &tile.set), "31 bits"));
}

/* Operands as the panels want them are read in place, from either side. */
static void panels_are_read_in_place_where_rows_are_contiguous(void **state)
{
    const tsr__space *space = space_of(&panel);
    tsr__parameters b_in_place = panel.set, a_in_place = panel.set;
    tsr__problem p = dense(300, 400, 2000);

    (void)state;
    a_in_place.values[4] = TSR__IN_PLACE;
    b_in_place.values[5] = TSR__IN_PLACE;
    assert_true(space->fits(&p, &desktop_cpu, &a_in_place));
    assert_true(space->fits(&p, &desktop_cpu, &b_in_place));
    p.a = (tsr__layout){0, 1, p.m, 0};
    p.b = (tsr__layout){0, 1, p.k, 0};
    assert_false(space->fits(&p, &desktop_cpu, &a_in_place));
    assert_false(space->fits(&p, &desktop_cpu, &b_in_place));
}

/* ---- CLBlast's own names ------------------------------------------------------------- */

#ifdef HAVE_CLBLAST
/* The value of a parameter of a kernel that the set overrides; 0 if there is none. */
static size_t overridden(const good_set *g, const char *kernel, const char *name)
{
    tsr__override all[TSR__OVERRIDES];
    size_t count = tsr__clblast_overrides(&g->set, all);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < all[i].count && strcmp(all[i].kernel, kernel) == 0; j++)
            if (strcmp(all[i].names[j], name) == 0)
                return all[i].values[j];
    return 0;
}

static void each_family_overrides_its_kernels(void **state)
{
    (void)state;
    assert_int_equal(overridden(&gemm, "Xgemm", "MWG"), 64);
    assert_int_equal(overridden(&gemm, "Xgemm", "KWG"), 32);
    assert_int_equal(overridden(&gemm, "Xgemm", "MDIMA"), 8);
    assert_int_equal(overridden(&gemm, "Xgemm", "NDIMB"), 8);
    assert_int_equal(overridden(&gemm, "Xgemm", "VWN"), 4);
    assert_int_equal(overridden(&gemm, "Xgemm", "SB"), 1);
    assert_int_equal(overridden(&gemm, "GemmRoutine", "XGEMM_MIN_INDIRECT_SIZE"), 1);
    assert_int_equal(overridden(&direct, "XgemmDirect", "WGD"), 32);
    assert_int_equal(overridden(&direct, "XgemmDirect", "MDIMAD"), 8);
    assert_true(overridden(&direct, "GemmRoutine", "XGEMM_MIN_INDIRECT_SIZE") > 1000);
    assert_int_equal(overridden(&gemv, "Xgemv", "WGS1"), 64);
    assert_int_equal(overridden(&gemv, "XgemvFast", "VW2"), 2);
    assert_int_equal(overridden(&gemv, "XgemvFastRot", "WPT3"), 4);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_of_stream_go_together),
        cmocka_unit_test(sets_of_tile_divide_each_other),
        cmocka_unit_test(sets_of_panel_are_tiles_of_the_kernel),
        cmocka_unit_test(sets_of_clblast_are_of_one_family),
        cmocka_unit_test(a_set_needs_items_and_local_memory),
        cmocka_unit_test(only_some_gpus_add_slabs_at_once),
        cmocka_unit_test(what_a_device_does_not_say_is_guessed),
        cmocka_unit_test(tile_counts_tiles_and_steps_with_31_bits),
        cmocka_unit_test(panels_are_read_in_place_where_rows_are_contiguous),
#ifdef HAVE_CLBLAST
        cmocka_unit_test(each_family_overrides_its_kernels),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
