/* tile: C = activation(alpha * A @ B + beta * C + bias)            f32 or f64 (REAL)
 * A is M x K, B is K x N, C is M x N; any strides; a product per index of the batch.
 *
 *            N                     One work-group makes one TM x TN tile of C and
 *        +-------+                 walks K in steps of TK through local memory; one
 *     K  |   B   |                 work-item keeps RM x RN of it in registers. These
 *        +-------+                 are vectors of VW rows and columns, spread over
 *  K                               the tile: neighbouring items read neighbouring
 * +--+   +-------+                 vectors of local memory and of C.
 * |A | M |   C   |
 * +--+   +-------+                 beta == 0 never reads C.
 *
 * The loop over K has no edge to look at. Rows and columns beyond the matrix are its last
 * ones again, whose sums nobody stores; the first step is the short one, filled up with
 * zeros, so that all others are whole. What the next step needs is on its way from memory
 * into registers while this one is multiplied, and then goes to local memory.
 *
 * How operands may be loaded is a fact of the problem (tile.c):
 *   A_ALONG_K, B_ALONG_K   neighbouring items load neighbours along K, or else along the
 *                          rows of A (columns of B): whichever is contiguous
 *   A_VECTOR, B_VECTOR     and in vectors of VW: aligned, and whole to the end of the
 *                          matrix
 *   C_VECTOR               so for the rows of C
 *
 * Needs  (TM + TN + 2 * PAD) * TK * BUFFERS * sizeof(REAL) of local memory, and
 * (TM/RM) * (TN/RN) work-items per group.
 */
#ifndef TM
#define TM 64 /* rows of C per work-group           (4, 16, 32, 64, 128, 256) */
#endif
#ifndef TN
#define TN 64 /* columns of C per work-group        (4, 16, 32, 64, 128, 256) */
#endif
#ifndef TK
#define TK 16 /* how much of K is in local memory   (4, 8, 16, 32) */
#endif
#ifndef RM
#define RM 4 /* rows of C per work-item            (2, 4, 8) */
#endif
#ifndef RN
#define RN 4 /* columns of C per work-item         (2, 4, 8) */
#endif
#ifndef VW
#define VW 4 /* width of vectors, in elements      (1, 2, 4) */
#endif
#ifndef BUFFERS
#define BUFFERS 2 /* 2: a step is stored while another is read; one barrier less   (1, 2) */
#endif
#ifndef UNROLL
#define UNROLL 2 /* of these TK, multiplied in one turn of a loop; more take more registers
                    (1, 2, 4, 8) */
#endif
#ifndef PAD
#define PAD 0 /* elements after each row in local memory, against bank conflicts   (0, VW) */
#endif
#ifndef GROUP_ROWS
#define GROUP_ROWS 8 /* tiles of a column that groups make one after another: they share B
                        in the cache              (1, 2, 4, 8, 16) */
#endif
#ifndef A_ALONG_K
#define A_ALONG_K 1
#endif
#ifndef B_ALONG_K
#define B_ALONG_K 0
#endif

#define ITEMS_M (TM / RM)
#define ITEMS_N (TN / RN)
#define ITEMS (ITEMS_M * ITEMS_N)
#define ROW_A (TM + PAD)
#define ROW_B (TN + PAD)

#if TM % RM != 0 || TN % RN != 0
#error "tile: TM must be a multiple of RM, and TN of RN"
#endif
#if RM % VW != 0 || RN % VW != 0 || TK % VW != 0 || PAD % VW != 0
#error "tile: RM, RN, TK and PAD must be multiples of VW"
#endif
#if TM * TK % (ITEMS * VW) != 0 || TN * TK % (ITEMS * VW) != 0
#error "tile: each item must load whole vectors, and as many as the others"
#endif
#if TK % UNROLL != 0
#error "tile: TK must be a multiple of UNROLL"
#endif
#if BUFFERS != 1 && BUFFERS != 2
#error "tile: BUFFERS must be 1 or 2"
#endif

