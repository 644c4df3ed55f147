/* tile: C = activation(alpha * A @ B + beta * C + bias)            f32 or f64 (REAL)
 * A is M x K, B is K x N, C is M x N; any strides; one product per index of dimension 2.
 *
 *            N                     One work-group makes one TM x TN tile of C
 *        +-------+                 and walks K in steps of TK through local
 *     K  |   B   |                 memory; one work-item keeps RM x RN of it
 *        +-------+                 in registers. An item's rows and columns are
 *  K                               spread over the tile, TM/RM and TN/RN apart,
 * +--+   +-------+                 so that neighbours touch neighbours: stores are
 * |A | M |   C   |                 coalesced and local reads free of conflicts.
 * +--+   +-------+
 *                                  Edges load zeros. beta == 0 never reads C.
 *
 * Needs  TM % RM == 0, TN % RN == 0, (TM + TN + 2) * TK * sizeof(REAL) of local memory,
 * and (TM/RM) * (TN/RN) work-items per group.
 */
#ifndef TM
#define TM 64 /* rows of C per work-group           (4, 8, 16, 32, 64, 128) */
#endif
#ifndef TN
#define TN 64 /* columns of C per work-group        (4, 8, 16, 32, 64, 128) */
#endif
#ifndef TK
#define TK 16 /* how much of K is in local memory   (4, 8, 16, 32) */
#endif
#ifndef RM
#define RM 4 /* rows of C per work-item            (1, 2, 4, 8) */
#endif
#ifndef RN
#define RN 4 /* columns of C per work-item         (1, 2, 4, 8) */
#endif

#if TM % RM != 0 || TN % RN != 0
#error "tile: TM must be a multiple of RM, and TN of RN"
#endif

#define ITEMS_M (TM / RM)
#define ITEMS_N (TN / RN)
#define ITEMS (ITEMS_M * ITEMS_N)

__kernel __attribute__((reqd_work_group_size(ITEMS_N, ITEMS_M, 1))) void
tile(ulong4 sizes, __global const REAL *A, ulong4 a, __global const REAL *B, ulong4 b,
     __global REAL *C, ulong4 c, REAL alpha, REAL beta, __global const REAL *bias,
     ulong4 d, uint epilogue)
{
    __local REAL a_tile[TK][TM + 1]; /* the 1 keeps columns in different banks */
    __local REAL b_tile[TK][TN + 1];
    REAL sum[RM][RN];

    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2;
    const ulong t = get_global_id(2);
    const ulong i0 = get_group_id(1) * (ulong)TM;
    const ulong j0 = get_group_id(0) * (ulong)TN;
    const uint x = get_local_id(0), y = get_local_id(1);
    const uint item = y * ITEMS_N + x;
    /* Neighbouring items load neighbouring addresses, whichever way the matrix lies. */
    const bool a_along_k = COLUMN(a) == 1;
    const bool b_along_k = ROW(b) == 1;

    for (uint r = 0; r < RM; r++)
        for (uint s = 0; s < RN; s++)
            sum[r][s] = 0;

    for (ulong k0 = 0; k0 < K; k0 += TK) {
        for (uint e = item; e < TM * TK; e += ITEMS) {
            const uint i = a_along_k ? e / TK : e % TM;
            const uint k = a_along_k ? e % TK : e / TM;
            const bool inside = i0 + i < M && k0 + k < K;

            a_tile[k][i] = inside ? A[at(a, t, i0 + i, k0 + k)] : (REAL)0;
        }
        for (uint e = item; e < TN * TK; e += ITEMS) {
            const uint j = b_along_k ? e / TK : e % TN;
            const uint k = b_along_k ? e % TK : e / TN;
            const bool inside = j0 + j < N && k0 + k < K;

            b_tile[k][j] = inside ? B[at(b, t, k0 + k, j0 + j)] : (REAL)0;
        }
        barrier(CLK_LOCAL_MEM_FENCE);

        for (uint k = 0; k < TK; k++)
            for (uint r = 0; r < RM; r++)
                for (uint s = 0; s < RN; s++)
                    sum[r][s] +=
                        a_tile[k][y + r * ITEMS_M] * b_tile[k][x + s * ITEMS_N];
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    for (uint r = 0; r < RM; r++)
        for (uint s = 0; s < RN; s++) {
            const ulong i = i0 + y + r * ITEMS_M;
            const ulong j = j0 + x + s * ITEMS_N;

            if (i < M && j < N)
                finish(C, at(c, t, i, j), alpha, sum[r][s], beta, bias,
                       at(d, t, i, j), epilogue);
        }
}
