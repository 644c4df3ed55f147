/* Which parameter sets there are for kernels/tile.cl, and which of them can run. */
#include <limits.h>
#include <string.h>

#include "base/checked.h"
#include "matmul/tile.h"
#include "matmul/turns.h"

#define LARGEST 256 /* of any parameter */

/* The sets shipped, for large products down to small ones. Those with vectors of 2 are for
 * doubles and the smallest products; the last is for devices whose groups have one item. results/codegen.md shows
 * what compilers make of each. */
/* clang-format off */
static const tsr__parameters shipped[] = {
    /* TM   TN  TK  RM  RN  VW UNROLL BUFFERS PAD GROUP_ROWS SPLIT */
    {{128, 128,  8,  8,  8,  4,  2,  2,  4,  8,  1}},
    {{128, 128,  8,  8,  8,  4,  1,  2,  4,  8,  1}},
    {{128, 128, 16,  8,  8,  4,  1,  2,  4,  8,  1}},
    {{128,  64, 16,  8,  8,  4,  2,  2,  4,  8,  1}},
    {{ 64, 128, 16,  8,  8,  4,  2,  2,  4,  8,  1}},
    {{128,  32, 16,  8,  8,  4,  2,  2,  4,  8,  1}},
    {{ 64,  64, 16,  8,  8,  4,  2,  2,  4,  8,  1}},
    {{ 64,  64, 16,  8,  4,  4,  4,  2,  4,  8,  1}},
    {{ 64,  64, 16,  4,  4,  4,  8,  2,  4,  8,  1}},
    {{ 32,  64, 32,  8,  4,  4,  4,  1,  4,  8,  1}},
    {{ 32,  64, 16,  4,  4,  4,  8,  2,  4,  8,  1}},
    {{ 16,  64, 32,  8,  4,  4,  4,  1,  4,  8,  1}},
    {{ 64,  32, 16,  4,  4,  4,  8,  2,  4,  8,  1}},
    {{ 32,  32, 16,  4,  4,  4,  8,  2,  4,  8,  1}},
    {{ 32,  32, 32,  8,  4,  4,  4,  2,  4,  8,  1}},
    {{ 16,  32, 32,  4,  4,  4,  8,  2,  4,  1,  1}},
    {{ 16,  32, 16,  4,  4,  4,  8,  2,  4,  8,  1}},
    {{ 32,  16, 16,  4,  4,  4,  8,  2,  4,  8,  1}},
    {{ 64,  64, 16,  8,  4,  2,  2,  2,  2,  8,  1}},
    {{ 64,  64, 16,  4,  4,  2,  4,  2,  2,  8,  1}},
    {{ 32,  32, 16,  4,  4,  2,  4,  2,  2,  8,  1}},
    {{ 64,  16, 32,  4,  4,  2,  4,  1,  2,  8,  1}},
    {{ 16,  16, 32,  4,  2,  2,  8,  2,  2,  8,  1}},
    {{ 16,  16, 16,  4,  4,  1,  1,  1,  0,  1,  1}},
    {{  4,   4,  4,  4,  4,  4,  4,  1,  0,  1,  1}},
};
/* clang-format on */

#define SHIPPED (sizeof shipped / sizeof shipped[0])

const tsr__parameters *tsr__tile_shipped(size_t index)
{
    return index < SHIPPED ? &shipped[index] : NULL;
}

/* ---- How a problem is seen ------------------------------------------------------- */

tsr__problem tsr__tile_oriented(const tsr__problem *problem)
{
    tsr__problem p = *problem;

    if (p.c.row == 1 && p.c.column != 1)
        tsr__problem_transpose(&p);
    return p;
}

size_t tsr__tile_slab(const tsr__problem *p, const tsr__parameters *set)
{
    size_t part = tsr__divide_up(p->k, set->values[TSR__TILE_SPLIT]);

    return tsr__round_up(part, set->values[TSR__TILE_TK]);
}

