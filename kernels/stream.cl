/* stream: C = activation(alpha * A @ B + beta * C + bias) with few rows    (REAL)
 * For CPUs, -DLANES wide; stream_lanes.cl is for GPUs.
 * A is M x K with M small, B is K x N, C is M x N; one product per index of dimension 2.
 *
 * Bound by memory: B is read once, at memory speed, and everything else stays in caches
 * or registers. Few columns are the same thing transposed.
 *
 *            N
 *        +----+----+
 *     K  |    |    | slab 0   K is cut into slabs. Each makes an M x N sum of its own
 *        |----+----|          in `sums` (slab, product, row, column), and
 *        |    |    | slab 1   `reduce` adds the slabs in order. How K is cut depends on
 *        +----+----+          K alone, so the same inputs give the same bits on every
 *        chunks of columns    run, whatever the number of compute units.
 *
 * Ways through a slab, by how B is stored; a program has one, as building both takes longer:
 *   sweep   B's rows contiguous: along a few rows of B at a time
 *   dots    B's columns contiguous (-DDOTS): a few columns at a time
 *
 * A's rows must be contiguous; `gather` makes them so where they are not. For sweep it can
 * also put what a step needs of all rows side by side.
 */

#ifndef STEP
#define STEP 8 /* rows of B that are taken together (8, 12) */
#endif
#define EIGHT(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#if STEP == 8
#define EACH_ROW EIGHT
#elif STEP == 12
#define EACH_ROW(DO) EIGHT(DO) DO(8) DO(9) DO(10) DO(11)
#else
#error "stream: STEP must be 8 or 12"
#endif

/* A's rows side by side, `run` of K of each and then the next `run`: one item (dimension 0)
 * copies STEP of K of one row (1). With a `run` of K that is dense rows. */
__kernel void gather(ulong4 sizes, ulong run, __global const REAL *A, ulong4 a,
                     __global REAL *rows)
{
    const ulong M = sizes.s0, K = sizes.s2;
    const ulong i = get_global_id(1), t = get_global_id(2);
    const ulong k0 = get_global_id(0) * STEP, k1 = min(k0 + STEP, K);

    if (k0 >= K)
        return;
    rows += ((t * ((K + run - 1) / run) + k0 / run) * M + i) * run + k0 % run;
    for (ulong k = k0; k < k1; k++)
        rows[k - k0] = A[at(a, t, i, k)];
}

#ifndef DOTS

#define READ_ROW(r) const VECTOR b##r = LOAD(0, b + r * ld);
#define TIMES_ROW(r) s += x[r] * b##r;

/* STEP rows of B (at b, ld apart) times as many columns of A (at x), one vector wide,
 * added to M rows of sums (`row` apart), or put there if it is the first time. Up to 12
 * vectors of B, a sum and an element of A fit in 16 vector registers, and every load and
 * store of a sum feeds STEP multiplications. The rows that follow are asked for where
 * `ask`, of memory but not into the first cache: they are needed a whole chunk later. M is
 * at least 1; loops that say so take less time to compile. */
void full_step(ulong M, __global const REAL *x, ulong x_row, __global const REAL *b,
               ulong ld, __global REAL *sum, ulong row, bool first, bool ask)
{
    EACH_ROW(READ_ROW)

    if (ask) {
        PLAIN_LOOP
        for (uint r = STEP; r < 2 * STEP; r++)
            COMING_LATER(b + r * ld);
    }
    do {
        VECTOR s = first ? (VECTOR)0 : LOAD(0, sum);

        EACH_ROW(TIMES_ROW)
        STORE(s, 0, sum);
        x += x_row;
        sum += row;
    } while (--M > 0);
}

/* The same at B's edges, for at most STEP rows and a vector of columns: a copy of them, with
 * zeros in columns beyond, takes their place. The sums of those are padding of a row. */
void part_step(ulong M, __global const REAL *x, ulong x_row, __global const REAL *b,
               ulong ld, ulong rows, ulong columns, __global REAL *sum, ulong row,
               bool first)
{
    REAL part[STEP * LANES];

    PLAIN_LOOP
    for (ulong r = 0; r < rows; r++, b += ld) {
        if (columns == LANES) {
            STORE(LOAD(0, b), r, part);
            continue;
        }
        STORE((VECTOR)0, r, part);
        PLAIN_LOOP
        for (ulong c = 0; c < columns; c++)
            part[r * LANES + c] = b[c];
    }
    PLAIN_LOOP
    for (ulong i = 0; i < M; i++, x += x_row, sum += row) {
        VECTOR s = first ? (VECTOR)0 : LOAD(0, sum);

        PLAIN_LOOP
        for (ulong r = 0; r < rows; r++)
            s += x[r] * LOAD(r, part);
        STORE(s, 0, sum);
    }
}

