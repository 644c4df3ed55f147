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

/* Loads that are asked for before one of them is waited for. */
#define STAGED (RM * TK < ITEMS ? 1 : RM * TK < 8 * ITEMS ? RM * TK / ITEMS : 8)

/* TK elements of K of A, from k0 on, into local memory: [row][k] for DOTS, else [k][row].
 * What is outside of A is 0. k0 may be negative. Nobody branches before a load, which
 * would wait for the load before: what is outside is read from A's edge and left. */
void stage(uint item, __global const REAL *A, ulong t, ulong4 a, ulong M, ulong K,
           ulong i0, long k0, __local REAL *x)
{
    const bool along_k = COLUMN(a) == 1;

    for (uint first = item; first < RM * TK; first += STAGED * ITEMS) {
        REAL staged[STAGED];

#pragma unroll
        for (uint s = 0; s < STAGED; s++) {
            const uint e = first + s * ITEMS;
            const ulong i = i0 + (along_k ? e / TK : e % RM);
            const long k = k0 + (along_k ? e % TK : e / RM);
            const REAL value =
                A[at(a, t, min(i, M - 1), (ulong)clamp(k, (long)0, (long)K - 1))];

            staged[s] = i < M && k >= 0 && k < (long)K ? value : (REAL)0;
        }
#pragma unroll
        for (uint s = 0; s < STAGED; s++) {
            const uint e = first + s * ITEMS;
            const uint r = along_k ? e / TK : e % RM, k = along_k ? e % TK : e / RM;

#ifdef DOTS
            x[r * TK + k] = staged[s];
#else
            x[k * RM + r] = staged[s];
#endif
        }
    }
}

#include "reduce.cl"
#include "stream_walk.cl"

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

/* An item's sums of one row to its lane of parts, which is [column][lane]. */
INLINE void leave_row(const REAL *sum, __local REAL *parts, uint column)
{
#pragma unroll
    for (uint n = 0; n < RN; n++) {
#ifdef DOTS
        const uint at_n = column + n * IN;
#else
        const uint at_n = column + n / VW * (IN * VW) + n % VW;
#endif
        parts[at_n * (IK + 1)] = sum[n];
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

    /* Not unrolled: what has barriers may not be. The row to add up is found by branches:
     * a variable index, or with ptxas a chain of selections, would put `sum` into memory,
     * and moving all rows up by one takes llvmpipe's compiler ten times as long. */
    for (uint r = 0; r < RM; r++) {
        barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
        for (uint q = 0; q < RM; q++)
            if (q == r)
                leave_row(sum + q * RN, parts + lane, column);
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
            const ulong next = sizes.s3 * M * N; /* slab's sum */
            volatile __global REAL *from = sums + (t * M + i) * N + j;
            REAL total = from[0];
            ulong l = 1;

            from += next;
            for (; l + ASKED <= slabs; l += ASKED) {
                REAL part[ASKED];

#pragma unroll
                for (uint n = 0; n < ASKED; n++, from += next)
                    part[n] = *from;
#pragma unroll
                for (uint n = 0; n < ASKED; n++)
                    total += part[n];
            }
            for (; l < slabs; l++, from += next)
                total += *from;
            finish(C, at(c, t, i, j), alpha, total, beta, bias, at(d, t, i, j),
                   epilogue);
        }
    }
#endif
}