size_t tsr__tile_slabs(const tsr__problem *p, const tsr__parameters *set)
{
    return tsr__divide_up(p->k, tsr__tile_slab(p, set));
}

/* ---- Which sets can run ---------------------------------------------------------- */

/* What every part of the checks below may rely on. */
static bool is_sane(const unsigned *v)
{
    for (size_t i = 0; i < TSR__TILE_COUNT; i++)
        if (v[i] > LARGEST || (v[i] == 0 && i != TSR__TILE_PAD))
            return false;
    return true;
}

/* The #error lines of the kernel file. */
static bool fits_together(const unsigned *v)
{
    unsigned tm = v[TSR__TILE_TM], tn = v[TSR__TILE_TN], tk = v[TSR__TILE_TK];
    unsigned rm = v[TSR__TILE_RM], rn = v[TSR__TILE_RN], vw = v[TSR__TILE_VW];
    unsigned buffers = v[TSR__TILE_BUFFERS], piece;

    if (tm % rm != 0 || tn % rn != 0 || (vw != 1 && vw != 2 && vw != 4))
        return false;
    piece = tm / rm * (tn / rn) * vw;
    return rm % vw == 0 && rn % vw == 0 && tk % vw == 0 && v[TSR__TILE_PAD] % vw == 0 &&
           tm * tk % piece == 0 && tn * tk % piece == 0 &&
           tk % v[TSR__TILE_UNROLL] == 0 && (buffers == 1 || buffers == 2);
}

/* Loop turns of one work-item, were none of them unrolled. */
static double turns(const tsr__problem *p, const tsr__parameters *set)
{
    const unsigned *v = set->values;
    double rows = v[TSR__TILE_RM], vectors = v[TSR__TILE_RN] / v[TSR__TILE_VW];
    double loads = (double)((v[TSR__TILE_TM] + v[TSR__TILE_TN]) * v[TSR__TILE_TK]) /
                   (double)tsr__tile_items(set);
    double one_k = 1.0 + rows / v[TSR__TILE_VW] + vectors + rows * (1.0 + vectors);
    double steps = (double)tsr__tile_slab(p, set) / v[TSR__TILE_TK] + 1.0;

    return steps * (1.0 + 2.0 * loads + v[TSR__TILE_TK] * one_k) +
           4.0 * rows * rows * vectors;
}

const char *tsr__tile_refused(const tsr__problem *problem, const tsr_device_info *info,
                              const tsr__parameters *set)
{
    const unsigned *v = set->values;
    tsr__problem p = tsr__tile_oriented(problem);
    size_t items;

    if (!is_sane(v) || !fits_together(v))
        return "its parameters do not fit together";
    items = tsr__tile_items(set);
    if (items > info->max_group_size || items > info->max_item_sizes[0])
        return "no tile fits the device's largest work-group";
    if (tsr__tile_local_bytes(set, p.dtype) > info->local_memory_bytes)
        return "no tile fits the device's local memory";
    if (p.k / v[TSR__TILE_TK] > UINT_MAX ||
        (double)tsr__divide_up(p.m, v[TSR__TILE_TM]) *
                (double)tsr__divide_up(p.n, v[TSR__TILE_TN]) *
                (double)(p.batch * tsr__tile_slabs(&p, set)) >
            (double)INT_MAX)
        return "there are more tiles or steps of K than 31 bits count";
    return tsr__turns_refused(turns(&p, set), info);
}

static bool fits(const tsr__problem *problem, const tsr_device_info *info,
                 const tsr__parameters *set)
{
    return !tsr__tile_refused(problem, info, set);
}

/* Vectors of up to 16 bytes: wider ones are two loads. */
static bool is_too_wide(const tsr__problem *p, const tsr__parameters *set)
{
    return set->values[TSR__TILE_VW] * tsr_dtype_size(p->dtype) > 16;
}

