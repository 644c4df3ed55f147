#include "matmul/panel_shape.h"

#include "base/checked.h"
#include "matmul/lanes.h"
#include "matmul/lines.h"

/* An operand that meets this few rows or columns is used so little that packing it would
 * show: it is read in place. With vectors as long as a cache line that is nearly as fast as
 * reading panels, and more may be few: the more, the farther away it is that the panels
 * would be written to. Not so where rows lie pages apart, all in the same few sets of the
 * caches. */
#define FEW      96
#define FEW_NEAR 128 /* up to NEAR bytes */
#define FEW_LAST 256 /* up to LAST bytes */
#define FEW_FAR  512
#define NEAR     1048576.0
#define LAST     8388608.0

/* Operands of this many bytes are in a core's caches anyway. */
#define SMALL ((size_t)128 << 10)

/* Up to this many rows of A, packing panels of B where they are used, once for each block
 * of A, costs less than packing all of B first. */
#define MEDIUM      256
#define MEDIUM_NEAR 512 /* B of up to NEAR bytes */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Bytes of K in one pass. The longer one is for cores whose own cache is large: it reads
 * and writes C half as often. */
static size_t pass_bytes(const tsr_device_info *info)
{
    return info->local_memory_bytes >= (1 << 20) ? 4096 : 2048;
}

/* ---- Ways ----------------------------------------------------------------------- */

static bool is_small(const tsr__problem *p)
{
    size_t lines;

    return p->m <= SMALL && p->n <= SMALL && p->k <= SMALL &&
           tsr__multiply(p->m + p->n, p->k, &lines) &&
           lines <= SMALL / tsr_dtype_size(p->dtype);
}

static double bytes_of_b(const tsr__problem *p)
{
    return (double)p->k * (double)p->n * (double)tsr_dtype_size(p->dtype);
}

/* Up to how many rows of A B is read in place, if it is. */
static size_t few_of(const tsr__problem *p, const tsr__panel_shape *s)
{
    const size_t size = tsr_dtype_size(p->dtype);
    const double bytes = bytes_of_b(p);

    if (s->lanes * size != TSR__LINE || p->b.column != 1 ||
        tsr__pages_apart(p, p->b.row))
        return FEW;
    return bytes <= NEAR ? FEW_NEAR : bytes <= LAST ? FEW_LAST : FEW_FAR;
}

/* Whether a tile reads its rows of A where they are, in one pass: nothing is packed, and C
 * is made along its rows. */
static bool is_a_in_place(const tsr__problem *p, const tsr_device_info *info)
{
    return p->a.column == 1 &&
           (is_small(p) || (p->k <= pass_bytes(info) / tsr_dtype_size(p->dtype) &&
                            !tsr__pages_apart(p, p->a.row)));
}

/* Few rows of A with all of B. */
static void few_rows(const tsr__problem *p, tsr__panel_shape *s)
{
    s->a = TSR__LOCAL;
    if (p->b.column == 1) {
        s->b = TSR__IN_PLACE;
    } else if (p->b.row == 1) { /* B^T takes A's part, and its rows are contiguous */
        s->transposed = true;
        s->a = TSR__IN_PLACE;
        s->b = TSR__PACKED;
    } else {
        s->b = TSR__LOCAL;
    }
}

static void choose_ways(const tsr__problem *problem, const tsr_device_info *info,
                        tsr__panel_shape *s)
{
    tsr__problem p = *problem;
    bool small = is_small(&p), flip = p.n < p.m;

    if (flip) /* few columns are few rows of the transpose */
        tsr__problem_transpose(&p);
    s->few = !small && p.m <= few_of(&p, s); /* prepared or not: nothing is packed */
    if (s->few) {
        few_rows(&p, s);
        s->transposed = s->transposed != flip;
        return;
    }
    p = *problem;
    s->transposed = p.c.row == 1 && p.c.column != 1; /* stores go along rows of C */
    if (s->transposed)
        tsr__problem_transpose(&p);
    s->a = p.a_prepared              ? TSR__PACKED
           : is_a_in_place(&p, info) ? TSR__IN_PLACE
                                     : TSR__LOCAL;
    s->b = !p.b_prepared && p.m <= (bytes_of_b(&p) <= NEAR ? MEDIUM_NEAR : MEDIUM)
               ? TSR__LOCAL
               : TSR__PACKED;
}

/* ---- Tile ----------------------------------------------------------------------- */

/* Tiles, best first, and what each achieves of the best when C is a multiple of it. The
 * first is that of prepared operands; 0 ends a list. */
typedef struct tile {
    size_t mr, nv;
    double efficiency;
} tile;

static const tile of_16_registers[] = {{6, 2, 1.0}, {4, 2, 0.9}, {0}};
static const tile of_32_registers[] = {{8, 2, 1.0}, {12, 2, 0.98}, {6, 2, 0.9}, {0}};

