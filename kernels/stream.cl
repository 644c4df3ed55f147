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
 * Ways through a slab, by how B is stored:
 *   sweep   B's rows contiguous: along a few rows of B at a time
 *   dots    B's columns contiguous: a few columns at a time
 *
 * A's rows must be contiguous; `gather` makes them so where they are not. For sweep it can
 * also put what a step needs of all rows side by side.
 */

#ifndef STEP
#define STEP 8 /* rows of B that are taken together (8, 12) */
#endif
#define EIGHT_ROWS(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#if STEP == 8
#define EACH_ROW EIGHT_ROWS
#elif STEP == 12
#define EACH_ROW(DO) EIGHT_ROWS(DO) DO(8) DO(9) DO(10) DO(11)
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

#define READ_ROW(r) const VECTOR b##r = LOAD(0, b + r * ld);
#define COMING_ROW(r) COMING_LATER(b + (STEP + r) * ld);
#define TIMES_ROW(r) s += x[r] * b##r;

/* STEP rows of B (at b, ld apart) times as many columns of A (at x), one vector wide,
 * added to M rows of sums (`row` apart), or put there if it is the first time. Up to 12
 * vectors of B, a sum and an element of A fit in 16 vector registers, and every load and
 * store of a sum feeds STEP multiplications. The rows that follow are asked for where
 * `ask`, of memory but not into the first cache: they are needed a whole chunk later. */
void full_step(ulong M, __global const REAL *x, ulong x_row, __global const REAL *b,
               ulong ld, __global REAL *sum, ulong row, bool first, bool ask)
{
    EACH_ROW(READ_ROW)

    if (ask) {
        EACH_ROW(COMING_ROW)
    }
    for (ulong i = 0; i < M; i++, x += x_row, sum += row) {
        VECTOR s = first ? (VECTOR)0 : LOAD(0, sum);

        EACH_ROW(TIMES_ROW)
        STORE(s, 0, sum);
    }
}

/* The same for any number of rows of B, a vector, four columns or one wide. */
#define SOME_ROWS(name, TYPE, GET, PUT)                                                \
    void name(ulong M, __global const REAL *x, ulong x_row, __global const REAL *b,    \
              ulong ld, ulong rows, __global REAL *sum, ulong row, bool first)           \
    {                                                                                  \
        for (ulong i = 0; i < M; i++, x += x_row, sum += row) {                          \
            TYPE s = first ? (TYPE)0 : GET(0, sum);                                    \
                                                                                       \
            for (ulong r = 0; r < rows; r++)                                           \
                s += x[r] * GET(0, b + r * ld);                                        \
            PUT(s, 0, sum);                                                            \
        }                                                                              \
    }

#define GET_ONE(i, p) ((p)[i])
#define PUT_ONE(v, i, p) ((p)[i] = (v))

SOME_ROWS(some_rows, VECTOR, LOAD, STORE)
SOME_ROWS(four_wide, REAL4, vload4, vstore4)
SOME_ROWS(one_wide, REAL, GET_ONE, PUT_ONE)

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
        for (; j + LANES <= j1; j += LANES)
            some_rows(M, x, x_row, from + j, ld, rows, sums + j, cut.s2, first);
        for (; j + 4 <= j1; j += 4)
            four_wide(M, x, x_row, from + j, ld, rows, sums + j, cut.s2, first);
        for (; j < j1; j++)
            one_wide(M, x, x_row, from + j, ld, rows, sums + j, cut.s2, first);
    }
}

