/* stream_lanes: C = activation(alpha * A @ B + beta * C + bias) with few rows     (REAL)
 * A is M x K with M small, B is K x N, C is M x N; one product per index of dimension 2.
 * What stream.cl does, for GPUs. B has contiguous rows or, with -DDOTS, contiguous columns.
 *
 *           tile of IN*RN columns
 *        +------+------+---       One group makes one tile of one slab of K, for RM rows.
 *     K  |      |      | slab 0   Its IN x IK items each keep RM x RN sums in registers,
 *        +------+------+---       IN of them side by side along the columns, IK along K,
 *        |      |      | slab 1   whose sums are then added in local memory. A's part is
 *        +------+------+---       put into local memory first, TK of K at a time, so its
 *                                 strides do not matter.
 *
 * Slabs' sums go to `sums` (slab, product, row, column; dense) and are added in order, by
 * `reduce` or, with -DONCE, by the last group of a tile. How K is cut depends on the
 * problem and the parameters alone, so the same inputs give the same bits on every run.
 *
 * Loads of B are VW wide and aligned. Where its first element is not, tiles (with DOTS,
 * slabs) begin `head` elements early; rows whose lengths are no multiple of VW need a
 * smaller VW, with which an item has its RN columns in more pieces, IN*VW apart, and
 * neighbours still read neighbouring addresses. Only items at an edge look at bounds.
 *
 * Needs  IN, IK, RM, RN, VW powers of 2, RN % VW == 0, TK % (IK*VW) == 0,
 *        (RM*TK + IN*RN*(IK+1)) * sizeof(REAL) + 4 of local memory.
 */
#ifndef IN
#define IN 32 /* items along columns                 (4, 8, 16, 32, 64) */
#endif
#ifndef IK
#define IK 8 /* items along K                       (4, 8, 16, 32, 64) */
#endif
#ifndef RM
#define RM 1 /* rows per item                       (1, 2, 4, 8, 16) */
#endif
#ifndef RN
#define RN 4 /* columns per item                    (1, 2, 4, 8) */
#endif
#ifndef VW
#define VW 1 /* elements of B per load              (1, 2, 4) */
#endif
#ifndef UK
#define UK 4 /* steps along K that are loaded before they are multiplied (1, 2, 4, 8) */
#endif
#ifndef TK
#define TK 256 /* of K of A in local memory           (64, 128, 256, 512) */
#endif

#if RN % VW != 0 || TK % (IK * VW) != 0
#error "stream_lanes: RN must be a multiple of VW, and TK of IK*VW"
#endif

#define ITEMS (IN * IK)
#define TILE (IN * RN)

/* ---- Vectors -------------------------------------------------------------------- */

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define WIDE1 REAL
#define WIDE2 REAL2
#define WIDE4 REAL4
#define WIDE(n) PASTE(WIDE, n)
#define SPREAD1(v, to) (to)[0] = (v)
#define SPREAD2(v, to) (to)[0] = (v).s0, (to)[1] = (v).s1
#define SPREAD4(v, to)                                                                 \
    (to)[0] = (v).s0, (to)[1] = (v).s1, (to)[2] = (v).s2, (to)[3] = (v).s3
#define SPREAD(n) PASTE(SPREAD, n)

/* VW elements of B. -DUNALIGNED: of memory lent by the host, which may begin anywhere. */
#if defined(UNALIGNED) && VW > 1
#define LOAD_B(p) PASTE(vload, VW)(0, p)
#else
#define LOAD_B(p) (*(__global const WIDE(VW) *)(p))
#endif

/* Rows of A in one load from local memory, 16 bytes at most. */
#ifdef REAL_IS_DOUBLE
#define WIDEST 2
#else
#define WIDEST 4
#endif
#if RM < WIDEST
#define RV RM
#else
#define RV WIDEST
#endif

/* ---- Visibility ------------------------------------------------------------------ */

/* ONCE needs the sums that one group wrote to be seen by another group of the same launch,
 * which OpenCL 1.2 does not promise: its mem_fence orders what one work-item does, and says
 * nothing about who sees it. So the host asks for ONCE only where it is known how:
 *   - llvmpipe: the CPU's coherent memory. (Not PoCL 3.1, which compiles the end of this
 *     kernel wrong: only some items get past the last barrier's conditions.)
 *   - NVIDIA (FAMILY 1): mem_fence may be no more than membar.cta; membar.gl is what CUDA's
 *     __threadfence is, whose documentation has this very reduction as its example.
 *   - AMD (FAMILY 2): mem_fence waits until stores are in L2, which all compute units
 *     share, and volatile loads pass by the nearer caches; newer compilers have a fence
 *     for the whole device ("agent").
 * Elsewhere `reduce` is a second launch, which always is enough. */