/* SPREAD puts the elements of a vector into an array, with `step` from one to the next;
 * GATHER makes a vector of those of an array. */
#if VW == 1
#define VEC REAL
#define SPREAD(v, to, step) (to)[0] = (v);
#define GATHER(from) ((from)[0])
#elif VW == 2
#define VEC REAL2
#define SPREAD(v, to, step) (to)[0] = (v).s0, (to)[step] = (v).s1;
#define GATHER(from) ((VEC)((from)[0], (from)[1]))
#elif VW == 4
#define VEC REAL4
#define SPREAD(v, to, step)                                                            \
    (to)[0] = (v).s0, (to)[step] = (v).s1, (to)[2 * (step)] = (v).s2,                  \
    (to)[3 * (step)] = (v).s3;
#define GATHER(from) ((VEC)((from)[0], (from)[1], (from)[2], (from)[3]))
#else
#error "tile: VW must be 1, 2 or 4"
#endif

/* A_VECTOR etc. say that vectors are aligned; on a CPU, whose memory may be its caller's,
 * they are to their elements only. */
#ifdef UNALIGNED
#if VW == 1
#define READ(p) (*(p))
#define WRITE(v, p) *(p) = (v)
#elif VW == 2
#define READ(p) vload2(0, p)
#define WRITE(v, p) vstore2(v, 0, p)
#else
#define READ(p) vload4(0, p)
#define WRITE(v, p) vstore4(v, 0, p)
#endif
#else
#define READ(p) (*(__global const VEC *)(p))
#define WRITE(v, p) *(__global VEC *)(p) = (v)
#endif

/* Elements in a piece that is loaded at a time, and from one to the next of a row of A
 * (column of B), from one k to the next: what vectors lie along is contiguous. */
#ifdef A_VECTOR
#define A_WIDTH VW
#else
#define A_WIDTH 1
#endif
#ifdef B_VECTOR
#define B_WIDTH VW
#else
#define B_WIDTH 1
#endif
#if defined(A_VECTOR) && A_ALONG_K
#define A_STEP 1
#else
#define A_STEP COLUMN(a)
#endif
#if defined(B_VECTOR) && B_ALONG_K
#define B_STEP 1
#else
#define B_STEP ROW(b)
#endif

/* All of these must become part of the kernel, or arrays would stay in memory. */
#define PART static __attribute__((always_inline))

/* ---- Loading -------------------------------------------------------------------- */

/* What a tile of A or B is made of, for one item: pieces of `width` elements. Piece p is
 * number item + p * ITEMS of the tile, `length` rows of A (columns of B) by TK; it begins
 * in row row_of, at k_of. All but `item` are constants. */
PART uint row_of(uint item, uint p, uint length, uint width, bool along_k)
{
    const uint e = item + p * ITEMS;

    return along_k ? e / (TK / width) : e % (length / width) * width;
}

PART uint k_of(uint item, uint p, uint length, uint width, bool along_k)
{
    const uint e = item + p * ITEMS;

    return along_k ? e % (TK / width) * width : e / (length / width);
}

/* One piece into registers; zeros if it is not there. */
PART void load(__global const REAL *from, uint width, bool there, REAL *to)
{
    if (width == 1) {
        to[0] = there ? from[0] : (REAL)0;
    } else {
        VEC v = 0;

        if (there)
            v = READ(from);
        SPREAD(v, to, 1)
    }
}

/* Where each piece of the first step comes from. `x` is at the tile's first element;
 * `inside` rows from there on are in the matrix. */
PART void find(__global const REAL *x, ulong along_rows, ulong along_depth, ulong inside,
               uint item, uint length, uint width, bool along_k,
               __global const REAL **from)
{
#pragma unroll
    for (uint p = 0; p < length * TK / ITEMS / width; p++) {
        const ulong row = row_of(item, p, length, width, along_k);
        const ulong k = k_of(item, p, length, width, along_k);
        const ulong last = inside - (along_k ? 1 : width);

        from[p] = x + min(row, last) * along_rows + k * along_depth;
    }
}

