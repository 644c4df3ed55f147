#include "matmul/stream_shape.h"

#include <math.h>
#include <string.h>

#include "base/checked.h"
#include "matmul/cost.h"
#include "matmul/turns.h"

#define LARGEST 4096u /* of any value: keeps what is computed from them small */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- Shape ---------------------------------------------------------------------- */

tsr__lanes_set tsr__lanes_set_of(const tsr__parameters *set)
{
    const unsigned *v = set->values;

    return (tsr__lanes_set){v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]};
}

static tsr__parameters parameters_of(const tsr__lanes_set *s)
{
    return (tsr__parameters){
        {s->in, s->ik, s->rm, s->rn, s->vw, s->uk, s->tk, s->slabs, s->once}};
}

/* The widest loads of B that are aligned in every row (or column) and product alike. Where
 * the first element is does not matter: the kernel's `head`. */
static unsigned widest(const tsr__problem *p, bool dots, unsigned most)
{
    size_t lines = dots ? p->n : p->k, stride = dots ? p->b.column : p->b.row;
    unsigned width = most;

    while (width > 1 && ((lines > 1 && stride % width) || p->b.batch % width))
        width /= 2;
    return width;
}

tsr__lanes_shape tsr__lanes_shape_of(const tsr__problem *p, const tsr__lanes_set *s)
{
    tsr__lanes_shape shape = {.dots = p->b.column != 1};
    size_t tile = (size_t)s->in * s->rn, step, head;

    shape.vw = widest(p, shape.dots, s->vw);
    step = shape.dots ? s->ik * shape.vw : s->ik;
    head = shape.dots ? 0 : p->b.offset % shape.vw;
    shape.slab = tsr__round_up(tsr__divide_up(p->k, s->slabs), step);
    shape.slabs = tsr__divide_up(p->k, shape.slab);
    shape.tiles = tsr__divide_up(p->n + head, tile);
    shape.blocks = tsr__divide_up(p->m, s->rm);
    shape.items = (size_t)s->in * s->ik;
    shape.local_memory =
        ((size_t)s->rm * s->tk + tile * (s->ik + 1)) * tsr_dtype_size(p->dtype) + 16;
    return shape;
}

/* ---- What fits ------------------------------------------------------------------ */

bool tsr__lanes_once(const tsr_device_info *info)
{
    return info->family == TSR_FAMILY_NVIDIA || info->family == TSR_FAMILY_AMD ||
           tsr__turns_count(info); /* llvmpipe computes on the CPU */
}

static bool is_power_of_2(unsigned x)
{
    return x != 0 && x <= LARGEST && (x & (x - 1)) == 0;
}

/* Loop turns of one work-item, as if no compiler unrolled anything. */
static double turns(const tsr__lanes_set *s, const tsr__lanes_shape *shape)
{
    double rows = s->rm, columns = s->rn, items = (double)shape->items;
    double tile = (double)s->in * columns;
    double wide = shape->dots ? shape->vw : 1.0;
    double chunks = ceil((double)shape->slab / s->tk) + 1.0;
    double steps = ceil((double)smaller(shape->slab, s->tk) / (s->ik * wide)) + 1.0;
    double ahead = 2.0 * columns * wide; /* loaded, and moved to where it is used */
    double step = 4.0 + ahead + rows * (2.0 + columns * wide);
    double staged = fmax(rows * s->tk / items, 1.0);

    return chunks * (3.0 * staged + steps * step) +
           rows * (rows + columns + s->ik + tile / items * 10.0) +
           rows * tile / items * (2.5 * (double)shape->slabs + 1.0);
}

bool tsr__lanes_fits(const tsr__problem *p, const tsr_device_info *info,
                     const tsr__lanes_set *s)
{
    unsigned words = (unsigned)tsr_dtype_size(p->dtype) / 4;
    tsr__lanes_shape shape;

    if (!is_power_of_2(s->in) || !is_power_of_2(s->ik) || !is_power_of_2(s->rm) ||
        !is_power_of_2(s->rn) || !is_power_of_2(s->vw) || !is_power_of_2(s->uk) ||
        !is_power_of_2(s->tk) || s->slabs == 0 || s->slabs > LARGEST || s->once > 1)
        return false;
    if (s->vw * words > 4 || s->rn < s->vw || s->rm > 16 || s->rn > 8 || s->uk > 8 ||
        s->tk % (s->ik * s->vw) || (s->once && !tsr__lanes_once(info)))
        return false;
    shape = tsr__lanes_shape_of(p, s);
    return shape.items <= info->max_group_size &&
           shape.items <= info->max_item_sizes[0] &&
           shape.local_memory <= info->local_memory_bytes &&
           !tsr__turns_refused(turns(s, &shape), info);
}

