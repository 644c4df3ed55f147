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
#define VECTORS (RM * RN / VW)
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

/* From a tile's first element to a piece, in bytes: base and distance are then one address
 * to GPUs, and the base is the same for all items. FAR: strides are beyond 32 bits. */
#ifdef FAR
#define DISTANCE ulong
#else
#define DISTANCE uint
#endif

#define A_PIECES (TM * TK / ITEMS / A_WIDTH)
#define B_PIECES (TN * TK / ITEMS / B_WIDTH)

/* ---- Loading -------------------------------------------------------------------- */

/* What a tile of A or B is made of, for one item: pieces of `width` elements. Piece p is
 * number item + p * ITEMS of the tile, `length` rows of A (columns of B) by TK; it begins
 * in row row_of, at k_of. All but `item` are constants. */
INLINE uint row_of(uint item, uint p, uint length, uint width, bool along_k)
{
    const uint e = item + p * ITEMS;

    return along_k ? e / (TK / width) : e % (length / width) * width;
}

INLINE uint k_of(uint item, uint p, uint length, uint width, bool along_k)
{
    const uint e = item + p * ITEMS;

    return along_k ? e % (TK / width) * width : e / (length / width);
}

/* How far it is from the tile's first element to piece p; `inside` rows of the tile are in
 * the matrix. */
INLINE DISTANCE place(ulong along_rows, ulong along_depth, ulong inside, uint item, uint p,
                    uint length, uint width, bool along_k)
{
    const ulong row = row_of(item, p, length, width, along_k);
    const ulong k = k_of(item, p, length, width, along_k);
    const ulong last = inside - (along_k ? 1 : width);

    return (min(row, last) * along_rows + k * along_depth) * sizeof(REAL);
}

/* One piece into registers; zeros if it is not there. */
INLINE void load(__global const REAL *tile, DISTANCE at, uint width, bool there, REAL *to)
{
    __global const REAL *from =
        (__global const REAL *)((__global const char *)tile + at);

    if (width == 1) {
        to[0] = there ? from[0] : (REAL)0;
    } else {
        VEC v = 0;

        if (there)
            v = READ(from);
        SPREAD(v, to, 1)
    }
}

/* One piece into local memory, where the TK rows of a tile are `row` apart: A is transposed
 * there, so that what an item needs for one k is contiguous in both. */
INLINE void put(uint item, uint p, uint length, uint width, bool along_k, uint row,
              const REAL *piece, __local VEC *tile)
{
    const uint i = row_of(item, p, length, width, along_k);
    const uint k = k_of(item, p, length, width, along_k);
    __local REAL *to = (__local REAL *)tile + k * row + i;

    if (width == 1) {
        to[0] = piece[0];
    } else {
        const VEC v = GATHER(piece);

        if (along_k)
            SPREAD(v, to, row)
        else
            *(__local VEC *)to = v;
    }
}

/* What an item loads of one step, piece by piece. Bounds must be constants here: compilers
 * unroll these loops before they become part of the kernel, or not at all. */
INLINE void place_a(ulong4 a, ulong inside, uint item, DISTANCE *at)
{
#pragma unroll
    for (uint p = 0; p < A_PIECES; p++)
        at[p] = place(ROW(a), A_STEP, inside, item, p, TM, A_WIDTH, A_ALONG_K);
}

INLINE void place_b(ulong4 b, ulong inside, uint item, DISTANCE *at)
{
#pragma unroll
    for (uint p = 0; p < B_PIECES; p++)
        at[p] = place(COLUMN(b), B_STEP, inside, item, p, TN, B_WIDTH, B_ALONG_K);
}

/* `depth` of the step's TK is there. */
INLINE void fetch_a(__global const REAL *tile, const DISTANCE *at, uint item, uint depth,
                  REAL *stage)
{
#pragma unroll
    for (uint p = 0; p < A_PIECES; p++)
        load(tile, at[p], A_WIDTH, k_of(item, p, TM, A_WIDTH, A_ALONG_K) < depth,
             stage + p * A_WIDTH);
}

INLINE void fetch_b(__global const REAL *tile, const DISTANCE *at, uint item, uint depth,
                  REAL *stage)
{
#pragma unroll
    for (uint p = 0; p < B_PIECES; p++)
        load(tile, at[p], B_WIDTH, k_of(item, p, TN, B_WIDTH, B_ALONG_K) < depth,
             stage + p * B_WIDTH);
}

INLINE void put_a(uint item, const REAL *stage, __local VEC *tile)
{
#pragma unroll
    for (uint p = 0; p < A_PIECES; p++)
        put(item, p, TM, A_WIDTH, A_ALONG_K, ROW_A, stage + p * A_WIDTH, tile);
}

