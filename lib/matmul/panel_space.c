#include "matmul/panel_space.h"

#include <math.h>
#include <string.h>

#include "base/checked.h"
#include "matmul/turns.h"

enum { MR, NV, KC, SLABS, A_WAY, B_WAY };

const char *const tsr__panel_names[] = {"MR",    "NV",    "KC", "SLABS",
                                        "A_WAY", "B_WAY", NULL};

/* The kernel file's tiles, and the depths around a guess. */
static const unsigned rows[] = {4, 6, 8, 12};
static const unsigned most_vectors = 2, most_slabs = 8;
static const double depths[] = {1.0, 0.5, 2.0};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define LEAST_DEPTH  16
#define DEEPEST      8192
#define LARGEST_LOCAL                                                                  \
    2 /* a half of local memory for a panel of B, and one for A's block */

/* ---- Sets ------------------------------------------------------------------------ */

static tsr__parameters write_set(const tsr__panel_set *s)
{
    return (tsr__parameters){{(unsigned)s->mr, (unsigned)s->nv, (unsigned)s->kc,
                              (unsigned)s->slabs, (unsigned)s->a, (unsigned)s->b}};
}

static tsr__panel_set read_set(const tsr__parameters *set)
{
    const unsigned *v = set->values;

    return (tsr__panel_set){
        v[MR], v[NV], v[KC], v[SLABS], (tsr__way)v[A_WAY], (tsr__way)v[B_WAY]};
}

static bool is_row_count(unsigned mr)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i] == mr)
            return true;
    return false;
}

/* As the kernel file has them, and as the sizes of a shape allow. */
static bool is_in_range(const tsr__parameters *set)
{
    const unsigned *v = set->values;

    return is_row_count(v[MR]) && v[NV] >= 1 && v[NV] <= most_vectors &&
           v[KC] >= LEAST_DEPTH && v[KC] <= DEEPEST && v[KC] % 4 == 0 &&
           v[SLABS] >= 1 && v[SLABS] <= most_slabs && v[A_WAY] <= TSR__IN_PLACE &&
           v[B_WAY] <= TSR__IN_PLACE &&
           !(v[A_WAY] == TSR__IN_PLACE && v[B_WAY] == TSR__IN_PLACE);
}

/* Rows are contiguous where they are read in place; local memory has room for a panel of
 * B and for one of A at least. */
static bool suits(const tsr__problem *problem, const tsr_device_info *info,
                  const tsr__panel_shape *s)
{
    size_t size = tsr_dtype_size(problem->dtype);
    size_t half = (size_t)info->local_memory_bytes / LARGEST_LOCAL;
    tsr__problem p = *problem;

    if (s->transposed)
        tsr__problem_transpose(&p);
    return (s->a != TSR__IN_PLACE || p.a.column == 1) &&
           (s->b != TSR__IN_PLACE || p.b.column == 1) &&
           (s->b == TSR__PACKED || s->kc * s->nr * size <= half) &&
           (s->a != TSR__LOCAL || s->kc * s->mr <= s->local_a);
}

tsr__panel_shape tsr__panel_shape_by(const tsr__problem *problem,
                                     const tsr_device_info *info,
                                     const tsr__parameters *set)
{
    tsr__panel_set chosen;

    if (!set)
        return tsr__panel_shape_of(problem, info);
    chosen = read_set(set);
    return tsr__panel_shape_with(problem, info, &chosen);
}

const char *tsr__panel_refused(const tsr__problem *problem, const tsr_device_info *info,
                               tsr__panel_shape shape)
{
    tsr__problem p = *problem;

    if (!tsr__turns_count(info))
        return NULL;
    if (shape.transposed)
        tsr__problem_transpose(&p);
    tsr__panel_blocks(&p, info, &shape);
    return tsr__turns_refused(tsr__panel_turns(&shape), info);
}