/* ---- Cost ----------------------------------------------------------------------- */

/* Of an item, of 32 bits: the sums, the steps that are multiplied and those that are on
 * their way, and what addresses take. About what ptxas says (tests/codegen). */
static double registers(const tsr__lanes_set *s, const tsr__lanes_shape *shape,
                        double words)
{
    double wide = shape->dots ? shape->vw : 1.0;

    return 39.0 + words * s->rn * (1.2 * s->rm + 1.7 * s->uk * wide);
}

/* Where drivers do not say: what most GPUs have. */
static double unit_registers(const tsr_device_info *info)
{
    return info->unit_registers ? (double)info->unit_registers : 65536.0;
}

/* Groups that a compute unit holds at once, by what runs out first, and never more than
 * 2048 items. */
static double resident(const tsr__lanes_set *s, const tsr__lanes_shape *shape,
                       const tsr_device_info *info, double words)
{
    double items = (double)shape->items;
    double by_registers = unit_registers(info) / (items * registers(s, shape, words));
    double by_memory = tsr__cost_local_memory(info) / (double)shape->local_memory;
    double groups = fmin(fmin(by_registers, by_memory), fmin(2048.0 / items, 16.0));

    return groups < 1.0 ? 1.0 : floor(groups);
}

/* The share of the memory's speed that loads of this kind reach. */
static double load_efficiency(const tsr__lanes_set *s, const tsr__lanes_shape *shape,
                              double size)
{
    double run = (shape->dots ? s->ik : s->in) * shape->vw * size;
    double narrow = shape->vw * size >= 16.0  ? 1.0
                    : shape->vw * size >= 8.0 ? 0.96
                                              : 0.92;

    return narrow * run /
           (run + 8.0); /* a part of a sector is lost at each run's ends */
}

/* ---- The estimate ---------------------------------------------------------------- */

/* The constants from here on were fitted to what sets took on an H100 and then mended by
 * hand, where tile is faster for 7 and 8 rows and small groups for one (docs/decisions.md);
 * test_models holds them to those times. */

/* Seconds from a load to its value. */
#define LATENCY 0.68e-6

/* With groups on 80 of an H200's 132 units memory is 0.7 as fast. */
#define MOST_SHARE 1.15

/* Cycles of a multiply-add for a wave that has its turns among others. */
#define TURN_CYCLES 3.0

/* What a wave does with what it loaded at one time. */
typedef struct turn {
    double products; /* multiply-adds of an item */
    double reads;    /* cycles that local memory is busy with what of A a wave reads */
} turn;

static turn turn_of(const tsr__lanes_set *s, const tsr__lanes_shape *shape, double size)
{
    double lanes = s->ik < 32 ? s->ik : 32.0;

    if (!shape->dots) /* all items read the same, 16 bytes at a time */
        return (turn){s->rm * s->rn, s->rm * size / 16.0};
    return (turn){s->rm * s->rn * (double)shape->vw,
                  s->rm * fmax(1.0, lanes * shape->vw * size / 128.0)};
}

/* The share of memory's speed that what is under way at a time is enough for (Little's
 * law): it waits for memory, then for its wave. */
static double reach(const tsr__lanes_set *s, const tsr__lanes_shape *shape, turn one,
                    const tsr_device_info *info, double size, double groups)
{
    double wide = shape->dots ? shape->vw : 1.0;
    double bytes = groups * (double)shape->items * s->rn * s->uk * wide * size;
    double wave = s->uk * TURN_CYCLES * (one.products * size / 4.0 + 4.0 * one.reads);

    return fmin(1.0, bytes / (tsr__cost_bandwidth(info) *
                              (LATENCY + wave / tsr__cost_clock(info))));
}

/* Bytes beside B's own: caches give A to every tile, B to every block but the first, and
 * keep the sums. */