void fence_device(void)
{
#if FAMILY == 1
    __asm__ volatile("membar.gl;" ::: "memory");
#else
    mem_fence(CLK_GLOBAL_MEM_FENCE);
#endif
#if FAMILY == 2 && defined(__has_builtin)
#if __has_builtin(__builtin_amdgcn_fence)
    __builtin_amdgcn_fence(__ATOMIC_SEQ_CST, "agent");
#endif
#endif
}

/* ---- A slab ---------------------------------------------------------------------- */

/* depth <= TK elements of K of A, from k0 on, into local memory: [row][k] for DOTS, else
 * [k][row]. What is outside of A is 0. k0 may be negative. */
void stage(uint item, __global const REAL *A, ulong t, ulong4 a, ulong M, ulong K,
           ulong i0, long k0, __local REAL *x)
{
    const bool along_k = COLUMN(a) == 1;

    for (uint e = item; e < RM * TK; e += ITEMS) {
        const uint r = along_k ? e / TK : e % RM, k = along_k ? e % TK : e / RM;
        const long at_k = k0 + k;
        const bool inside = i0 + r < M && at_k >= 0 && at_k < (long)K;

#ifdef DOTS
        x[r * TK + k] = inside ? A[at(a, t, i0 + r, at_k)] : (REAL)0;
#else
        x[k * RM + r] = inside ? A[at(a, t, i0 + r, at_k)] : (REAL)0;
#endif
    }
}

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