/* The first step: `depth` of it is there. */
PART void fetch_first(uint item, uint length, uint width, bool along_k, uint depth,
                      ulong along_depth, __global const REAL **from, REAL *stage)
{
#pragma unroll
    for (uint p = 0; p < length * TK / ITEMS / width; p++) {
        load(from[p], width, k_of(item, p, length, width, along_k) < depth,
             stage + p * width);
        from[p] += depth * along_depth;
    }
}

PART void fetch(uint length, uint width, ulong step, __global const REAL **from,
                REAL *stage)
{
#pragma unroll
    for (uint p = 0; p < length * TK / ITEMS / width; p++) {
        load(from[p], width, true, stage + p * width);
        from[p] += step;
    }
}

/* Into local memory, where the TK rows of a tile are `row` apart: A is transposed there,
 * so that what an item needs for one k is contiguous in both. */
PART void put(uint item, uint length, uint width, bool along_k, uint row,
              const REAL *stage, __local VEC *tile)
{
    __local REAL *to = (__local REAL *)tile;

#pragma unroll
    for (uint p = 0; p < length * TK / ITEMS / width; p++) {
        const uint i = row_of(item, p, length, width, along_k);
        const uint k = k_of(item, p, length, width, along_k);

        if (width == 1) {
            to[k * row + i] = stage[p];
        } else {
            const VEC v = GATHER(stage + p * VW);

            if (along_k)
                SPREAD(v, to + k * row + i, row)
            else
                tile[(k * row + i) / VW] = v;
        }
    }
}

/* ---- Multiplying ---------------------------------------------------------------- */

/* sum += one step; `a` and `b` are at the item's first vectors. */
PART void multiply(__local const VEC *a, __local const VEC *b, VEC sum[RM][RN / VW])
{
#pragma unroll UNROLL
    for (uint k = 0; k < TK; k++) {
        REAL x[RM];
        VEC y[RN / VW];

#pragma unroll
        for (uint v = 0; v < RM / VW; v++) {
            const VEC rows = a[k * (ROW_A / VW) + v * ITEMS_M];

            SPREAD(rows, x + v * VW, 1)
        }
#pragma unroll
        for (uint v = 0; v < RN / VW; v++)
            y[v] = b[k * (ROW_B / VW) + v * ITEMS_N];
#pragma unroll
        for (uint r = 0; r < RM; r++)
#pragma unroll
            for (uint v = 0; v < RN / VW; v++)
                sum[r][v] += x[r] * y[v];
    }
}

/* Which tile a group makes, in x the column and in y the row: GROUP_ROWS rows at a time,
 * column by column. */
PART uint2 tile_of(uint group, uint tiles_m, uint tiles_n)
{
    const uint band = group / (GROUP_ROWS * tiles_n), first = band * GROUP_ROWS;
    const uint rows = min(tiles_m - first, (uint)GROUP_ROWS);
    const uint in_band = group - first * tiles_n;

    return (uint2)(in_band / rows, first + in_band % rows);
}

/* One group: tile by tile, then slab by slab of K, then product by product, all in
 * dimension 0. With several slabs C is the sums of each, (slab, product, row, column). */
