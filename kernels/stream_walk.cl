/* stream_walk: an item's part of a slab of stream_lanes.cl, which includes it: what it reads
 * of B, IK rows of it (with DOTS, vectors along K) apart, times A's rows in local memory.
 *
 * The next UK steps are asked for before these are multiplied. Loaded and multiplied in the
 * same turn of the loop, ptxas moves each load down to where it is used, and then waits for
 * it on its own (docs/decisions.md).
 */

#ifndef DOTS
/* One step of K: b's RN columns times RM rows. */
INLINE void multiply(__local const REAL *x, const REAL *b, REAL *sum)
{
    REAL a[RM];

#pragma unroll
    for (uint r = 0; r < RM; r += RV)
        SPREAD(RV)(*(__local const WIDE(RV) *)(x + r), a + r);
#pragma unroll
    for (uint r = 0; r < RM; r++)
#pragma unroll
        for (uint n = 0; n < RN; n++)
            sum[r * RN + n] += a[r] * b[n];
}

/* An item's columns of a row of B: all of them are there. */
INLINE void load_row(__global const REAL *row, REAL *b)
{
#pragma unroll
    for (uint n = 0; n < RN; n += VW)
        SPREAD(VW)(LOAD_B(row + n * IN), b + n);
}

/* The same at an edge: j is the first one's column. */
INLINE void load_edge(__global const REAL *row, long j, ulong N, REAL *b)
{
#pragma unroll
    for (uint n = 0; n < RN; n++) {
        const long at_j = j + n / VW * (IN * VW) + n % VW;

        b[n] = at_j >= 0 && at_j < (long)N ? row[at_j] : (REAL)0;
    }
}

/* UK of an item's rows of B, `step` elements apart. */
INLINE void load_rows(__global const REAL *row, ulong step, REAL *b)
{
#pragma unroll
    for (uint u = 0; u < UK; u++)
        load_row(row + u * step, b + u * RN);
}

INLINE void multiply_rows(__local const REAL *x, uint k, const REAL *b, REAL *sum)
{
#pragma unroll
    for (uint u = 0; u < UK; u++)
        multiply(x + (k + u * IK) * RM, b + u * RN, sum);
}

/* depth rows of B, every IK-th of them; B is at the first one's column 0. */
INLINE void walk(__local const REAL *x, __global const REAL *B, ulong ld, uint depth,
                 uint lane, long j, ulong N, REAL *sum)
{
    const ulong step = IK * ld;
    uint k = lane;

    B += lane * ld;
    if (j >= 0 && j + (RN / VW - 1) * (IN * VW) + VW <= (long)N) {
        B += j;
        if (k + (UK - 1) * IK < depth) {
            REAL b[UK * RN];

            load_rows(B, step, b);
            for (; k + (2 * UK - 1) * IK < depth; k += UK * IK) {
                REAL next[UK * RN];

                B += UK * step;
                load_rows(B, step, next);
                multiply_rows(x, k, b, sum);
#pragma unroll
                for (uint n = 0; n < UK * RN; n++)
                    b[n] = next[n];
            }
            multiply_rows(x, k, b, sum);
            B += UK * step;
            k += UK * IK;
        }
        for (; k < depth; k += IK, B += step) {
            REAL b[RN];

            load_row(B, b);
            multiply(x + k * RM, b, sum);
        }
    }
    for (; k < depth; k += IK, B += step) {
        REAL b[RN];

        load_edge(B, j, N, b);
        multiply(x + k * RM, b, sum);
    }
}

#else
/* VW elements of K: RN columns (at b) times RM rows (at x). */
INLINE void multiply(__local const REAL *x, const REAL *b, REAL *sum)
{
#pragma unroll
    for (uint r = 0; r < RM; r++) {
        REAL a[VW];

        SPREAD(VW)(*(__local const WIDE(VW) *)(x + r * TK), a);
#pragma unroll
        for (uint n = 0; n < RN; n++)
#pragma unroll
            for (uint v = 0; v < VW; v++)
                sum[r * RN + n] += a[v] * b[n * VW + v];
    }
}

/* VW elements of an item's columns, from k on. Columns beyond the last are the last one
 * again: nobody stores their sums. */
INLINE void load_columns(__global const REAL *B, ulong ld, long k, ulong j, ulong N,
                         REAL *b)
{
#pragma unroll
    for (uint n = 0; n < RN; n++)
        SPREAD(VW)(LOAD_B(B + min(j + n * IN, N - 1) * ld + k), b + n * VW);
}

/* The same where they may begin before K, or end after it. */
INLINE void load_edge(__global const REAL *B, ulong ld, long k, ulong j, ulong N,
                      ulong K, REAL *b)
{
    if (k >= 0 && k + VW <= (long)K) {
        load_columns(B, ld, k, j, N, b);
        return;
    }
#pragma unroll
    for (uint n = 0; n < RN; n++)
#pragma unroll
        for (uint v = 0; v < VW; v++)
            b[n * VW + v] = k + v >= 0 && k + v < (long)K
                                ? B[min(j + n * IN, N - 1) * ld + k + v]
                                : (REAL)0;
}

/* UK of an item's steps along K, from k on. */
INLINE void load_steps(__global const REAL *B, ulong ld, long k, ulong j, ulong N,
                       REAL *b)
{
#pragma unroll
    for (uint u = 0; u < UK; u++)
        load_columns(B, ld, k + u * IK * VW, j, N, b + u * RN * VW);
}

INLINE void multiply_steps(__local const REAL *x, const REAL *b, REAL *sum)
{
#pragma unroll
    for (uint u = 0; u < UK; u++)
        multiply(x + u * IK * VW, b + u * RN * VW, sum);
}

/* depth elements of K from k0 on, in steps of VW, every IK-th of them. */
INLINE void walk(__local const REAL *x, __global const REAL *B, ulong ld, uint depth,
                 uint lane, long k0, ulong j, ulong N, ulong K, REAL *sum)
{
    uint k = lane * VW;

    for (; k < depth; k += IK * VW) {
        REAL b[RN * VW];

        if (k0 + k >= 0 && k + ((UK - 1) * IK + 1) * VW <= depth) {
            REAL c[UK * RN * VW];

            load_steps(B, ld, k0 + k, j, N, c);
            for (; k + ((2 * UK - 1) * IK + 1) * VW <= depth; k += UK * IK * VW) {
                REAL next[UK * RN * VW];

                load_steps(B, ld, k0 + k + UK * IK * VW, j, N, next);
                multiply_steps(x + k, c, sum);
#pragma unroll
                for (uint n = 0; n < UK * RN * VW; n++)
                    c[n] = next[n];
            }
            multiply_steps(x + k, c, sum);
            k += UK * IK * VW;
        }
        if (k < depth) {
            load_edge(B, ld, k0 + k, j, N, K, b);
            multiply(x + k, b, sum);
        }
    }
}
#endif