/* One item: one slab (dimension 1) of one chunk of columns (dimension 0). */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
sweep(ulong4 sizes, ulong4 cut, __global const REAL *A, ulong4 a,
      __global const REAL *B, ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong k0 = get_global_id(1) * cut.s0, k1 = min(k0 + cut.s0, K);
    const ulong j0 = get_global_id(0) * cut.s1, j1 = min(j0 + cut.s1, N);
    const ulong ld = ROW(b), x_row = ROW(a);

    A += at(a, t, 0, 0);
    B += at(b, t, 0, 0);
    sums += (get_global_id(1) * sizes.s3 + t) * M * cut.s2;
    for (ulong k = k0; k < k1; k += STEP) {
        /* Gathered, M runs of STEP follow each other: COLUMN is M. */
        __global const REAL *x = A + k * COLUMN(a), *from = B + k * ld;
        const ulong rows = min((ulong)STEP, k1 - k);
        const bool first = k == k0;
        ulong j = j0;

        if (rows == STEP)
            for (; j + LANES <= j1; j += LANES)
                full_step(M, x, x_row, from + j, ld, sums + j, cut.s2, first,
                          (j - j0) % LINE < LANES);
        for (; j < j1; j += LANES)
            part_step(M, x, x_row, from + j, ld, rows, min((ulong)LANES, j1 - j),
                      sums + j, cut.s2, first);
    }
}

#else /* DOTS */

/* Whether there are registers for the sums of 4 x 4: with AVX-512. */
#ifdef REAL_IS_DOUBLE
#define WIDE (LANES == 8)
#else
#define WIDE (LANES == 16)
#endif

/* What is asked for while four columns are multiplied: the same part of the first `count`
 * columns at `from`, which come next. */
typedef struct coming {
    __global const REAL *from;
    uint count;
} coming;

#define DOTS_ZERO(r) VECTOR s##r##0 = 0, s##r##1 = 0, s##r##2 = 0, s##r##3 = 0;
#define DOTS_ADD(r)                                                                    \
    {                                                                                  \
        const VECTOR v = LOAD(0, x + k + r * x_row);                                   \
                                                                                       \
        s##r##0 += v * b0;                                                             \
        s##r##1 += v * b1;                                                             \
        s##r##2 += v * b2;                                                             \
        s##r##3 += v * b3;                                                             \
    }
