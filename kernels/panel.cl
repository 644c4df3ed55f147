/* panel: C = activation(alpha * A @ B + beta * C + bias)   for CPUs; f32 or f64 (REAL)
 * A is M x K, B is K x N, C is M x N; any strides; one product per index of dimension 2.
 *
 * The algorithm of GotoBLAS and BLIS (Goto, van de Geijn, "Anatomy of High-Performance
 * Matrix Multiplication", TOMS 2008; Van Zee, van de Geijn, "BLIS", TOMS 2015) in OpenCL
 * C: pack, then multiply panels with a tile of C in registers.
 *
 *   packed A: panels of MR rows       packed B: panels of NR columns
 *   panel p, row k: MR elements       panel p, row k: NR elements
 *
 *        K                                  NR  NR
 *      +------------+  MR                 +---+---+--
 *      | panel 0    |                     | 0 | 1 |     K
 *      +------------+  MR                 |   |   |
 *      | panel 1    |                     +---+---+--
 *
 * Both are padded with zeros to whole panels, so that the inner loop has no edges.
 *
 * One work-item per group. The tile is 2 vectors wide and MR = 6 high: 12 accumulators,
 * 2 vectors of B and one of A fill the 16 vector registers of AVX2 and NEON's 32 half.
 * They are named variables because an array of them would stay in memory on PoCL.
 */
#ifndef LANES
#error "panel: needs -DLANES, see common.cl"
#endif
#ifndef KC
#define KC 256 /* how much of K one pass covers: a panel of B, KC x NR, stays in L1 */
#endif

#define MR 6
#define NR (2 * LANES)

/* ---- Packing -------------------------------------------------------------------- */

/* Packs `width` x (k1 - k0) elements of a panel. `source` is at its element (0, 0);
 * `count` of the `width` are inside the matrix, the rest become zeros. */
void pack(__global const REAL *source, ulong across, ulong along, ulong count,
          uint width, ulong k0, ulong k1, __global REAL *panel)
{
    if (count >= width && across == 1) {
        for (ulong k = k0; k < k1; k++)
            for (uint w = 0; w < width; w++)
                panel[k * width + w] = source[k * along + w];
    } else if (count >= width) {
        for (ulong k = k0; k < k1; k++)
            for (uint w = 0; w < width; w++)
                panel[k * width + w] = source[k * along + w * across];
    } else {
        for (ulong k = k0; k < k1; k++)
            for (uint w = 0; w < width; w++)
                panel[k * width + w] =
                    w < count ? source[k * along + w * across] : (REAL)0;
    }
}

/* One item packs KC of K of one panel: dimension 0 is the panel, 1 the part of K. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
pack_a(ulong4 sizes, __global const REAL *A, ulong4 a, __global REAL *packed)
{
    const ulong panel = get_group_id(0), t = get_group_id(2), K = sizes.s2;
    const ulong k0 = get_group_id(1) * (ulong)KC, k1 = min(k0 + KC, K);
    const ulong panels = get_num_groups(0), row = panel * MR;

    pack(A + at(a, t, row, 0), ROW(a), COLUMN(a), sizes.s0 - row, MR, k0, k1,
         packed + (t * panels + panel) * K * MR);
}

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
pack_b(ulong4 sizes, __global const REAL *B, ulong4 b, __global REAL *packed)
{
    const ulong panel = get_group_id(0), t = get_group_id(2), K = sizes.s2;
    const ulong k0 = get_group_id(1) * (ulong)KC, k1 = min(k0 + KC, K);
    const ulong panels = get_num_groups(0), column = panel * NR;

    pack(B + at(b, t, 0, column), COLUMN(b), ROW(b), sizes.s1 - column, NR, k0, k1,
         packed + (t * panels + panel) * K * NR);
}

/* ---- Multiplying ---------------------------------------------------------------- */

/* What is to be done with a tile of C in one pass over KC. */
typedef struct task {
    ulong i, j, t;    /* its first element, and the product */
    ulong rows, cols; /* how much of it is inside C */
    bool first, last; /* the first pass applies beta, the last bias and activation */
} task;

/* sum = alpha * sum + (what is there), for one element. */
void put(__global REAL *C, ulong4 c, REAL alpha, REAL beta, __global const REAL *bias,
         ulong4 d, task w, ulong i, ulong j, REAL sum)
{
    const ulong c_at = at(c, w.t, i, j);

    if (w.last)
        finish(C, c_at, alpha, sum, w.first ? beta : (REAL)1, bias, at(d, w.t, i, j));
    else if (w.first && beta == 0)
        C[c_at] = alpha * sum;
    else
        C[c_at] = alpha * sum + (w.first ? beta : (REAL)1) * C[c_at];
}

