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
 *        |----+----|          in `sums` (slab, product, row, column; dense), and
 *        |    |    | slab 1   `reduce` adds the slabs in order. How K is cut depends on
 *        +----+----+          K alone, so the same inputs give the same bits on every
 *        chunks of columns    run, whatever the number of compute units.
 *
 * Ways through a slab, by how B is stored:
 *   sweep   B's rows contiguous: along a few rows of B at a time
 *   dots    B's columns contiguous: a few columns at a time
 *
 * A's rows must be contiguous; `gather` makes them so where they are not.
 */

/* A into dense rows: one item per element. */
__kernel void gather(ulong4 sizes, __global const REAL *A, ulong4 a, __global REAL *rows)
{
    const ulong k = get_global_id(0), i = get_global_id(1), t = get_global_id(2);

    if (k < sizes.s2)
        rows[(t * sizes.s0 + i) * sizes.s2 + k] = A[at(a, t, i, k)];
}

/* Six rows of B (at b, ld apart) times six columns of A (at x), two vectors wide, added
 * to M rows of sums, or put there if it is the first time. 12 vectors of B, 2 sums and
 * one element of A fill 16 vector registers, and every load of A or a sum feeds enough
 * arithmetic. The six rows that follow are asked for. */
void six_rows(ulong M, __global const REAL *x, ulong x_row, __global const REAL *b,
              ulong ld, __global REAL *sum, ulong N, bool first)
{
    const VECTOR b00 = LOAD(0, b), b01 = LOAD(1, b);
    const VECTOR b10 = LOAD(0, b + ld), b11 = LOAD(1, b + ld);
    const VECTOR b20 = LOAD(0, b + 2 * ld), b21 = LOAD(1, b + 2 * ld);
    const VECTOR b30 = LOAD(0, b + 3 * ld), b31 = LOAD(1, b + 3 * ld);
    const VECTOR b40 = LOAD(0, b + 4 * ld), b41 = LOAD(1, b + 4 * ld);
    const VECTOR b50 = LOAD(0, b + 5 * ld), b51 = LOAD(1, b + 5 * ld);

    for (uint r = 6; r < 12; r++)
        for (uint l = 0; l < 2 * LANES; l += LINE)
            COMING(b + r * ld + l);
    for (ulong i = 0; i < M; i++, x += x_row, sum += N) {
        VECTOR s0 = first ? (VECTOR)0 : LOAD(0, sum);
        VECTOR s1 = first ? (VECTOR)0 : LOAD(1, sum);

        s0 += x[0] * b00, s1 += x[0] * b01;
        s0 += x[1] * b10, s1 += x[1] * b11;
        s0 += x[2] * b20, s1 += x[2] * b21;
        s0 += x[3] * b30, s1 += x[3] * b31;
        s0 += x[4] * b40, s1 += x[4] * b41;
        s0 += x[5] * b50, s1 += x[5] * b51;
        STORE(s0, 0, sum);
        STORE(s1, 1, sum);
    }
}

/* The same for one column, and for any number of rows. */
void one_column(ulong M, __global const REAL *x, ulong x_row, __global const REAL *b,
                ulong ld, ulong rows, __global REAL *sum, ulong N, bool first)
{
    for (ulong i = 0; i < M; i++) {
        REAL s = first ? (REAL)0 : sum[i * N];

        for (ulong r = 0; r < rows; r++)
            s += x[i * x_row + r] * b[r * ld];
        sum[i * N] = s;
    }
}

/* One item: one slab (dimension 1) of one chunk of columns (dimension 0). */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
sweep(ulong4 sizes, ulong2 cut, __global const REAL *A, ulong4 a,
      __global const REAL *B, ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong k0 = get_global_id(1) * cut.s0, k1 = min(k0 + cut.s0, K);
    const ulong j0 = get_global_id(0) * cut.s1, j1 = min(j0 + cut.s1, N);
    const ulong ld = ROW(b);

    A += at(a, t, 0, 0);
    B += at(b, t, 0, 0);
    sums += (get_global_id(1) * sizes.s3 + t) * M * N;
    for (ulong k = k0; k < k1; k += 6) {
        __global const REAL *x = A + k, *from = B + k * ld;
        const bool first = k == k0;
        ulong j = j0;

        if (k + 6 <= k1)
            for (; j + 2 * LANES <= j1; j += 2 * LANES)
                six_rows(M, x, ROW(a), from + j, ld, sums + j, N, first);
        for (; j < j1; j++)
            one_column(M, x, ROW(a), from + j, ld, min((ulong)6, k1 - k), sums + j, N,
                       first);
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

/* The same for two rows of A (x_row apart; their sums N apart). */
void two_rows_four_columns(ulong n, __global const REAL *x, ulong x_row,
                           __global const REAL *b, ulong ld, __global REAL *sum,
                           ulong N, bool first)
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
    vstore4(first ? u : u + vload4(0, sum + N), 0, sum + N);
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
dots(ulong4 sizes, ulong2 cut, __global const REAL *A, ulong4 a, __global const REAL *B,
     ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong k0 = get_global_id(1) * cut.s0, k1 = min(k0 + cut.s0, K);
    const ulong j0 = get_global_id(0) * cut.s1, j1 = min(j0 + cut.s1, N);
    const ulong ld = COLUMN(b), x_row = ROW(a);

    A += at(a, t, 0, 0);
    B += at(b, t, 0, 0);
    sums += (get_global_id(1) * sizes.s3 + t) * M * N;
    ulong j = j0;
    for (; j + 4 <= j1; j += 4)
        for (ulong k = k0; k < k1; k += DEPTH) {
            __global const REAL *from = B + k + j * ld;
            const ulong n = min((ulong)DEPTH, k1 - k);
            const bool first = k == k0;
            ulong i = 0;

            for (; i + 2 <= M; i += 2)
                two_rows_four_columns(n, A + k + i * x_row, x_row, from, ld,
                                      sums + i * N + j, N, first);
            if (i < M)
                four_columns(n, A + k + i * x_row, from, ld, sums + i * N + j, first);
        }
    for (; j < j1; j++)
        for (ulong i = 0; i < M; i++)
            sums[i * N + j] = one_dot(k1 - k0, A + k0 + i * x_row, B + k0 + j * ld);
}

#include "reduce.cl"