#define DOTS_SUM(r) REAL4 t##r = sums_of(s##r##0, s##r##1, s##r##2, s##r##3);
#define DOTS_ADD_ONE(r) t##r += x[k + r * x_row] * c;
#define DOTS_PUT(r)                                                                    \
    vstore4(first ? t##r : t##r + vload4(0, sum + r * row), 0, sum + r * row);
#define COMING_COLUMN(c)                                                               \
    if (next.count > c)                                                                \
        COMING_LATER(next.from + k + c * ld);

/* Rows of A (at x, x_row apart) times four columns of B (at b, ld apart), over n elements,
 * added to sums `row` apart, or put there if it is the first time. */
#define FOUR_COLUMNS(name, EACH)                                                       \
    void name(ulong n, __global const REAL *x, ulong x_row, __global const REAL *b,    \
              ulong ld, coming next, __global REAL *sum, ulong row, bool first)        \
    {                                                                                  \
        ulong k = 0;                                                                   \
                                                                                       \
        EACH(DOTS_ZERO)                                                                \
        for (; k + LANES <= n; k += LANES) {                                           \
            const VECTOR b0 = LOAD(0, b + k), b1 = LOAD(0, b + k + ld);                \
            const VECTOR b2 = LOAD(0, b + k + 2 * ld), b3 = LOAD(0, b + k + 3 * ld);   \
                                                                                       \
            COMING_COLUMN(0)                                                           \
            COMING_COLUMN(1)                                                           \
            COMING_COLUMN(2)                                                           \
            COMING_COLUMN(3)                                                           \
            EACH(DOTS_ADD)                                                             \
        }                                                                              \
        EACH(DOTS_SUM)                                                                 \
        for (; k < n; k++) {                                                           \
            const REAL4 c = (REAL4)(b[k], b[k + ld], b[k + 2 * ld], b[k + 3 * ld]);    \
                                                                                       \
            EACH(DOTS_ADD_ONE)                                                         \
        }                                                                              \
        EACH(DOTS_PUT)                                                                 \
    }

#define ONE_ROW(DO) DO(0)
#define TWO_ROWS(DO) DO(0) DO(1)
#define FOUR_ROWS(DO) DO(0) DO(1) DO(2) DO(3)

FOUR_COLUMNS(dots_of_one, ONE_ROW)
FOUR_COLUMNS(dots_of_two, TWO_ROWS)
#if WIDE
FOUR_COLUMNS(dots_of_four, FOUR_ROWS)
#endif

#define DOT_ZERO(c) VECTOR s##c = 0;
#define DOT_ADD(c)                                                                     \
    COMING_LATER(b + k + c * ld + 16 * LINE);                                          \
    s##c += v * LOAD(0, b + k + c * ld);
#define DOT_PUT(c)                                                                     \
    {                                                                                  \
        REAL total = sum_of(s##c);                                                     \
                                                                                       \
        for (ulong l = k; l < n; l++)                                                  \
            total += x[l] * b[l + c * ld];                                             \
        sum[c] = total;                                                                \
    }

/* One row of A times eight columns of B, where each element of B is needed once: so many
 * runs of memory at a time are read best. */
void eight_columns(ulong n, __global const REAL *x, __global const REAL *b, ulong ld,
                   __global REAL *sum)
{
    ulong k = 0;

    EIGHT(DOT_ZERO)
    for (; k + LANES <= n; k += LANES) {
        const VECTOR v = LOAD(0, x + k);

        EIGHT(DOT_ADD)
    }
    EIGHT(DOT_PUT)
}

REAL one_dot(ulong n, __global const REAL *x, __global const REAL *b)
{
    REAL s = 0;

    for (ulong k = 0; k < n; k++)
        s += x[k] * b[k];
    return s;
}

#define DEPTH 512 /* of K at a time, so that four columns and A's rows stay in L1 */

/* One item: one slab (dimension 1) of one chunk of columns (dimension 0). */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
dots(ulong4 sizes, ulong4 cut, __global const REAL *A, ulong4 a, __global const REAL *B,
     ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong k0 = get_global_id(1) * cut.s0, k1 = min(k0 + cut.s0, K);
    const ulong j0 = get_global_id(0) * cut.s1, j1 = min(j0 + cut.s1, N);
    const ulong ld = COLUMN(b), x_row = ROW(a);
    /* Of the four columns that come next each of the passes, which take one to four rows of
     * A, asks for some. */
    const ulong passes = WIDE ? M / 4 + M % 4 / 2 + M % 2 : M / 2 + M % 2;
    const uint asks = (uint)(4 / min(passes, (ulong)4) + (passes == 3));

    A += at(a, t, 0, 0);
    B += at(b, t, 0, 0);
    sums += (get_global_id(1) * sizes.s3 + t) * M * cut.s2;
    ulong j = j0;
    if (M == 1)
        for (; j + 8 <= j1; j += 8)
            eight_columns(k1 - k0, A + k0, B + k0 + j * ld, ld, sums + j);
    for (; j + 4 <= j1; j += 4)
        for (ulong k = k0; k < k1; k += DEPTH) {
            __global const REAL *from = B + k + j * ld;
            const ulong n = min((ulong)DEPTH, k1 - k);
            const bool first = k == k0;
            coming next = {from + 4 * ld, asks};
            uint asked = 0;
            ulong i = 0;

            while (i < M) {
                __global const REAL *x = A + k + i * x_row;
                __global REAL *sum = sums + i * cut.s2 + j;
                ulong rows = 1;

#if WIDE
                if (i + 4 <= M) {
                    dots_of_four(n, x, x_row, from, ld, next, sum, cut.s2, first);
                    rows = 4;
                } else
#endif
                if (i + 2 <= M) {
                    dots_of_two(n, x, x_row, from, ld, next, sum, cut.s2, first);
                    rows = 2;
                } else {
                    dots_of_one(n, x, x_row, from, ld, next, sum, cut.s2, first);
                }
                i += rows;
                asked += asks;
                next.from += asks * ld;
                next.count = min(asks, 4 - min(asked, 4u));
            }
        }
    for (; j < j1; j++)
        for (ulong i = 0; i < M; i++)
            sums[i * cut.s2 + j] = one_dot(k1 - k0, A + k0 + i * x_row, B + k0 + j * ld);
}

#endif /* DOTS */

#include "reduce.cl"