bool tsr__panel_fits(const tsr__problem *problem, const tsr_device_info *info,
                     const tsr__parameters *set)
{
    tsr__panel_shape s;

    if (!is_in_range(set))
        return false;
    s = tsr__panel_shape_by(problem, info, set);
    return s.slabs == set->values[SLABS] && suits(problem, info, &s) &&
           !tsr__panel_refused(problem, info, s);
}

/* ---- The space ------------------------------------------------------------------- */

/* A list of sets that grows, each once. */
typedef struct list {
    const tsr__problem *problem;
    const tsr_device_info *info;
    tsr__parameters *out;
    size_t count, room;
} list;

static void add(list *l, const tsr__panel_set *s)
{
    tsr__parameters set = write_set(s);

    for (size_t i = 0; i < l->count; i++)
        if (memcmp(&l->out[i], &set, sizeof set) == 0)
            return;
    if (l->count < l->room &&
        (l->count == 0 || tsr__panel_fits(l->problem, l->info, &set)))
        l->out[l->count++] = set;
}

static void add_depths(list *l, const tsr__panel_set *guess, tsr__panel_set s)
{
    for (size_t i = 0; i < COUNT(depths); i++) {
        s.kc = tsr__round_up((size_t)(depths[i] * (double)guess->kc), 4);
        add(l, &s);
    }
}

static void add_tiles(list *l, const tsr__panel_set *guess)
{
    tsr__panel_set s = *guess;

    for (size_t i = 0; i < COUNT(rows); i++)
        for (s.nv = 1; s.nv <= most_vectors; s.nv++) {
            s.mr = rows[i];
            add_depths(l, guess, s);
        }
}

static void add_ways(list *l, const tsr__panel_set *guess)
{
    tsr__panel_set s = *guess;

    for (int a = TSR__PACKED; a <= TSR__IN_PLACE; a++)
        for (int b = TSR__PACKED; b <= TSR__IN_PLACE; b++) {
            s.a = (tsr__way)a;
            s.b = (tsr__way)b;
            add_depths(l, guess, s);
        }
}

static void add_slabs(list *l, const tsr__panel_set *guess)
{
    tsr__panel_set s = *guess;

    for (s.slabs = 1; s.slabs <= most_slabs; s.slabs *= 2)
        add(l, &s);
}

size_t tsr__panel_sets(const tsr__problem *problem, const tsr_device_info *info,
                       tsr__parameters *out, size_t room)
{
    tsr__panel_shape shape = tsr__panel_shape_of(problem, info);
    tsr__panel_set guess = tsr__panel_set_of(&shape);
    list l = {problem, info, out, 0, room};

    add(&l, &guess);
    add_tiles(&l, &guess);
    add_ways(&l, &guess);
    add_slabs(&l, &guess);
    return l.count;
}

/* ---- What it should cost --------------------------------------------------------- */

/* Accumulators beyond the registers are kept in memory; few of them do not hide how long
 * an addition takes. */
static double tile_penalty(const tsr__panel_set *s, const tsr__panel_set *guess,
                           const tsr__panel_shape *shape, tsr_dtype dtype)
{
    bool wide = shape->lanes * tsr_dtype_size(dtype) == 64;
    size_t registers = wide ? 32 : 16, held = s->mr * s->nv;

    if (s->mr == guess->mr && s->nv == guess->nv)
        return 1.0;
    if (held + s->nv + 1 > registers)
        return 2.0;
    return held < 8 ? 1.3 : 1.1;
}

double tsr__panel_penalty(const tsr__problem *problem, const tsr_device_info *info,
                          const tsr__parameters *set)
{
    tsr__panel_shape shape = tsr__panel_shape_of(problem, info);
    tsr__panel_set guess = tsr__panel_set_of(&shape), s = read_set(set);
    double penalty = tile_penalty(&s, &guess, &shape, problem->dtype);

    penalty *= 1.0 + 0.03 * fabs(log2((double)s.kc / (double)guess.kc));
    if (s.slabs != guess.slabs)
        penalty *= 1.05;
    return s.a == guess.a && s.b == guess.b ? penalty : 1.05 * penalty;
}
