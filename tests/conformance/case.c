#include "case.h"

#include <stddef.h>
#include <string.h>

static const size_t sizes[] = {0,  1,  2,  3,  5,  7,  8,  9,   15,
                               16, 17, 31, 33, 63, 64, 65, 127, 129};
enum { SIZES = sizeof sizes / sizeof sizes[0], THIN_SIZES = 11 };

/* One length in place of the drawn one, now and then: beyond one pass over K, one slab of
 * it, one block of C. The others are then among the first sizes. */
static const size_t longs[] = {257, 521, 1030, 2100, 4100};
enum { LONGS = sizeof longs / sizeof longs[0], BESIDE_LONG = 13 };

/* For parameter sets: beside and beyond tiles of up to 256, slabs and passes over K. */
static const size_t across[] = {1, 3, 17, 33, 64, 65, 96, 129, 160, 200, 257, 288, 300};
static const size_t deep[] = {1, 5, 16, 17, 48, 64, 100, 128, 257, 512};
static const size_t thin_across[] = {1, 3, 8, 16, 17, 32, 33, 40};

/* 0 and 1 are what most products use, and where most special cases are. */
static const double alphas[] = {1,  1,  1,  1,   1,   1,   1,    0,
                                -1, -1, -1, 0.5, 0.5, 0.5, 2.25, 2.25};
static const double betas[] = {0, 0, 0, 0, 1, -1, 0.5, 2.25};

enum key {
    KEY_DTYPE,
    KEY_BATCH,
    KEY_ALPHA,
    KEY_BETA,
    KEY_BIAS,
    KEY_ACTIVATION,
    KEY_DATA,
    KEY_HIDDEN,
    KEY_LONG,
    KEY_PREPARED,
    KEY_LENT,
    KEY_ANY,
    KEY_SHARED,
    KEY_A = 100, /* and some numbers from each on, for the layouts */
    KEY_B = 200,
    KEY_C = 300,
    KEY_BIAS_AT = 400
};