/* One row of a tile: vectors where C allows, elements otherwise. */
void put_row(__global REAL *C, ulong4 c, REAL alpha, REAL beta,
             __global const REAL *bias, ulong4 d, task w, uint r, VECTOR x0, VECTOR x1)
{
    if (r >= w.rows)
        return;
#if ACTIVATION == 0 && !defined(HAS_BIAS)
    if (w.cols >= NR && COLUMN(c) == 1) {
        __global REAL *to = C + at(c, w.t, w.i + r, w.j);

        x0 *= alpha;
        x1 *= alpha;
        if (!w.first || beta != 0) {
            const REAL scale = w.first ? beta : (REAL)1;

            x0 += scale * LOAD(0, to);
            x1 += scale * LOAD(1, to);
        }
        STORE(x0, 0, to);
        STORE(x1, 1, to);
        return;
    }
#endif
    REAL row[NR];

    STORE(x0, 0, row);
    STORE(x1, 1, row);
    for (uint s = 0; s < w.cols && s < NR; s++)
        put(C, c, alpha, beta, bias, d, w, w.i + r, w.j + s, row[s]);
}

#define STEP(n)                                                                        \
    {                                                                                  \
        const VECTOR b0 = LOAD(2 * n, b), b1 = LOAD(2 * n + 1, b);                     \
        VECTOR x;                                                                      \
        x = a[MR * n + 0], c00 += x * b0, c01 += x * b1;                               \
        x = a[MR * n + 1], c10 += x * b0, c11 += x * b1;                               \
        x = a[MR * n + 2], c20 += x * b0, c21 += x * b1;                               \
        x = a[MR * n + 3], c30 += x * b0, c31 += x * b1;                               \
        x = a[MR * n + 4], c40 += x * b0, c41 += x * b1;                               \
        x = a[MR * n + 5], c50 += x * b0, c51 += x * b1;                               \
    }

/* C's tile += panel of A (k x MR) times panel of B (k x NR). */
void tile_of(__global const REAL *a, __global const REAL *b, ulong k,
             __global REAL *C, ulong4 c, REAL alpha, REAL beta,
             __global const REAL *bias, ulong4 d, task w)
{
    VECTOR c00 = 0, c01 = 0, c10 = 0, c11 = 0, c20 = 0, c21 = 0;
    VECTOR c30 = 0, c31 = 0, c40 = 0, c41 = 0, c50 = 0, c51 = 0;

    for (; k >= 4; k -= 4, a += 4 * MR, b += 4 * NR) {
        STEP(0)
        STEP(1)
        STEP(2)
        STEP(3)
    }
    for (; k > 0; k--, a += MR, b += NR)
        STEP(0)

    put_row(C, c, alpha, beta, bias, d, w, 0, c00, c01);
    put_row(C, c, alpha, beta, bias, d, w, 1, c10, c11);
    put_row(C, c, alpha, beta, bias, d, w, 2, c20, c21);
    put_row(C, c, alpha, beta, bias, d, w, 3, c30, c31);
    put_row(C, c, alpha, beta, bias, d, w, 4, c40, c41);
    put_row(C, c, alpha, beta, bias, d, w, 5, c50, c51);
}

/* One item makes a block of C of block.s0 panels of rows by block.s1 panels of columns:
 * dimension 0 is the block of columns, 1 the block of rows. block.s2 and .s3 are 1 if all
 * products share packed A or B. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
multiply(ulong4 sizes, ulong4 block, __global const REAL *packed_a,
         __global const REAL *packed_b, __global REAL *C, ulong4 c, REAL alpha,
         REAL beta, __global const REAL *bias, ulong4 d)
{
    const ulong M = sizes.s0, N = sizes.s1, K = sizes.s2, t = get_group_id(2);
    const ulong panels_m = (M + MR - 1) / MR, panels_n = (N + NR - 1) / NR;
    const ulong p0 = get_group_id(1) * block.s0, p1 = min(p0 + block.s0, panels_m);
    const ulong q0 = get_group_id(0) * block.s1, q1 = min(q0 + block.s1, panels_n);

    packed_a += block.s2 ? 0 : t * panels_m * K * MR;
    packed_b += block.s3 ? 0 : t * panels_n * K * NR;
    for (ulong k0 = 0; k0 < K; k0 += KC) {
        const ulong k = min((ulong)KC, K - k0);

        for (ulong q = q0; q < q1; q++)
            for (ulong p = p0; p < p1; p++) {
                const task w = {p * MR,     q * NR,  t,          M - p * MR,
                                N - q * NR, k0 == 0, k0 + k == K};

                tile_of(packed_a + (p * K + k0) * MR, packed_b + (q * K + k0) * NR, k,
                        C, c, alpha, beta, bias, d, w);
            }
    }
}
