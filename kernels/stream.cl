/* stream: C = activation(alpha * A @ B + beta * C + bias) with few rows    (REAL)
 * A is M x K with M small, B is K x N, C is M x N; one product per index of dimension 2.
 *
 * Bound by memory: B is read once, at memory speed, and everything else stays in caches
 * or registers. Few columns are the same thing transposed.
 *
 *            N
 *        +---------+
 *     K  | slab 0  |      K is cut into slabs. Each makes an M x N sum of its own in
 *        |---------|      `sums` (slab, product, row, column; dense), and `reduce` adds
 *        | slab 1  |      the slabs in order, so that the same inputs give the same bits
 *        +---------+      on every run.
 *
 * Three ways through a slab, by device and storage:
 *   sweep   B's rows contiguous, CPU: a few whole rows of B at a time
 *   strip   B's rows contiguous, GPU: neighbouring items take neighbouring columns
 *   dot     B's columns contiguous: one column against all rows of A
 *
 * `rows` is A gathered into a dense M x K array per product.
 */
#ifndef GROUP
#define GROUP 1 /* work-items per group: 1 on a CPU, 32, 64, 128 on a GPU */
#endif

#define ROWS 8 /* rows of A that strip and dot hold in registers at a time */

/* A into dense rows: one item per element. */
__kernel void gather(ulong4 sizes, __global const REAL *A, ulong4 a, __global REAL *rows)
{
    const ulong k = get_global_id(0), i = get_global_id(1), t = get_global_id(2);

    if (k < sizes.s2)
        rows[(t * sizes.s0 + i) * sizes.s2 + k] = A[at(a, t, i, k)];
}

/* One item takes one slab (dimension 0) of all columns, 8 rows of B at a time; the sums
 * are read and written once per 8 rows, from the nearest caches. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
sweep(ulong4 sizes, ulong slab, __global const REAL *rows, __global const REAL *B,
      ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong k0 = get_global_id(0) * slab, k1 = min(k0 + slab, K);
    const ulong ld = ROW(b);

    rows += t * M * K;
    B += at(b, t, 0, 0);
    sums += (get_global_id(0) * sizes.s3 + t) * M * N;
    for (ulong e = 0; e < M * N; e++)
        sums[e] = 0;

    ulong k = k0;
    for (; k + 8 <= k1; k += 8) {
        __global const REAL *from = B + k * ld;
        ulong j = 0;

        for (; j + 8 <= N; j += 8) {
            const REAL8 b0 = vload8(0, from + j), b1 = vload8(0, from + j + ld);
            const REAL8 b2 = vload8(0, from + j + 2 * ld);
            const REAL8 b3 = vload8(0, from + j + 3 * ld);
            const REAL8 b4 = vload8(0, from + j + 4 * ld);
            const REAL8 b5 = vload8(0, from + j + 5 * ld);
            const REAL8 b6 = vload8(0, from + j + 6 * ld);
            const REAL8 b7 = vload8(0, from + j + 7 * ld);

            for (ulong i = 0; i < M; i++) {
                __global const REAL *x = rows + i * K + k;
                REAL8 sum = vload8(0, sums + i * N + j);

                sum = mad((REAL8)x[0], b0, sum);
                sum = mad((REAL8)x[1], b1, sum);
                sum = mad((REAL8)x[2], b2, sum);
                sum = mad((REAL8)x[3], b3, sum);
                sum = mad((REAL8)x[4], b4, sum);
                sum = mad((REAL8)x[5], b5, sum);
                sum = mad((REAL8)x[6], b6, sum);
                sum = mad((REAL8)x[7], b7, sum);
                vstore8(sum, 0, sums + i * N + j);
            }
        }
        for (; j < N; j++)
            for (ulong i = 0; i < M; i++) {
                REAL sum = sums[i * N + j];

                for (ulong r = 0; r < 8; r++)
                    sum = mad(rows[i * K + k + r], from[r * ld + j], sum);
                sums[i * N + j] = sum;
            }
    }
    for (; k < k1; k++)
        for (ulong i = 0; i < M; i++)
            for (ulong j = 0; j < N; j++)
                sums[i * N + j] = mad(rows[i * K + k], B[k * ld + j], sums[i * N + j]);
}

/* One item takes one column of one slab for ROWS rows of A: dimension 0 is the column, 1
 * the slab and, within it, the block of rows. */
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
strip(ulong4 sizes, ulong slab, __global const REAL *rows, __global const REAL *B,
      ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong blocks = (M + ROWS - 1) / ROWS;
    const ulong s = get_global_id(1) / blocks, i0 = get_global_id(1) % blocks * ROWS;
    const ulong j = get_global_id(0);
    const ulong k0 = s * slab, k1 = min(k0 + slab, K);
    const uint count = min(M - i0, (ulong)ROWS);
    REAL sum[ROWS];

    if (j >= N)
        return;
    rows += (t * M + i0) * K;
    for (uint r = 0; r < ROWS; r++)
        sum[r] = 0;
    for (ulong k = k0; k < k1; k++) {
        const REAL x = B[at(b, t, k, j)];

        for (uint r = 0; r < ROWS; r++)
            if (r < count)
                sum[r] = mad(rows[r * K + k], x, sum[r]);
    }
    sums += ((s * sizes.s3 + t) * M + i0) * N + j;
    for (uint r = 0; r < ROWS; r++)
        if (r < count)
            sums[r * N] = sum[r];
}