/* depth rows of B, every IK-th of them; B is at the first one's column 0. */
INLINE void walk(__local const REAL *x, __global const REAL *B, ulong ld, uint depth, uint lane,
          long j, ulong N, REAL *sum)
{
    const ulong step = IK * ld;
    uint k = lane;

    B += lane * ld;
    if (j >= 0 && j + (RN / VW - 1) * (IN * VW) + VW <= (long)N) {
        B += j;
        for (; k + (UK - 1) * IK < depth; k += UK * IK) {
            REAL b[UK * RN];

#pragma unroll
            for (uint u = 0; u < UK; u++, B += step)
                load_row(B, b + u * RN);
#pragma unroll
            for (uint u = 0; u < UK; u++)
                multiply(x + (k + u * IK) * RM, b + u * RN, sum);
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
INLINE void load_columns(__global const REAL *B, ulong ld, long k, ulong j, ulong N, REAL *b)
{
#pragma unroll
    for (uint n = 0; n < RN; n++)
        SPREAD(VW)(LOAD_B(B + min(j + n * IN, N - 1) * ld + k), b + n * VW);
}

/* The same where they may begin before K, or end after it. */
INLINE void load_edge(__global const REAL *B, ulong ld, long k, ulong j, ulong N, ulong K,
               REAL *b)
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

/* depth elements of K from k0 on, in steps of VW, every IK-th of them. */
INLINE void walk(__local const REAL *x, __global const REAL *B, ulong ld, uint depth, uint lane,
          long k0, ulong j, ulong N, ulong K, REAL *sum)
{
    uint k = lane * VW;

    for (; k < depth; k += IK * VW) {
        REAL b[RN * VW];

        if (k0 + k >= 0)
            for (; k + ((UK - 1) * IK + 1) * VW <= depth; k += UK * IK * VW) {
                REAL c[UK * RN * VW];

#pragma unroll
                for (uint u = 0; u < UK; u++)
                    load_columns(B, ld, k0 + k + u * IK * VW, j, N, c + u * RN * VW);
#pragma unroll
                for (uint u = 0; u < UK; u++)
                    multiply(x + k + u * IK * VW, c + u * RN * VW, sum);
            }
        if (k < depth) {
            load_edge(B, ld, k0 + k, j, N, K, b);
            multiply(x + k, b, sum);
        }
    }
}
#endif

/* ---- A tile ---------------------------------------------------------------------- */

/* The sums of one of a tile's columns over all IK items: halved until 8 are left, then
 * one by one. All items of the group come here; parts is [column][lane]. */
void add_lanes(uint item, __local REAL *parts)
{
    for (uint width = IK / 2; width >= 8; width /= 2) {
        for (uint e = item; e < TILE * width; e += ITEMS) {
            __local REAL *part = parts + e / width * (IK + 1) + e % width;

            part[0] += part[width];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void
lanes(ulong4 sizes, ulong2 cut, __global const REAL *A, ulong4 a, __global const REAL *B,
      ulong4 b, volatile __global REAL *sums, volatile __global uint *arrived,
      __global REAL *C, ulong4 c, REAL alpha, REAL beta, __global const REAL *bias,
      ulong4 d, uint epilogue)
{
    __local REAL x[RM * TK] __attribute__((aligned(16)));
    __local REAL parts[TILE * (IK + 1)];
    __local uint is_last;
    REAL sum[RM * RN] = {0};

    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_global_id(2);
    const ulong slab = cut.s0, slabs = cut.s1, blocks = (M + RM - 1) / RM;
    const ulong s = get_group_id(1) / blocks, block = get_group_id(1) % blocks;
    const ulong i0 = block * RM;
    const uint item = get_local_id(0);
    const uint head = OFFSET(b) % VW;
#ifdef DOTS
    const uint lane = item % IK, column = item / IK;
    const long j0 = get_group_id(0) * (ulong)TILE;
    const long first = (long)(s * slab) - head;
    const long end = s + 1 < slabs ? first + (long)slab : (long)K;
#else
    const uint lane = item / IN, column = item % IN * VW;
    const long j0 = (long)(get_group_id(0) * (ulong)TILE) - head;
    const long first = s * slab;
    const long end = min((ulong)first + slab, K);
#endif

    B += at(b, t, 0, 0);
    for (long k0 = first; k0 < end; k0 += TK) {
        const uint depth = min((long)TK, end - k0);

        barrier(CLK_LOCAL_MEM_FENCE);
        stage(item, A, t, a, M, K, i0, k0, x);
        barrier(CLK_LOCAL_MEM_FENCE);
#ifdef DOTS
        walk(x, B, COLUMN(b), depth, lane, k0, j0 + column, N, K, sum);
#else
        walk(x, B + k0 * ROW(b), ROW(b), depth, lane, j0 + column, N, sum);
#endif
    }

    /* Not unrolled: what has barriers may not be. So the row is found by comparing, as a
     * variable index would put `sum` into memory. */
    for (uint r = 0; r < RM; r++) {
        barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
        for (uint n = 0; n < RN; n++) {
#ifdef DOTS
            const uint at_n = column + n * IN;
#else
            const uint at_n = column + n / VW * (IN * VW) + n % VW;
#endif
            REAL mine = sum[n];

#pragma unroll
            for (uint q = 1; q < RM; q++)
                mine = q == r ? sum[q * RN + n] : mine;
            parts[at_n * (IK + 1) + lane] = mine;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        add_lanes(item, parts);
        for (uint e = item; e < TILE; e += ITEMS) {
            const ulong i = i0 + r;
            const long j = j0 + e;
            REAL total = parts[e * (IK + 1)];

            for (uint l = 1; l < min(IK, 8); l++)
                total += parts[e * (IK + 1) + l];
            if (i < M && j >= 0 && j < (long)N) {
                if (slabs == 1)
                    finish(C, at(c, t, i, j), alpha, total, beta, bias,
                           at(d, t, i, j), epilogue);
                else
                    sums[((s * sizes.s3 + t) * M + i) * N + j] = total;
            }
        }
    }
#ifdef ONCE
    arrived += (t * blocks + block) * get_num_groups(0) + get_group_id(0);
    fence_device();
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    if (item == 0) {
        is_last = atomic_inc(arrived) == slabs - 1;
        if (is_last)
            atomic_xchg(arrived, 0); /* as the next launch wants it */
        fence_device();
    }
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    for (uint e = item; is_last && e < RM * TILE; e += ITEMS) {
        const ulong i = i0 + e / TILE;
        const long j = j0 + e % TILE;

        if (i < M && j >= 0 && j < (long)N) {
            volatile __global REAL *from = sums + (t * M + i) * N + j;
            REAL total = from[0];

            for (ulong l = 1; l < slabs; l++)
                total += from[l * sizes.s3 * M * N];
            finish(C, at(c, t, i, j), alpha, total, beta, bias, at(d, t, i, j),
                   epilogue);
        }
    }
#endif
}

#include "reduce.cl"