static double waste_of(const tsr__problem *p, size_t mr, size_t nr)
{
    return (double)tsr__round_up(p->m, mr) / (double)p->m *
           (double)tsr__round_up(p->n, nr) / (double)p->n;
}

/* Where B is read in place, memory decides: a panel is a cache line wide. Where A is, few
 * columns may be half as many as a panel's, or as a vector's; and the more rows, the better
 * memory is read, unless they are pages apart and drive each other out of caches. */
static const tile few_rows_of_16[] = {{4, 2, 1.0}, {6, 2, 0.93}, {0}};
static const tile few_rows_of_32[] = {{8, 2, 1.0}, {4, 2, 0.9}, {6, 2, 0.93}, {0}};
static const tile few_columns[] = {{6, 2, 1.0}, {12, 1, 0.95}, {8, 1, 0.93}, {0}};
static const tile few_columns_apart[] = {{6, 2, 1.0}, {8, 1, 0.95}, {0}};

/* Vectors as wide as a few columns, which longer ones would multiply with zeros: those of 8
 * are multiplied as fast as memory delivers A by vectors of 8, and half as fast by 16. */
static void narrow_lanes(const tsr__problem *p, tsr__panel_shape *s)
{
    while (s->lanes > 4 && p->n <= s->lanes / 2)
        s->lanes /= 2;
}

/* `p` is as it is solved. Vectors of 64 bytes are AVX-512's, which has 32 registers. */
static void choose_tile(const tsr__problem *p, tsr__panel_shape *s)
{
    bool wide = s->lanes * tsr_dtype_size(p->dtype) == 64;
    bool first_only = !s->few && (p->a_prepared || p->b_prepared);
    const tile *tiles = wide ? of_32_registers : of_16_registers;
    double best = 0.0;

    if (s->few && s->a == TSR__IN_PLACE)
        tiles = tsr__pages_apart(p, p->a.row) ? few_columns_apart : few_columns;
    else if (s->few)
        tiles = wide ? few_rows_of_32 : few_rows_of_16;
    for (const tile *t = tiles; t->mr && !(first_only && t > tiles); t++) {
        double efficiency = t->efficiency / waste_of(p, t->mr, t->nv * s->lanes);

        if (efficiency > best) {
            best = efficiency;
            s->mr = t->mr;
            s->nv = t->nv;
        }
    }
    s->nr = s->nv * s->lanes;
}

/* ---- K, and local memory -------------------------------------------------------- */

/* Half of local memory, which on a CPU is as large as a core's own cache, is A's block; a
 * panel of B may have a quarter. A device with less than a good block of it packs A into
 * memory instead. */
static void choose_depth(const tsr__problem *p, const tsr_device_info *info,
                         tsr__panel_shape *s)
{
    size_t size = tsr_dtype_size(p->dtype);
    size_t local = (size_t)info->local_memory_bytes;

    if (s->few && s->a == TSR__IN_PLACE)
        s->kc = 8192; /* its stores are scattered, so they should be rare */
    else
        s->kc = s->b == TSR__IN_PLACE ? 160 : pass_bytes(info) / size;
    /* Also where B is packed: preparing it must not change how K is cut. */
    while (s->kc < 8192 && s->kc > 16 && s->kc * s->nr * size > local / 2)
        s->kc = s->kc / 8 * 4;
    s->local_a = local / 2 / size;
    if (s->a == TSR__LOCAL && s->local_a < 48 * s->kc)
        s->a = TSR__PACKED;
}

/* Equal slabs, as many as were wanted or fewer. */
static void cut(const tsr__problem *p, tsr__panel_shape *s)
{
    s->slab = tsr__round_up(tsr__divide_up(p->k, s->slabs), 16);
    s->slabs = tsr__divide_up(p->k, s->slab);
}

/* K is cut where C alone does not have enough tiles for many compute units, and where B is
 * read in place: then a slab has whole rows of it, which are long runs of memory. As many
 * slabs as their sums, M x N each, are small beside B. By the problem only, so that the
 * number of units does not change results, nor does preparing an operand. */
static void choose_slabs(const tsr__problem *p, tsr__panel_shape *s)
{
    size_t tiles = tsr__divide_up(p->m, 6) * tsr__divide_up(p->n, 16);
    bool in_rows = s->b == TSR__IN_PLACE;
    size_t most = in_rows ? smaller(p->k / 512, p->k / (16 * p->m))
                          : smaller(p->k / 2048, tiles <= 256 ? 512 / tiles : 0);

    s->slabs = 1;
    while (2 * s->slabs <= smaller(most, 8))
        s->slabs *= 2;
    cut(p, s);
}