uint64_t draw(unsigned long number, uint64_t key)
{
    uint64_t x = (number + 1) * UINT64_C(0x9e3779b97f4a7c15) +
                 key * UINT64_C(0xd1b54a32d192ed03);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* One of 0 .. n - 1. */
static size_t pick(unsigned long number, uint64_t key, size_t n)
{
    return (size_t)(draw(number, key) % n);
}

/* The strides of a rows x columns matrix in the layout drawn; *span is how many elements
 * one matrix of a batch reaches over. An operand may repeat rows or columns, or have ones
 * that begin inside the one before. */
static const char *draw_strides(unsigned long number, uint64_t key, size_t rows,
                                size_t columns, bool operand, size_t *row,
                                size_t *column, size_t *span)
{
    size_t pad = 1 + pick(number, key + 1, 9), step = 2 + pick(number, key + 2, 2);
    size_t high = rows ? rows : 1, wide = columns ? columns : 1;

    switch (pick(number, key, operand ? 18 : 14)) {
    case 0:
    case 1:
    case 2:
    case 3:
        *row = wide, *column = 1, *span = high * wide;
        return "dense";
    case 4:
    case 5:
    case 6:
        *row = 1, *column = high, *span = high * wide;
        return "transposed";
    case 7:
    case 8:
        *row = wide + pad, *column = 1, *span = high * (wide + pad);
        return "padded";
    case 9:
    case 10:
        *row = 1, *column = high + pad, *span = wide * (high + pad);
        return "transposed, padded";
    case 11:
    case 12:
        *row = wide * step + pad, *column = step, *span = high * (wide * step + pad);
        return "strided";
    case 13:
        *row = step, *column = high * step + pad, *span = wide * (high * step + pad);
        return "transposed, strided";
    case 14:
        *row = 0, *column = step, *span = wide * step;
        return "one row repeated";
    case 15:
        *row = step, *column = 0, *span = high * step;
        return "one column repeated";
    case 16:
        *row = 1 + pick(number, key + 6, wide), *column = 1;
        *span = (high - 1) * *row + wide;
        return "overlapping rows";
    default:
        *row = 1, *column = 1 + pick(number, key + 6, high);
        *span = (wide - 1) * *column + high;
        return "overlapping columns";
    }
}

/* A placement of `batch` (0: rank 2) matrices of rows x columns. */
static placement draw_placement(unsigned long number, uint64_t key, bool batched,
                                size_t batch, size_t rows, size_t columns, bool operand)
{
    static const size_t offsets[] = {0, 0, 1, 3, 16, 37};
    placement p = {.offset = offsets[pick(number, key + 3, 6)]};
    size_t row, column, span, tail;
    size_t gap = pick(number, key + 5, 4), times = batch ? batch : 1;

    p.layout = draw_strides(number, key, rows, columns, operand, &row, &column, &span);
    /* Behind a result there is room for a row too many to be seen; an operand's buffer may
     * end with it, for Oclgrind to see what is read behind. */
    tail = (row > column ? row : column) + 16;
    if (operand && pick(number, key + 4, 2))
        tail = 0;
    if (!batched) {
        p.rank = 2;
        p.shape[0] = rows, p.shape[1] = columns;
        p.strides[0] = row, p.strides[1] = column;
        p.length = p.offset + span + tail;
        return p;
    }
    p.rank = 3;
    p.shape[0] = batch, p.shape[1] = rows, p.shape[2] = columns;
    if (gap == 3) { /* the batch is the innermost axis */
        p.strides[0] = 1, p.strides[1] = row * times, p.strides[2] = column * times;
        p.length = p.offset + (span + tail) * times;
        return p;
    }
    p.strides[0] = span + gap, p.strides[1] = row, p.strides[2] = column;
    if (operand && pick(number, key + 7, 6) == 0) /* matrices that overlap */
        p.strides[0] = 1 + pick(number, key + 8, span);
    p.length = p.offset + p.strides[0] * (times - 1) + span + gap + tail;
    return p;
}

/* A dense placement that vectors of 16 elements divide, by rows or by columns. */
static placement place_whole(unsigned long number, uint64_t key, bool batched,
                             size_t batch, size_t rows, size_t columns)
{
    bool transposed = pick(number, key, 2) == 1;
    size_t offset = 16 * pick(number, key + 3, 2), span = rows * columns;
    placement p = {.rank = batched ? 3 : 2,
                   .shape = {rows, columns},
                   .strides = {transposed ? 1 : columns, transposed ? rows : 1},
                   .offset = offset,
                   .length = offset + span * (batched ? batch : 1) + 16,
                   .layout = transposed ? "transposed, whole" : "dense, whole"};

    if (batched) {
        p.shape[2] = p.shape[1], p.shape[1] = p.shape[0], p.shape[0] = batch;
        p.strides[2] = p.strides[1], p.strides[1] = p.strides[0], p.strides[0] = span;
    }
    return p;
}

/* Where a matrix of the product lies. */
static placement place(const test_case *c, uint64_t key, bool batched, size_t batch,
                       size_t rows, size_t columns)
{
    return c->whole ? place_whole(c->number, key, batched, batch, rows, columns)
                    : draw_placement(c->number, key, batched, batch, rows, columns,
                                     key != KEY_C);
}

/* A bias: [N], [1, N], [M, 1], [1], [M, N], with a batch also [T, 1, N] or [1, M, N]. */
static void draw_bias(test_case *c)
{
    size_t m = c->m, n = c->n, kind = pick(c->number, KEY_BIAS, 40);

    c->has_bias = kind < 8 || c->activation != TSR_ACTIVATION_NONE;
    if (!c->has_bias)
        return;
    if (kind % 8 < 3) {
        size_t length = kind % 8 == 2 ? 1 : n;

        c->bias = draw_placement(c->number, KEY_BIAS_AT, false, 0, 1, length, false);
        c->bias.rank = 1;
        c->bias.shape[0] = length;
        c->bias.strides[0] = c->bias.strides[1];
    } else if (kind % 8 == 3) {
        c->bias = draw_placement(c->number, KEY_BIAS_AT, false, 0, 1, n, true);
    } else if (kind % 8 == 4) {
        c->bias = draw_placement(c->number, KEY_BIAS_AT, false, 0, m, 1, true);
    } else if (kind % 8 == 5 || c->c.rank == 2) {
        c->bias = draw_placement(c->number, KEY_BIAS_AT, false, 0, m, n, true);
    } else if (kind % 8 == 6) {
        c->bias = draw_placement(c->number, KEY_BIAS_AT, true, c->batch, 1, n, true);
    } else {
        c->bias = draw_placement(c->number, KEY_BIAS_AT, true, 1, m, n, true);
    }
}

/* Any size of at most so many bits, as many small ones as large ones. */
static size_t draw_any(unsigned long number, uint64_t key, size_t bits)
{
    return pick(number, key, (size_t)2 << pick(number, key + 1000, bits));
}

/* Sizes: every triple of the set once in the first SIZES^3 numbers, in an order that mixes
 * small and large; beyond these, a third of the cases have any sizes. */
static void draw_sizes(test_case *c, bool thin)
{
    size_t count = thin ? THIN_SIZES : SIZES, bits = thin ? 4 : 8;
    size_t triple = (size_t)(c->number * 2477) % (count * count * count);

    c->m = sizes[triple % count];
    c->n = sizes[triple / count % count];
    c->k = sizes[triple / count / count];
    if (c->number >= count * count * count && pick(c->number, KEY_ANY, 3) == 0) {
        c->m = draw_any(c->number, KEY_ANY + 1000, bits);
        c->n = draw_any(c->number, KEY_ANY + 3000, bits);
        c->k = draw_any(c->number, KEY_ANY + 5000, bits);
    }
    if (thin || pick(c->number, KEY_LONG, 12) != 0)
        return;

    size_t length = longs[pick(c->number, KEY_LONG + 1000, LONGS)];
    size_t which = pick(c->number, KEY_LONG + 2000, 3);

    c->m = which == 0 ? length : sizes[triple % BESIDE_LONG];
    c->n = which == 1 ? length : sizes[triple / count % BESIDE_LONG];
    c->k = which == 2 ? length : sizes[triple / count / count % BESIDE_LONG];
}

/* Now and then a K so long that it is cut into many slabs, with little of C. */
static void draw_tiles(test_case *c, bool thin)
{
    const size_t *from = thin ? thin_across : across;
    const size_t *depths = thin ? thin_across : deep;
    size_t count = thin ? sizeof thin_across / sizeof thin_across[0]
                        : sizeof across / sizeof across[0];
    size_t most = thin ? count : sizeof deep / sizeof deep[0];

    c->m = from[pick(c->number, KEY_ANY + 1000, count)];
    c->n = from[pick(c->number, KEY_ANY + 3000, count)];
    c->k = depths[pick(c->number, KEY_ANY + 5000, most)];
    if (pick(c->number, KEY_LONG, 6) == 0) {
        const size_t most_beside = thin ? 16 : 65;

        c->k = longs[pick(c->number, KEY_LONG + 1000, LONGS)];
        c->m = c->m > most_beside ? c->m / 4 : c->m;
        c->n = c->n > most_beside ? c->n / 4 : c->n;
    }
    c->whole = c->number % 2 == 0;
    if (c->whole) {
        c->m = (c->m + 15) / 16 * 16;
        c->n = (c->n + 15) / 16 * 16;
        c->k = (c->k + 15) / 16 * 16;
    }
}

/* Beyond TSR_ORACLE_FULL_FLOPS. */
static void draw_large(test_case *c)
{
    c->m = 1000 + pick(c->number, KEY_LONG + 3000, 500);
    c->n = 1000 + pick(c->number, KEY_LONG + 4000, 500);
    c->k = 1001 + pick(c->number, KEY_LONG + 5000, 500);
}

/* Batches: mostly none. An operand has the batch, a batch of 1, or rank 2. */
static void draw_operands(test_case *c, bool may_batch)
{
    static const size_t batches[] = {0, 1, 2, 2, 3, 5};
    size_t kind = pick(c->number, KEY_BATCH, 32);
    bool batched = kind < 10 && may_batch;
    size_t of_a, of_b;

    c->batch = batched ? batches[pick(c->number, KEY_BATCH + 1000, 6)] : 1;
    of_a = kind % 5 == 1 ? 1 : c->batch;
    of_b = kind % 5 == 2 ? 1 : c->batch;
    c->a = place(c, KEY_A, batched && kind % 5 != 3, of_a, c->m, c->k);
    c->b = place(c, KEY_B, batched && kind % 5 != 4, of_b, c->k, c->n);
    c->shared = pick(c->number, KEY_SHARED, 8) == 0;
    if (c->shared)
        c->a.length = c->b.length =
            c->a.length > c->b.length ? c->a.length : c->b.length;
    c->c = place(c, KEY_C, batched, c->batch, c->m, c->n);
}

const char *sizes_name(case_sizes sizes_of)
{
    static const char *const names[] = {"all", "small", "large", "tiles",
                                        "small tiles"};

    return names[sizes_of];
}

test_case make_case(unsigned long number, bool fp64, case_sizes sizes_of)
{
    bool tiles = sizes_of == SIZES_TILES || sizes_of == SIZES_THIN_TILES;
    test_case c = {.number = number, .batch = 1};
    size_t data = pick(number, KEY_DATA, 10), f = pick(number, KEY_ACTIVATION, 16);

    c.dtype = fp64 && pick(number, KEY_DTYPE, 5) < 2 ? TSR_F64 : TSR_F32;
    c.alpha = alphas[pick(number, KEY_ALPHA, 16)];
    c.beta = betas[pick(number, KEY_BETA, 8)];
    c.data = data < 4 ? DATA_INTEGERS : data < 9 ? DATA_UNIFORM : DATA_SPECIAL;
    c.hidden_nan = c.alpha == 0 && pick(number, KEY_HIDDEN, 2);
    c.lent = pick(number, KEY_LENT, 2);
    if (sizes_of == SIZES_LARGE)
        draw_large(&c);
    else if (tiles)
        draw_tiles(&c, sizes_of == SIZES_THIN_TILES);
    else
        draw_sizes(&c, sizes_of == SIZES_THIN);
    if (sizes_of == SIZES_LARGE && c.data == DATA_SPECIAL)
        c.data = DATA_UNIFORM; /* every sum would have a NaN in it */
    if (pick(number, KEY_PREPARED, 8) == 0)
        c.prepared = (unsigned)(1 + pick(number, KEY_PREPARED + 1000, 3));
    /* A program with an epilogue is one more to build: small results only, or a fresh
     * machine would mostly compile. A parameter set is one in any case. */
    if (f < 4 && (tiles || (c.m < 32 && c.n < 32)))
        c.activation = (tsr_activation)(1 + f);
    draw_operands(&c, sizes_of != SIZES_LARGE);
    draw_bias(&c);
    return c;
}

tsr_host_matrix host_view(const placement *p, const void *flat, tsr_dtype dtype)
{
    size_t strides[3] = {0, 0, 0};

    for (int i = 0; i < p->rank; i++) {
        if (p->shape[i] != 1)
            strides[3 - p->rank + i] = p->strides[i];
    }
    return (tsr_host_matrix){(const char *)flat + p->offset * tsr_dtype_size(dtype),
                             strides[1], strides[2], strides[0]};
}

static void print_placement(FILE *to, const char *name, const placement *p)
{
    fprintf(to, "  %s [", name);
    for (int i = 0; i < p->rank; i++)
        fprintf(to, "%s%zu", i ? ", " : "", p->shape[i]);
    fprintf(to, "] %s, strides", p->layout);
    for (int i = 0; i < p->rank; i++)
        fprintf(to, " %zu", p->strides[i]);
    fprintf(to, ", offset %zu\n", p->offset);
}

void print_case(FILE *to, const test_case *c)
{
    static const char *const data[] = {"integers", "uniform", "uniform with NaN, Inf"};

    fprintf(to,
            "case %lu: %s M=%zu N=%zu K=%zu batch=%zu alpha=%g beta=%g %s, %s%s%s\n",
            c->number, tsr_dtype_name(c->dtype), c->m, c->n, c->k, c->batch, c->alpha,
            c->beta, tsr_activation_name(c->activation), data[c->data],
            c->hidden_nan ? ", A and B all NaN" : "", c->lent ? ", lent" : "");
    if (c->prepared)
        fprintf(to, "  prepared:%s%s\n", c->prepared & 1 ? " A" : "",
                c->prepared & 2 ? " B" : "");
    print_placement(to, "A", &c->a);
    print_placement(to, c->shared ? "B, in A's buffer," : "B", &c->b);
    print_placement(to, "C", &c->c);
    if (c->has_bias)
        print_placement(to, "bias", &c->bias);
}
