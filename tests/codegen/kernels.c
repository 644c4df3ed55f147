/* codegen_kernels: which kernels tests/codegen looks at, one per line of JSON, as the
 * library would build them for cards that need not be here.
 *
 *     codegen_kernels [--space STEP]
 *
 * Without an argument: the parameter sets that the library ships. --space: every STEP-th
 * set of the spaces, too. A family of kernels is a row of the table `families`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "matmul/stream_shape.h"
#include "matmul/tile.h"

typedef struct card {
    const char *target; /* what to compile for, as codegen.py knows it */
    tsr_device_info info;
} card;

static const card cards[] = {
    {"sm_90",
     {.platform = "NVIDIA CUDA",
      .name = "NVIDIA H100 80GB HBM3",
      .type = TSR_DEVICE_GPU,
      .family = TSR_FAMILY_NVIDIA,
      .generation = 90,
      .compute_units = 132,
      .clock_mhz = 1980,
      .float_lanes = 1,
      .double_lanes = 1,
      .local_memory_bytes = 48 << 10,
      .cache_bytes = 50 << 20,
      .max_group_size = 1024,
      .max_item_sizes = {1024, 1024, 64},
      .wave_items = 32,
      .unit_registers = 65536,
      .base_align_bytes = 512,
      .local_memory_dedicated = true,
      .fp64 = true}},
    {"gfx906",
     {.platform = "AMD Accelerated Parallel Processing",
      .name = "gfx906",
      .type = TSR_DEVICE_GPU,
      .family = TSR_FAMILY_AMD,
      .generation = 906,
      .compute_units = 60,
      .clock_mhz = 1725,
      .float_lanes = 1,
      .double_lanes = 1,
      .local_memory_bytes = 64 << 10,
      .cache_bytes = 16 << 10,
      .max_group_size = 256,
      .max_item_sizes = {1024, 1024, 1024},
      .wave_items = 64,
      .unit_registers = 65536,
      .base_align_bytes = 256,
      .local_memory_dedicated = true,
      .fp64 = true}},
};

/* A kernel to look at, and what is expected of it. */
typedef struct wanted {
    const char *family, *label, *entry;
    const char *kind; /* "shipped" or "space" */
    tsr_dtype dtype;
    const char *options;
    size_t items;               /* of a group */
    unsigned groups;            /* that a compute unit should hold */
    unsigned load_bits;         /* of global loads in the main loop, at least */
    unsigned local_bits;        /* of local ones */
    unsigned under_way;         /* loads at once, of a kernel that lives on them */
    unsigned products_per_turn; /* FMAs of an item in a turn of the main loop */
    double fma_share;           /* of the innermost loop, at least; 0: not looked at */
    bool staged;                /* operands come into local memory in the main loop */
} wanted;

static void print(const card *on, const wanted *w)
{
    printf(
        "{\"family\": \"%s\", \"label\": \"%s\", \"entry\": \"%s\", \"kind\": \"%s\", "
        "\"target\": \"%s\", \"dtype\": \"%s\", \"options\": \"%s\", \"items\": %zu, "
        "\"groups\": %u, \"load_bits\": %u, \"local_bits\": %u, \"under_way\": %u, "
        "\"products\": %u, \"fma_share\": %.3f, \"staged\": %s}\n",
        w->family, w->label, w->entry, w->kind, on->target, tsr_dtype_name(w->dtype),
        w->options, w->items, w->groups, w->load_bits, w->local_bits, w->under_way,
        w->products_per_turn, w->fma_share, w->staged ? "true" : "false");
}

/* ---- tile ------------------------------------------------------------------------ */

/* A square product; `ways` says what is stored by columns: A (1), B (2). */
static tsr__problem square(tsr_dtype dtype, size_t n, unsigned ways)
{
    tsr__layout rows = {0, n, 1, 0}, columns = {0, 1, n, 0};

    return (tsr__problem){.dtype = dtype,
                          .m = n,
                          .n = n,
                          .k = n,
                          .batch = 1,
                          .a = ways & 1 ? columns : rows,
                          .b = ways & 2 ? columns : rows,
                          .c = rows,
                          .alpha = 1.0};
}

static unsigned smaller(unsigned x, unsigned y)
{
    return x < y ? x : y;
}

static void print_tile(const card *on, const char *kind, const tsr__problem *p,
                       const tsr__parameters *set)
{
    static const char *const ways[] = {"", ", A^T", ", B^T", ", A^T B^T"};
    const unsigned *v = set->values;
    unsigned vector = 8 * v[TSR__TILE_VW] * (unsigned)tsr_dtype_size(p->dtype);
    char label[128], options[TSR__OPTIONS_SIZE];
    double share = tsr__tile_fma_share(set, p->dtype);
    bool whole = p->n % v[TSR__TILE_VW] == 0;
    wanted w = {.family = "tile", .label = label, .entry = "tile", .kind = kind};

    if (tsr__tile_refused(p, &on->info, set) ||
        tsr__tile_items(set) < on->info.wave_items)
        return;
    snprintf(label, sizeof label, "%ux%ux%u, %ux%u%s%s%s", v[TSR__TILE_TM],
             v[TSR__TILE_TN], v[TSR__TILE_TK], v[TSR__TILE_RM], v[TSR__TILE_RN],
             ways[(p->a.row == 1) + 2 * (p->b.column != 1)], whole ? "" : ", odd sizes",
             p->activation ? ", epilogue" : "");
    tsr__tile_options(p, &on->info, set, options);
    w.staged = true;
    w.dtype = p->dtype;
    w.options = options;
    w.items = tsr__tile_items(set);
    w.groups = tsr__tile_groups(p, &on->info, set);
    w.local_bits = smaller(vector, 128);
    w.load_bits = whole ? smaller(vector, 128) : 32;
    w.products_per_turn = v[TSR__TILE_TK] * v[TSR__TILE_RM] * v[TSR__TILE_RN];
    w.fma_share = share < 0.85 + 0.03 ? share - 0.03 : 0.85;
    print(on, &w);
}