static double cached_bytes(const tsr__problem *p, const tsr__lanes_shape *shape)
{
    double m = (double)p->m, n = (double)p->n, k = (double)p->k;
    double slabs = (double)shape->slabs;

    return (double)tsr_dtype_size(p->dtype) * (double)p->batch *
           ((double)shape->tiles * m * k + ((double)shape->blocks - 1.0) * n * k +
            (slabs > 1.0 ? 2.0 * slabs * m * n : 0.0));
}

/* Of multiplying, and of reading A from local memory for it. */
static double arithmetic_seconds(const tsr__problem *p, const tsr_device_info *info,
                                 const tsr__lanes_set *s, const tsr__lanes_shape *shape,
                                 turn one)
{
    double wide = shape->dots ? shape->vw : 1.0;
    double waves = (double)p->n * (double)p->k * (double)p->batch *
                   (double)shape->blocks / (s->rn * wide * 32.0);
    double flops = 64.0 * one.products * info->compute_units; /* of a wave on each */

    return waves *
           (3.0 * flops / tsr__cost_flop_rate(info, p->dtype) +
            4.9 * one.reads / tsr__cost_clock(info)) /
           info->compute_units;
}

double tsr__lanes_estimate(const tsr__problem *p, const tsr_device_info *info,
                           const tsr__lanes_set *s)
{
    tsr__lanes_shape shape = tsr__lanes_shape_of(p, s);
    double size = (double)tsr_dtype_size(p->dtype), slabs = (double)shape.slabs;
    double groups =
        (double)shape.tiles * (double)shape.blocks * slabs * (double)p->batch;
    double units = info->compute_units;
    double at_once = units * resident(s, &shape, info, size / 4.0);
    double rounds = groups / at_once, bytes, fill, memory, arithmetic, ends;
    turn one = turn_of(s, &shape, size);

    /* The unit with the most groups ends last, and takes no more than MOST_SHARE of what
     * would be its part of the bandwidth. */
    fill = rounds > 1.0 ? rounds / ceil(rounds) : groups / units / ceil(groups / units);
    bytes = tsr__problem_bytes(p) / load_efficiency(s, &shape, size) +
            0.32 * cached_bytes(p, &shape);
    memory = bytes / (tsr__cost_bandwidth(info) * fmin(1.0, MOST_SHARE * fill) *
                      reach(s, &shape, one, info, size, fmin(groups, at_once)));
    arithmetic = arithmetic_seconds(p, info, s, &shape, one) / fmax(fill, 0.3);
    /* A group adds its lanes row by row when it ends, while others go on if there are any;
     * the last one of a tile adds all slabs. */
    ends = (at_once > units ? 0.23 : 1.0) * ceil(rounds) * (0.7 + 1.46 * s->rm) +
           (slabs > 1.0 && s->once ? 2.0 + 0.33 * slabs : 0.0);
    return (slabs > 1.0 && !s->once ? 2.0 : 1.0) * tsr__cost_launch(info) +
           LATENCY * ends + fmax(memory, arithmetic) + 0.45 * fmin(memory, arithmetic);
}

/* ---- The space ------------------------------------------------------------------ */

/* Items of a group along what lies contiguous, and across it. The last ones are for
 * devices with tiny groups. */
static const unsigned char groups[][2] = {{32, 8}, {64, 4}, {16, 16}, {64, 8}, {32, 4},
                                          {16, 8}, {8, 16}, {8, 4},   {1, 1}};

enum { GROUPS = sizeof groups / sizeof groups[0] };

/* How K may be cut: into a power of 2, up to 64, or into as many slabs as give every unit
 * all the groups it holds, once or twice: units then end together. */
enum { POWERS = 7, CUTS = POWERS + 2 };

static unsigned rows_per_item(size_t m)
{
    unsigned rows = 1;

    while (rows < 16 && rows < m)
        rows *= 2;
    return rows;
}

/* A slab if 16 KiB hold that much of A, else as much as they hold. */
static unsigned depth(const tsr__problem *p, const tsr__lanes_set *s)
{
    size_t slab = tsr__divide_up(p->k, s->slabs);
    unsigned tk = 512;

    while (tk > s->ik * s->vw &&
           (tk / 2 >= slab || (size_t)tk * s->rm * tsr_dtype_size(p->dtype) > 16384))
        tk /= 2;
    return tk;
}

/* Completes a set from its group, columns per item, steps ahead and slabs; whether it is
 * one of the space. */