/* A row of A (at x) times four columns of B (at b, ld apart), over n elements. */
void four_columns(ulong n, __global const REAL *x, __global const REAL *b, ulong ld,
                  __global REAL *sum, bool first)
{
    VECTOR s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    ulong k = 0;

    for (; k + LANES <= n; k += LANES) {
        const VECTOR v = LOAD(0, x + k);

        s0 += v * LOAD(0, b + k);
        s1 += v * LOAD(0, b + k + ld);
        s2 += v * LOAD(0, b + k + 2 * ld);
        s3 += v * LOAD(0, b + k + 3 * ld);
    }

    REAL4 total = (REAL4)(sum_of(s0), sum_of(s1), sum_of(s2), sum_of(s3));

    for (; k < n; k++)
        total += x[k] * (REAL4)(b[k], b[k + ld], b[k + 2 * ld], b[k + 3 * ld]);
    vstore4(first ? total : total + vload4(0, sum), 0, sum);
}

/* The same for two rows of A (x_row apart; their sums row apart). */
void two_rows_four_columns(ulong n, __global const REAL *x, ulong x_row,
                           __global const REAL *b, ulong ld, __global REAL *sum,
                           ulong row, bool first)
{
    VECTOR s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    ulong k = 0;

    for (; k + LANES <= n; k += LANES) {
        const VECTOR v = LOAD(0, x + k), w = LOAD(0, x + k + x_row);
        VECTOR c;

        c = LOAD(0, b + k), s0 += v * c, t0 += w * c;
        c = LOAD(0, b + k + ld), s1 += v * c, t1 += w * c;
        c = LOAD(0, b + k + 2 * ld), s2 += v * c, t2 += w * c;
        c = LOAD(0, b + k + 3 * ld), s3 += v * c, t3 += w * c;
    }

    REAL4 s = (REAL4)(sum_of(s0), sum_of(s1), sum_of(s2), sum_of(s3));
    REAL4 u = (REAL4)(sum_of(t0), sum_of(t1), sum_of(t2), sum_of(t3));

    for (; k < n; k++) {
        const REAL4 c = (REAL4)(b[k], b[k + ld], b[k + 2 * ld], b[k + 3 * ld]);

        s += x[k] * c;
        u += x[k + x_row] * c;
    }
    vstore4(first ? s : s + vload4(0, sum), 0, sum);
    vstore4(first ? u : u + vload4(0, sum + row), 0, sum + row);
}

REAL one_dot(ulong n, __global const REAL *x, __global const REAL *b)
{
    REAL s = 0;

    for (ulong k = 0; k < n; k++)
        s += x[k] * b[k];
    return s;
}

#define DEPTH 1024 /* of K at a time, so that four columns stay in L1 for all rows of A */

/* One item: one slab (dimension 1) of one chunk of columns (dimension 0). */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
dots(ulong4 sizes, ulong4 cut, __global const REAL *A, ulong4 a, __global const REAL *B,
     ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong k0 = get_global_id(1) * cut.s0, k1 = min(k0 + cut.s0, K);
    const ulong j0 = get_global_id(0) * cut.s1, j1 = min(j0 + cut.s1, N);
    const ulong ld = COLUMN(b), x_row = ROW(a);

    A += at(a, t, 0, 0);
    B += at(b, t, 0, 0);
    sums += (get_global_id(1) * sizes.s3 + t) * M * cut.s2;
    ulong j = j0;
    for (; j + 4 <= j1; j += 4)
        for (ulong k = k0; k < k1; k += DEPTH) {
            __global const REAL *from = B + k + j * ld;
            const ulong n = min((ulong)DEPTH, k1 - k);
            const bool first = k == k0;
            ulong i = 0;

            for (; i + 2 <= M; i += 2)
                two_rows_four_columns(n, A + k + i * x_row, x_row, from, ld,
                                      sums + i * cut.s2 + j, cut.s2, first);
            if (i < M)
                four_columns(n, A + k + i * x_row, from, ld,
                             sums + i * cut.s2 + j, first);
        }
    for (; j < j1; j++)
        for (ulong i = 0; i < M; i++)
            sums[i * cut.s2 + j] = one_dot(k1 - k0, A + k0 + i * x_row, B + k0 + j * ld);
}

#include "reduce.cl"