/* What the library would build for this problem. */
static void guess_tile(const card *on, const tsr__problem *p)
{
    tsr__parameters set;

    if (tsr__tile_guess(p, &on->info, &set))
        print_tile(on, "shipped", p, &set);
}

/* Every shipped set with dense operands of even sizes, and the best guess for all other
 * ways. */
static void ship_tile(const card *on)
{
    tsr__problem fused = square(TSR_F32, 4096, 0);

    for (size_t i = 0; tsr__tile_shipped(i); i++)
        for (int dtype = TSR_F32; dtype <= TSR_F64; dtype++) {
            tsr__problem p = square((tsr_dtype)dtype, 4096, 0);

            if (tsr__tile_groups(&p, &on->info, tsr__tile_shipped(i)) > 0)
                print_tile(on, "shipped", &p, tsr__tile_shipped(i));
        }
    for (unsigned ways = 0; ways < 4; ways++) {
        tsr__problem even = square(TSR_F32, 4096, ways);
        tsr__problem odd = square(TSR_F32, 4095, ways);

        if (ways)
            guess_tile(on, &even);
        guess_tile(on, &odd);
    }
    fused.activation = TSR_ACTIVATION_GELU;
    guess_tile(on, &fused);
}

static void sample_tile(const card *on, size_t step)
{
    static tsr__parameters sets[1024];

    for (int dtype = TSR_F32; dtype <= TSR_F64; dtype++) {
        tsr__problem p = square((tsr_dtype)dtype, 4096, 0);
        size_t count = tsr__tile_space.sets(&p, &on->info, sets, 1024);

        for (size_t i = 0; i < count; i += step)
            print_tile(on, "space", &p, &sets[i]);
    }
}

/* ---- stream ---------------------------------------------------------------------- */

/* Few rows with B stored by rows, or by columns. */
static tsr__problem few_rows(tsr_dtype dtype, size_t m, size_t n, bool by_columns)
{
    const size_t k = 6400;

    return (tsr__problem){.dtype = dtype,
                          .m = m,
                          .n = n,
                          .k = k,
                          .batch = 1,
                          .a = {0, k, 1, 0},
                          .b = by_columns ? (tsr__layout){0, 1, k, 0}
                                          : (tsr__layout){0, n, 1, 0},
                          .c = {0, n, 1, 0},
                          .alpha = 1.0};
}

/* Memory decides, so the share of multiply-adds is not looked at. */
static void print_lanes(const card *on, const char *kind, const tsr__problem *p,
                        const tsr__lanes_set *set)
{
    const tsr__lanes_shape shape = tsr__lanes_shape_of(p, set);
    char label[128], options[TSR__OPTIONS_SIZE];
    wanted w = {
        .family = "stream_lanes", .label = label, .entry = "lanes", .kind = kind};

    snprintf(label, sizeof label, "%zu rows, %zu columns%s: %ux%u items, %ux%u each",
             p->m, p->n, shape.dots ? ", B^T" : "", set->in, set->ik, set->rm, set->rn);
    tsr__lanes_options(p, &on->info, set, options);
    w.dtype = p->dtype;
    w.options = options;
    w.items = shape.items;
    w.groups = 1;
    w.load_bits = smaller(8 * shape.vw * (unsigned)tsr_dtype_size(p->dtype), 128);
    w.under_way = set->uk * set->rn / (shape.dots ? 1 : shape.vw);
    w.products_per_turn = set->uk * set->rm * set->rn * (shape.dots ? shape.vw : 1);
    print(on, &w);
}

static void ship_lanes(const card *on)
{
    static const size_t rows[] = {1, 2, 4, 8, 16};

    for (int by_columns = 0; by_columns < 2; by_columns++)
        for (size_t n = 5000; n <= 5001; n++)
            for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                tsr__problem p = few_rows(TSR_F32, rows[i], n, by_columns);
                tsr__lanes_set set;

                if (tsr__lanes_guess(&p, &on->info, &set))
                    print_lanes(on, "shipped", &p, &set);
            }
}

static void sample_lanes(const card *on, size_t step)
{
    static tsr__parameters sets[1024];

    for (int dtype = TSR_F32; dtype <= TSR_F64; dtype++) {
        tsr__problem p = few_rows((tsr_dtype)dtype, 4, 5000, false);
        size_t count = tsr__lanes_sets(&p, &on->info, sets, 1024);

        for (size_t i = 0; i < count; i += step) {
            tsr__lanes_set set = tsr__lanes_set_of(&sets[i]);

            print_lanes(on, "space", &p, &set);
        }
    }
}

/* ---- All ------------------------------------------------------------------------- */

static const struct {
    void (*ship)(const card *on);
    void (*sample)(const card *on, size_t step); /* NULL: it has no space */
} families[] = {
    {ship_tile, sample_tile},
    {ship_lanes, sample_lanes},
};

int main(int argc, char **argv)
{
    size_t step = argc == 3 && strcmp(argv[1], "--space") == 0
                      ? (size_t)strtoul(argv[2], NULL, 10)
                      : 0;

    if (argc != 1 && step == 0) {
        fprintf(stderr, "usage: codegen_kernels [--space STEP]\n");
        return 2;
    }
    for (size_t c = 0; c < sizeof cards / sizeof cards[0]; c++)
        for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
            families[f].ship(&cards[c]);
            if (step && families[f].sample)
                families[f].sample(&cards[c], step);
        }
    return 0;
}