__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void
tile(ulong4 sizes, ulong slab, __global const REAL *A, ulong4 a, __global const REAL *B,
     ulong4 b, __global REAL *C, ulong4 c, REAL alpha, REAL beta,
     __global const REAL *bias, ulong4 d, uint epilogue)
{
    __local VEC a_tile[BUFFERS][TK * ROW_A / VW];
    __local VEC b_tile[BUFFERS][TK * ROW_B / VW];
    __global const REAL *a_from[TM * TK / ITEMS / A_WIDTH];
    __global const REAL *b_from[TN * TK / ITEMS / B_WIDTH];
    REAL a_stage[TM * TK / ITEMS], b_stage[TN * TK / ITEMS];
    VEC sum[RM][RN / VW];

    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2;
    const uint tiles_m = (M + TM - 1) / TM, tiles_n = (N + TN - 1) / TN;
    const uint tiles = tiles_m * tiles_n;
    const ulong part = get_group_id(0) / tiles, slabs = (K + slab - 1) / slab;
    const uint2 which = tile_of(get_group_id(0) % tiles, tiles_m, tiles_n);
    const ulong s = part % slabs, t = part / slabs;
    const ulong i0 = which.y * (ulong)TM, j0 = which.x * (ulong)TN;
    const ulong k0 = s * slab, depth = min(slab, K - k0);
    const uint first = (depth - 1) % TK + 1;

    const uint item = get_local_id(0), x = item % ITEMS_N, y = item / ITEMS_N;

#pragma unroll
    for (uint r = 0; r < RM; r++)
#pragma unroll
        for (uint v = 0; v < RN / VW; v++)
            sum[r][v] = 0;

    find(A + at(a, t, i0, k0), ROW(a), A_STEP, M - i0, item, TM, A_WIDTH, A_ALONG_K,
         a_from);
    find(B + at(b, t, k0, j0), COLUMN(b), B_STEP, N - j0, item, TN, B_WIDTH, B_ALONG_K,
         b_from);
    fetch_first(item, TM, A_WIDTH, A_ALONG_K, first, A_STEP, a_from, a_stage);
    fetch_first(item, TN, B_WIDTH, B_ALONG_K, first, B_STEP, b_from, b_stage);
    put(item, TM, A_WIDTH, A_ALONG_K, ROW_A, a_stage, a_tile[0]);
    put(item, TN, B_WIDTH, B_ALONG_K, ROW_B, b_stage, b_tile[0]);
    barrier(CLK_LOCAL_MEM_FENCE);

    uint now = 0;

    for (uint left = (depth - first) / TK; left > 0; left--) {
        fetch(TM, A_WIDTH, TK * A_STEP, a_from, a_stage);
        fetch(TN, B_WIDTH, TK * B_STEP, b_from, b_stage);
        multiply(a_tile[now] + y, b_tile[now] + x, sum);
#if BUFFERS == 1
        barrier(CLK_LOCAL_MEM_FENCE);
#else
        now ^= 1;
#endif
        put(item, TM, A_WIDTH, A_ALONG_K, ROW_A, a_stage, a_tile[now]);
        put(item, TN, B_WIDTH, B_ALONG_K, ROW_B, b_stage, b_tile[now]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    multiply(a_tile[now] + y, b_tile[now] + x, sum);

    /* Row by row: the row to finish is always the first and the others move up, so that
     * sums stay in registers though the loop, with an epilogue in it, is not unrolled. */
#ifdef EPILOGUE
#pragma unroll 1
#else
#pragma unroll
#endif
    for (uint r = 0; r < RM; r++) {
        const ulong i = i0 + (r / VW * ITEMS_M + y) * VW + r % VW;

#pragma unroll
        for (uint v = 0; v < RN / VW; v++) {
            const ulong j = j0 + (v * ITEMS_N + x) * VW;
            const ulong c_at = at(c, t + s * sizes.s3, i, j);

#ifdef C_VECTOR
            if (!epilogue) {
                if (i < M && j < N) {
                    VEC result = alpha * sum[0][v];

                    if (beta != 0)
                        result += beta * READ(C + c_at);
                    WRITE(result, C + c_at);
                }
                continue;
            }
#endif
            REAL row[VW];

            SPREAD(sum[0][v], row, 1)
#pragma unroll
            for (uint e = 0; e < VW; e++)
                if (i < M && j + e < N)
                    finish(C, c_at + e * COLUMN(c), alpha, row[e], beta, bias,
                           at(d, t, i, j + e), epilogue);
        }
#pragma unroll
        for (uint up = 1; up < RM; up++)
#pragma unroll
            for (uint v = 0; v < RN / VW; v++)
                sum[up - 1][v] = sum[up][v];
    }
}

#include "reduce.cl"