static bool complete(const tsr__problem *p, const tsr_device_info *info, size_t group,
                     tsr__lanes_set *s)
{
    bool dots = p->b.column != 1;
    double words = (double)tsr_dtype_size(p->dtype) / 4.0;
    tsr__lanes_shape shape;

    s->in = groups[group][dots];
    s->ik = groups[group][!dots];
    s->rm = rows_per_item(p->m);
    s->vw = widest(p, dots, (unsigned)(16 / tsr_dtype_size(p->dtype)));
    s->tk = depth(p, s);
    if (!tsr__lanes_fits(p, info, s))
        return false;
    shape = tsr__lanes_shape_of(p, s);
    if (shape.slabs <= s->slabs / 2 || (s->slabs == 1 && s->once))
        return false; /* another set does the same */
    /* A GPU that has nothing smaller takes single items; others, a wave. */
    if (shape.items < 64 && info->max_group_size >= 64)
        return false;
    return registers(s, &shape, words) <= 255.0 &&
           registers(s, &shape, words) * (double)shape.items <= unit_registers(info);
}

/* The same with the cut in place of slabs. */
static bool cut(const tsr__problem *p, const tsr_device_info *info, size_t group,
                unsigned which, tsr__lanes_set *s)
{
    double words = (double)tsr_dtype_size(p->dtype) / 4.0, each, room;
    tsr__lanes_shape shape;

    s->slabs = 1u << (which < POWERS ? which : POWERS - 1);
    if (which < POWERS)
        return complete(p, info, group, s);
    if (!complete(p, info, group, s))
        return false;
    shape = tsr__lanes_shape_of(p, s);
    each = (double)shape.tiles * (double)shape.blocks * (double)p->batch;
    room = (double)(which - POWERS + 1) * info->compute_units *
           resident(s, &shape, info, words);
    if (room < 2.0 * each || room > LARGEST * each)
        return false;
    s->slabs = (unsigned)(room / each);
    return !is_power_of_2(s->slabs) && complete(p, info, group, s);
}

/* Columns per item: a row's in one load if that is a wide one. */
static unsigned most_columns(const tsr__problem *p)
{
    unsigned wide = widest(p, false, (unsigned)(16 / tsr_dtype_size(p->dtype)));

    return p->b.column == 1 && wide > 1 ? wide : 4;
}

bool tsr__lanes_guess(const tsr__problem *p, const tsr_device_info *info,
                      tsr__lanes_set *out)
{
    double best = HUGE_VAL;

    for (size_t group = 0; group < GROUPS; group++)
        for (unsigned which = 0; which < CUTS; which++) {
            unsigned once = which > 0 && tsr__lanes_once(info);
            /* A step along K is vw elements of a column, but one of a row. */
            tsr__lanes_set s = {
                .rn = most_columns(p), .uk = p->b.column == 1 ? 4 : 2, .once = once};

            /* Many rows leave registers for fewer columns. */
            while (!cut(p, info, group, which, &s) && s.rn > 1)
                s.rn /= 2;
            if (cut(p, info, group, which, &s)) {
                double seconds = tsr__lanes_estimate(p, info, &s);

                if (seconds < best) {
                    best = seconds;
                    *out = s;
                }
            }
        }
    return best < HUGE_VAL;
}

size_t tsr__lanes_sets(const tsr__problem *p, const tsr_device_info *info,
                       tsr__parameters *out, size_t room)
{
    tsr__lanes_set first;
    size_t count = 0;

    if (room == 0 || !tsr__lanes_guess(p, info, &first))
        return 0;
    out[count++] = parameters_of(&first);
    for (size_t group = 0; group < GROUPS; group++)
        for (unsigned which = 0; which < CUTS; which++)
            for (unsigned rn = 1; rn <= most_columns(p); rn *= 2)
                for (unsigned uk = 2; uk <= 8; uk *= 2)
                    for (unsigned once = 0; once <= 1 && count < room; once++) {
                        tsr__lanes_set s = {.rn = rn, .uk = uk, .once = once};
                        tsr__parameters set;

                        if (!cut(p, info, group, which, &s))
                            continue;
                        set = parameters_of(&s);
                        if (memcmp(&set, &out[0], sizeof set) != 0)
                            out[count++] = set;
                    }
    return count;
}