INLINE void put_b(uint item, const REAL *stage, __local VEC *tile)
{
#pragma unroll
    for (uint p = 0; p < B_PIECES; p++)
        put(item, p, TN, B_WIDTH, B_ALONG_K, ROW_B, stage + p * B_WIDTH, tile);
}

/* ---- Multiplying ---------------------------------------------------------------- */

/* sum += one step; `a` and `b` are at the item's first vectors. */
INLINE void multiply(__local const VEC *a, __local const VEC *b, VEC sum[VECTORS])
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
                sum[r * (RN / VW) + v] += x[r] * y[v];
    }
}

/* Loops over results: unrolled, unless there is an epilogue in them. The one to finish is
 * then always the first, and the others move up, so that they stay in registers. */
#ifdef EPILOGUE
#define ONCE _Pragma("unroll 1")
#else
#define ONCE _Pragma("unroll")
#endif

/* A vector of a row of C, `inside` of it in the matrix. */
INLINE void finish_vector(__global REAL *C, ulong c_at, ulong c_step, ulong inside,
                        REAL alpha, VEC sum, REAL beta, __global const REAL *bias,
                        ulong d_at, ulong d_step, uint epilogue)
{
    REAL one[VW];

#ifdef C_VECTOR
    if (!epilogue) {
        VEC result = alpha * sum;

        if (beta != 0)
            result += beta * READ(C + c_at);
        WRITE(result, C + c_at);
        return;
    }
#endif
    SPREAD(sum, one, 1)
    ONCE
    for (uint e = 0; e < VW; e++) {
        if (e < inside)
            finish(C, c_at + e * c_step, alpha, one[0], beta, bias, d_at + e * d_step,
                   epilogue);
#pragma unroll
        for (uint up = 1; up < VW; up++)
            one[up - 1] = one[up];
    }
}

/* Which tile a group makes, in x the column and in y the row: GROUP_ROWS rows at a time,
 * column by column. */
INLINE uint2 tile_of(uint group, uint tiles_m, uint tiles_n)
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
    DISTANCE a_at[A_PIECES], b_at[B_PIECES];
    REAL a_stage[TM * TK / ITEMS], b_stage[TN * TK / ITEMS];
    VEC sum[VECTORS];

    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2;
    const uint tiles_m = (M + TM - 1) / TM, tiles_n = (N + TN - 1) / TN;
    const uint tiles = tiles_m * tiles_n;
    const uint part = (uint)get_group_id(0) / tiles, slabs = (K + slab - 1) / slab;
    const uint2 which = tile_of((uint)get_group_id(0) % tiles, tiles_m, tiles_n);
    const uint s = part % slabs, t = part / slabs;
    const ulong i0 = which.y * (ulong)TM, j0 = which.x * (ulong)TN;
    const ulong k0 = s * slab, depth = min(slab, K - k0);
    const uint first = (depth - 1) % TK + 1;

    const uint item = get_local_id(0), x = item % ITEMS_N, y = item / ITEMS_N;

#pragma unroll
    for (uint n = 0; n < VECTORS; n++)
        sum[n] = 0;

    A += at(a, t, i0, k0);
    B += at(b, t, k0, j0);
    place_a(a, M - i0, item, a_at);
    place_b(b, N - j0, item, b_at);
    fetch_a(A, a_at, item, first, a_stage);
    fetch_b(B, b_at, item, first, b_stage);
    A += first * A_STEP;
    B += first * B_STEP;
    put_a(item, a_stage, a_tile[0]);
    put_b(item, b_stage, b_tile[0]);
    barrier(CLK_LOCAL_MEM_FENCE);

    uint now = 0;

    for (uint left = (depth - first) / TK; left > 0; left--) {
        fetch_a(A, a_at, item, TK, a_stage);
        fetch_b(B, b_at, item, TK, b_stage);
        A += TK * A_STEP;
        B += TK * B_STEP;
        multiply(a_tile[now] + y, b_tile[now] + x, sum);
#if BUFFERS == 1
        barrier(CLK_LOCAL_MEM_FENCE);
#else
        now ^= 1;
#endif
        put_a(item, a_stage, a_tile[now]);
        put_b(item, b_stage, b_tile[now]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    multiply(a_tile[now] + y, b_tile[now] + x, sum);

    ONCE
    for (uint n = 0; n < VECTORS; n++) {
        const uint r = n / (RN / VW), v = n % (RN / VW);
        const ulong i = i0 + (r / VW * ITEMS_M + y) * VW + r % VW;
        const ulong j = j0 + (v * ITEMS_N + x) * VW;

        if (i < M && j < N)
            finish_vector(C, at(c, t + s * sizes.s3, i, j), COLUMN(c), N - j, alpha,
                          sum[0], beta, bias, at(d, t, i, j), COLUMN(d), epilogue);
#pragma unroll
        for (uint up = 1; up < VECTORS; up++)
            sum[up - 1] = sum[up];
    }
}

#include "reduce.cl"