/* Whether a smaller tile would do. */
static bool is_mostly_edge(const tsr__problem *p, const tsr__parameters *set)
{
    const unsigned *v = set->values;

    return (v[TSR__TILE_TM] > 16 && v[TSR__TILE_TM] >= 2 * p->m) ||
           (v[TSR__TILE_TN] > 16 && v[TSR__TILE_TN] >= 2 * p->n);
}

static bool is_unfit(const tsr__problem *p, const tsr__parameters *set)
{
    return is_mostly_edge(p, set) || is_too_wide(p, set);
}

/* ---- The best guess -------------------------------------------------------------- */

/* Whether K is worth cutting in so many: into slabs of at least 4 steps and 64 elements,
 * for tiles that leave units idle. */
static bool is_worth_cutting(const tsr__problem *p, const tsr_device_info *info,
                             const tsr__parameters *set)
{
    const unsigned *v = set->values;
    double tiles = (double)tsr__divide_up(p->m, v[TSR__TILE_TM]) *
                   (double)tsr__divide_up(p->n, v[TSR__TILE_TN]) * (double)p->batch;
    size_t least = 4 * v[TSR__TILE_TK] > 64 ? 4 * v[TSR__TILE_TK] : 64;

    return v[TSR__TILE_SPLIT] == 1 ||
           (tiles < 2.0 * info->compute_units &&
            p->k >= (size_t)v[TSR__TILE_SPLIT] * least &&
            tiles * v[TSR__TILE_SPLIT] <= 8.0 * info->compute_units + 8.0);
}

/* As the space has it. */
#define MOST_SPLIT 128

/* The best of the shipped set's cuts of K. */
static double best_cut(const tsr__problem *p, const tsr_device_info *info,
                       tsr__parameters *set)
{
    tsr__parameters next = *set;
    double best = tsr__tile_estimate(p, info, set);

    for (unsigned split = 2; split <= MOST_SPLIT; split *= 2) {
        double seconds;

        next.values[TSR__TILE_SPLIT] = split;
        if (!is_worth_cutting(p, info, &next) || !fits(p, info, &next))
            continue;
        seconds = tsr__tile_estimate(p, info, &next);
        if (seconds < best) {
            best = seconds;
            *set = next;
        }
    }
    return best;
}

/* The best of the shipped sets that fit, but for those that are out; NULL: none is. */
static bool best_of(const tsr__problem *p, const tsr_device_info *info,
                    bool (*is_out)(const tsr__problem *, const tsr__parameters *),
                    tsr__parameters *set)
{
    double best = 0.0;
    bool found = false;

    for (size_t i = 0; i < SHIPPED; i++) {
        tsr__parameters next = shipped[i];
        double seconds;

        if ((is_out && is_out(p, &next)) || !fits(p, info, &next))
            continue;
        seconds = best_cut(p, info, &next);
        if (!found || seconds < best) {
            found = true;
            best = seconds;
            *set = next;
        }
    }
    return found;
}

/* Where tile is the last resort, any set will do that is built quickly: PoCL takes 2 s for
 * the larger ones. A router asks at every product. */
static bool last_resort(const tsr__problem *p, const tsr_device_info *info,
                        tsr__parameters *set)
{
    for (size_t i = SHIPPED - 2; i < SHIPPED; i++)
        if (fits(p, info, &shipped[i])) {
            *set = shipped[i];
            return true;
        }
    return false;
}

bool tsr__tile_guess(const tsr__problem *problem, const tsr_device_info *info,
                     tsr__parameters *set)
{
    tsr__problem p = tsr__tile_oriented(problem);

    *set = shipped[SHIPPED - 1];
    if (!info->local_memory_dedicated && last_resort(&p, info, set))
        return true;
    return best_of(&p, info, is_unfit, set) || best_of(&p, info, NULL, set);
}

/* ---- The space ------------------------------------------------------------------- */

#define NAME(name, ...) #name,
static const char *const names[] = {TSR__TILE_PARAMETERS(NAME) NULL};