/* One group takes one column of one slab for ROWS rows of A, its items every GROUP-th
 * vector of it: dimension 0 is column times GROUP, 1 slab and block of rows as above. */
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
dot_columns(ulong4 sizes, ulong slab, __global const REAL *rows, __global const REAL *B,
            ulong4 b, __global REAL *sums)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong blocks = (M + ROWS - 1) / ROWS;
    const ulong s = get_global_id(1) / blocks, i0 = get_global_id(1) % blocks * ROWS;
    const ulong j = get_group_id(0);
    const ulong k0 = s * slab, k1 = min(k0 + slab, K);
    const uint lane = get_local_id(0);
    const uint count = min(M - i0, (ulong)ROWS);
#if GROUP > 1
    __local REAL parts[GROUP];
#endif

    rows += (t * M + i0) * K;
    B += at(b, t, 0, j);
    sums += ((s * sizes.s3 + t) * M + i0) * N + j;
    for (uint r = 0; r < count; r++) {
        __global const REAL *x = rows + r * K;
        REAL8 even = 0, odd = 0;
        ulong k = k0 + lane * 16;

        for (; k + 16 <= k1; k += 16 * GROUP) {
            even = mad(vload8(0, x + k), vload8(0, B + k), even);
            odd = mad(vload8(0, x + k + 8), vload8(0, B + k + 8), odd);
        }
        even += odd;

        REAL4 four = even.lo + even.hi;
        REAL2 two = four.lo + four.hi;
        REAL sum = two.x + two.y;

        for (; k < k1; k++) /* the last vector, cut short, is one item's */
            sum = mad(x[k], B[k], sum);
#if GROUP > 1
        parts[lane] = sum;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint width = GROUP / 2; width > 0; width /= 2) {
            if (lane < width)
                parts[lane] += parts[lane + width];
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        sum = parts[0];
        barrier(CLK_LOCAL_MEM_FENCE);
#endif
        if (lane == 0)
            sums[r * N] = sum;
    }
}

/* Adds the slabs of one element in order, and finishes it. */
__kernel void reduce(ulong4 sizes, ulong slabs, __global const REAL *sums,
                     __global REAL *C, ulong4 c, REAL alpha, REAL beta,
                     __global const REAL *bias, ulong4 d)
{
    const ulong M = sizes.s0, N = sizes.s1;
    const ulong j = get_global_id(0), i = get_global_id(1), t = get_global_id(2);
    REAL sum = 0;

    if (j >= N)
        return;
    for (ulong s = 0; s < slabs; s++)
        sum += sums[((s * sizes.s3 + t) * M + i) * N + j];
    finish(C, at(c, t, i, j), alpha, sum, beta, bias, at(d, t, i, j));
}
