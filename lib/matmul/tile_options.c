/* How a problem's operands may be loaded, and what kernels/tile.cl is built with. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "matmul/arguments.h"
#include "matmul/tile.h"

/* ---- Loads ----------------------------------------------------------------------- */

/* Whether neighbours are to be loaded along this stride instead of the other. */
static bool is_along(size_t stride, size_t other)
{
    return stride == 1 || (other != 1 && stride < other);
}

/* Whether vectors of `width` (1, 2 or 4) along the stride of 1, `length` elements long, are aligned
 * and whole wherever they begin. */
static bool has_vectors(const tsr__layout *l, size_t along, size_t across,
                        size_t length, size_t lines, size_t batch, size_t width)
{
    size_t rest =
        length | l->offset | (lines > 1 ? across : 0) | (batch > 1 ? l->batch : 0);

    return along == 1 && (rest & (width - 1)) == 0;
}

/* Whether a tile of `length` rows of A (columns of B) by TK may span more than 32 bits of
 * bytes. */
static bool is_far(const tsr__layout *l, unsigned length, const tsr__problem *p,
                   const tsr__parameters *set)
{
    unsigned depth = set->values[TSR__TILE_TK];
    size_t most = (size_t)UINT_MAX / 2 / tsr_dtype_size(p->dtype);

    most /= length > depth ? length : depth;
    return l->row > most || l->column > most;
}

tsr__tile_loads tsr__tile_loads_of(const tsr__problem *p, const tsr__parameters *set)
{
    const unsigned *v = set->values;
    size_t width = v[TSR__TILE_VW];
    const tsr__layout *a = &p->a, *b = &p->b, *c = &p->c;
    tsr__layout sums = {0, p->n, 1, p->m * p->n}; /* of slabs, see reduce.h */
    tsr__tile_loads l = {.a_along_k = is_along(a->column, a->row),
                         .b_along_k = is_along(b->row, b->column),
                         .far = is_far(a, v[TSR__TILE_TM], p, set) ||
                                is_far(b, v[TSR__TILE_TN], p, set)};

    if (tsr__tile_slabs(p, set) > 1)
        c = &sums;
    l.a_vector = l.a_along_k
                     ? has_vectors(a, a->column, a->row, p->k, p->m, p->batch, width)
                     : has_vectors(a, a->row, a->column, p->m, p->k, p->batch, width);
    l.b_vector = l.b_along_k
                     ? has_vectors(b, b->row, b->column, p->k, p->n, p->batch, width)
                     : has_vectors(b, b->column, b->row, p->n, p->k, p->batch, width);
    l.c_vector = has_vectors(c, c->column, c->row, p->n, p->m, p->batch, width);
    return l;
}

/* ---- Options --------------------------------------------------------------------- */

#define NAME(name, in_kernel, ...) #name,
static const char *const names[] = {TSR__TILE_PARAMETERS(NAME)};

#define IN_KERNEL(name, in_kernel, ...) in_kernel,
static const bool in_kernel[] = {TSR__TILE_PARAMETERS(IN_KERNEL)};

static void append(char options[TSR__OPTIONS_SIZE], const char *name, unsigned number)
{
    size_t length = strlen(options);

    snprintf(options + length, TSR__OPTIONS_SIZE - length, "%s-D%s=%u",
             length ? " " : "", name, number);
}

void tsr__tile_options(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set, char options[TSR__OPTIONS_SIZE])
{
    tsr__problem p = tsr__tile_oriented(problem);
    tsr__tile_loads loads = tsr__tile_loads_of(&p, set);
    bool wide = set->values[TSR__TILE_VW] > 1; /* else vectors are single elements */
    const struct {
        const char *name;
        bool on;
    } facts[] = {
        {"A_VECTOR", wide && loads.a_vector},
        {"B_VECTOR", wide && loads.b_vector},
        {"C_VECTOR", wide && loads.c_vector},
        {"FAR", loads.far},
        {"UNALIGNED", info->type == TSR_DEVICE_CPU ||
                          info->base_align_bytes <
                              set->values[TSR__TILE_VW] * tsr_dtype_size(p.dtype)},
    };
    size_t room = tsr__tile_groups(&p, info, set) * tsr__tile_items(set);
    char tile[TSR__OPTIONS_SIZE] = "";

    for (size_t i = 0; i < TSR__TILE_COUNT; i++)
        if (in_kernel[i])
            append(tile, names[i], set->values[i]);
    append(tile, "A_ALONG_K", loads.a_along_k);
    append(tile, "B_ALONG_K", loads.b_along_k);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (facts[i].on)
            append(tile, facts[i].name, 1);
    /* Left alone, NVIDIA's compiler takes as many registers as a single group may have. */
    if (info->family == TSR_FAMILY_NVIDIA && room > 0 && 65536 / room < 255)
        snprintf(tile + strlen(tile), sizeof tile - strlen(tile),
                 " -cl-nv-maxrregcount=%zu", 65536 / room / 8 * 8);
    tsr__epilogue_options(&p, tile, options);
}