/* Zeros end a row; a 0 that comes first is a value. */
#define CHOICES(name, in_kernel, ...) {__VA_ARGS__, 0},
static const unsigned choices[TSR__TILE_COUNT][9] = {TSR__TILE_PARAMETERS(CHOICES)};

/* The next set of the product of all choices, `at` the indices of its values; false after
 * the last. */
static bool next_set(unsigned at[TSR__TILE_COUNT], tsr__parameters *set)
{
    for (size_t i = 0; i < TSR__TILE_COUNT; i++) {
        set->values[i] = choices[i][++at[i]];
        if (set->values[i] != 0)
            return true;
        at[i] = 0;
        set->values[i] = choices[i][0];
    }
    return false;
}

/* What is worth a try: the product of all choices thinned by what is known. */
static bool is_promising(const tsr__problem *p, const tsr_device_info *info,
                         const tsr__parameters *set)
{
    const unsigned *v = set->values;
    unsigned work = v[TSR__TILE_UNROLL] * v[TSR__TILE_RM] * v[TSR__TILE_RN];
    unsigned tm = v[TSR__TILE_TM], tn = v[TSR__TILE_TN];
    size_t items = tsr__tile_items(set),
           wave = info->wave_items ? info->wave_items : 32;

    return items >= wave && items <= 256 && items % wave == 0 && tm <= 4 * tn &&
           tn <= 4 * tm && !is_mostly_edge(p, set) &&
           !is_too_wide(p, set) && /* and as wide as registers allow */
           v[TSR__TILE_VW] * 2 >= (v[TSR__TILE_RM] < v[TSR__TILE_RN]
                                       ? v[TSR__TILE_RM]
                                       : v[TSR__TILE_RN]) &&
           (v[TSR__TILE_PAD] == 0 || v[TSR__TILE_PAD] == v[TSR__TILE_VW]) &&
           work >= 32 && work <= 128 && (v[TSR__TILE_GROUP_ROWS] == 1 || p->m > tm) &&
           tsr__tile_groups(p, info, set) > 0 && is_worth_cutting(p, info, set);
}

/* Sets so far, the quickest first; at most `room`, of MOST. */
#define MOST 300
typedef struct ranking {
    tsr__parameters *sets;
    double seconds[MOST];
    size_t count, room;
} ranking;

static void rank(ranking *r, const tsr__parameters *set, double seconds)
{
    size_t i;

    if (r->count == r->room && seconds >= r->seconds[r->count - 1])
        return;
    if (r->count < r->room)
        r->count++;
    for (i = r->count - 1; i > 0 && r->seconds[i - 1] > seconds; i--) {
        r->seconds[i] = r->seconds[i - 1];
        r->sets[i] = r->sets[i - 1];
    }
    r->seconds[i] = seconds;
    r->sets[i] = *set;
}

/* The best guess, then the space by the model's order. */
static size_t sets(const tsr__problem *problem, const tsr_device_info *info,
                   tsr__parameters *out, size_t room)
{
    tsr__problem p = tsr__tile_oriented(problem);
    ranking r = {.sets = out + 1, .room = room - 1 < MOST ? room - 1 : MOST};
    unsigned at[TSR__TILE_COUNT] = {0};
    tsr__parameters set = {{0}};

    if (room == 0 || !tsr__tile_guess(&p, info, &out[0]))
        return 0;
    for (size_t i = 0; i < TSR__TILE_COUNT; i++)
        set.values[i] = choices[i][0];
    do {
        if (r.room > 0 && fits_together(set.values) && is_promising(&p, info, &set) &&
            fits(&p, info, &set) && memcmp(&set, &out[0], sizeof set) != 0)
            rank(&r, &set, tsr__tile_estimate(&p, info, &set));
    } while (next_set(at, &set));
    return 1 + r.count;
}

const tsr__space tsr__tile_space = {names, sets, tsr__tile_estimate, fits, NULL};