tsr__panel_shape tsr__panel_shape_of(const tsr__problem *problem,
                                     const tsr_device_info *info)
{
    tsr__problem p = *problem;
    tsr__panel_shape s = {.lanes = tsr__lanes(p.dtype, info)};

    choose_ways(&p, info, &s);
    if (s.transposed)
        tsr__problem_transpose(&p);
    if (s.few && s.a == TSR__IN_PLACE)
        narrow_lanes(&p, &s);
    choose_tile(&p, &s);
    choose_depth(&p, info, &s);
    choose_slabs(&p, &s);
    return s;
}

tsr__panel_set tsr__panel_set_of(const tsr__panel_shape *s)
{
    return (tsr__panel_set){s->mr, s->nv, s->kc, s->slabs, s->a, s->b};
}

tsr__panel_shape tsr__panel_shape_with(const tsr__problem *problem,
                                       const tsr_device_info *info,
                                       const tsr__panel_set *set)
{
    tsr__panel_shape s = tsr__panel_shape_of(problem, info);

    s.mr = set->mr;
    s.nv = set->nv;
    s.nr = set->nv * s.lanes;
    s.kc = set->kc;
    s.a = set->a;
    s.b = set->b;
    if (s.slabs != set->slabs) {
        s.slabs = set->slabs;
        cut(problem, &s); /* K is the same from both sides */
    }
    return s;
}

double tsr__panel_waste(const tsr__problem *problem, const tsr__panel_shape *s)
{
    tsr__problem p = *problem;

    if (s->transposed)
        tsr__problem_transpose(&p);
    return waste_of(&p, s->mr, s->nr);
}

/* ---- Blocks --------------------------------------------------------------------- */

/* What m x n blocks take, in tiles of C: waves of tasks, each with what it packs and what
 * is not in its caches yet, and half a task for units that are not equally fast. */
static double time_of(const tsr__problem *p, const tsr__panel_shape *s, size_t units,
                      size_t block_m, size_t block_n)
{
    size_t m = tsr__divide_up(tsr__divide_up(p->m, s->mr), block_m);
    size_t n = tsr__divide_up(tsr__divide_up(p->n, s->nr), block_n);
    double tasks = (double)m * (double)n * (double)s->slabs * (double)p->batch;
    double a = s->a == TSR__LOCAL ? 0.7 : 0.2, b = s->b == TSR__LOCAL ? 2.0 : 0.3;
    double cold = s->b == TSR__IN_PLACE ? 24.0 : 1.0; /* short runs */
    double task =
        (double)(block_m * block_n) + a * (double)block_m + b * (double)block_n + cold;
    double waves = tasks / (double)units;

    if (waves < 1e6)
        waves = (double)tsr__divide_up(m * n * s->slabs * p->batch, units);
    return (waves + 0.5) * task;
}

void tsr__panel_blocks(const tsr__problem *p, const tsr_device_info *info,
                       tsr__panel_shape *s)
{
    size_t units = info->compute_units;
    size_t panels_m = tsr__divide_up(p->m, s->mr);
    size_t panels_n = tsr__divide_up(p->n, s->nr);
    /* Of A, what stays in a core's caches; but where there are few columns it does not. */
    size_t depth = s->a == TSR__LOCAL ? s->kc : smaller(s->kc, s->slab);
    size_t most = s->local_a / depth / s->mr; /* 0 where local memory is little */
    size_t least = s->a == TSR__LOCAL || (s->a == TSR__IN_PLACE && !s->few)
                       ? tsr__divide_up(panels_m, most ? most : 1)
                       : 1;
    double best = 0.0;

    for (size_t m = least; m <= smaller(panels_m, least + 3); m++)
        for (size_t waves = 1; waves <= 16; waves++) {
            size_t wanted = tsr__divide_up(waves * units, m * s->slabs * p->batch);
            size_t block_m = tsr__divide_up(panels_m, m);
            size_t block_n = tsr__divide_up(panels_n, smaller(wanted, panels_n));
            double time = time_of(p, s, units, block_m, block_n);

            if (best == 0.0 || time < best) {
                best = time;
                s->block_m = block_m;
                s->block_n = block_n;
            }
            if (wanted >= panels_n)
                break;
        }
}

/* Packing takes up to one turn per element of an edge, a tile a turn for 4 of K and two
 * per element to store. */
double tsr__panel_turns(const tsr__panel_shape *s)
{
    double kc = (double)smaller(s->kc, s->slab), mr = (double)s->mr, nr = (double)s->nr;
    double passes = (double)tsr__divide_up(s->slab, s->kc);
    double pack_a = s->a == TSR__LOCAL ? mr * (kc + 2.0) : 0.0;
    double pack_b = s->b != TSR__PACKED ? nr * (kc + 2.0) : 0.0;
    double multiply = kc / 4.0 + 8.0 + mr * (nr + 1.0);

    return passes * ((double)s->block_m * pack_a +
                     (double)s->block_n * (pack_b + (double)s->block_m * multiply));
}
