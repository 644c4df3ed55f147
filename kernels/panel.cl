/* panel: C = activation(alpha * A @ B + beta * C + bias)   for CPUs; f32 or f64 (REAL)
 * A is M x K, B is K x N, C is M x N; any strides; a product per index of the batch.
 *
 * The algorithm of GotoBLAS and BLIS (Goto, van de Geijn, "Anatomy of High-Performance
 * Matrix Multiplication", TOMS 2008; Van Zee, van de Geijn, "BLIS", TOMS 2015) in OpenCL
 * C: operands in panels, and a tile of C in registers.
 *
 *   A: panels of MR rows              B: panels of NR columns
 *
 *        K                                  NR  NR
 *      +------------+  MR                 +---+---+--
 *      | panel 0    |                     | 0 | 1 |     K
 *      +------------+  MR                 |   |   |
 *      | panel 1    |                     +---+---+--
 *
 * One work-item per group makes a block of C, KC of K at a time. How it comes by its
 * panels, and what for (-DA_WAY, -DB_WAY):
 *
 *   PACKED     from memory, where pack_a or pack_b put them: panel after panel, each
 *              with its rows (columns) side by side, padded with zeros to full panels
 *   LOCAL      packs them itself into local memory, a core's cache on a CPU: A's block
 *              once for all panels of B, a panel of B once for all panels of A
 *   IN_PLACE   reads the matrix as it is: its rows must be contiguous
 *
 * The tile is MR x NV vectors of named variables, because an array of them would stay in
 * memory on PoCL. 6 x 2 fill the 16 vector registers of AVX2; AVX-512 has 32, and 8 x 2
 * are enough to hide what an FMA takes.
 */
#ifndef LANES
#error "panel: needs -DLANES, see common.cl"
#endif

#define PACKED 0
#define LOCAL 1
#define IN_PLACE 2
#ifndef A_WAY
#define A_WAY LOCAL
#endif
#ifndef B_WAY
#define B_WAY PACKED
#endif
#ifndef MR
#define MR 6 /* rows of a tile (4, 6, 8, 12) */
#endif
#ifndef NV
#define NV 2 /* vectors of a row of a tile (1, 2) */
#endif
#ifndef KC
#define KC 256 /* of K at a time */
#endif
#ifndef LOCAL_A
#define LOCAL_A 32768 /* elements of A's block with A_WAY == LOCAL; its rows x KC at most */
#endif

#define NR (NV * LANES)
#define SMALL (131072 / sizeof(REAL)) /* elements that are in a core's caches anyway */

/* ---- Packing -------------------------------------------------------------------- */

#define BUNDLE 8 /* panels that are packed together */
#define AHEAD  8 /* steps of K */

/* Packs panels of `width` x n whose lines are side by side in memory, each `apart` from
 * the one before: BUNDLE of them together, so that what was fetched of a long run is used
 * before it leaves the cache. `along` is from one k to the next, and what is some steps
 * ahead is asked for, since no processor expects it there. */
#define BUNDLER(name, SPACE)                                                           \
    void name(__global const REAL *source, ulong along, ulong panels, uint width,      \
              ulong n, SPACE REAL *panel, ulong apart)                                 \
    {                                                                                  \
        for (ulong q0 = 0; q0 < panels; q0 += BUNDLE) {                                \
            const ulong q1 = min(q0 + BUNDLE, panels), run = (q1 - q0) * width;        \
            __global const REAL *from = source + q0 * width;                           \
                                                                                       \
            for (ulong k = 0; k < n; k++, from += along) {                             \
                __global const REAL *ahead = from + AHEAD * along;                     \
                SPACE REAL *to = panel + q0 * apart + k * width;                       \
                                                                                       \
                for (ulong l = 0; l < run; l += LINE)                                  \
                    COMING(ahead + l);                                                 \
                for (ulong q = q0; q < q1; q++, to += apart) {                         \
                    __global const REAL *part = from + (q - q0) * width;               \
                    uint v = 0;                                                        \
                                                                                       \
                    for (; v + LANES <= width; v += LANES)                             \
                        STORE(LOAD(0, part + v), 0, to + v);                           \
                    for (; v + 4 <= width; v += 4)                                     \
                        vstore4(vload4(0, part + v), 0, to + v);                       \
                    for (; v < width; v++)                                             \
                        to[v] = part[v];                                               \
                }                                                                      \
            }                                                                          \
        }                                                                              \
    }

/* Packs `width` x n elements into a panel. `source` is at its element (0, 0), `across`
 * from one line of the panel to the next and `along` from one k to the next. `count` of
 * the lines are inside the matrix, the rest become zeros. Lines go in fours and twos as
 * far as they are inside: along contiguous memory by transposing 4 x 4. */
#define PACKER(name, SPACE)                                                            \
    void name(__global const REAL *source, ulong across, ulong along, ulong count,     \
              uint width, ulong n, SPACE REAL *panel)                                  \
    {                                                                                  \
        uint w = 0;                                                                    \
                                                                                       \
        if (along == 1)                                                                \
            for (; w + 2 <= width && w + 2 <= count;) {                                \
                const bool four = w + 4 <= width && w + 4 <= count;                    \
                __global const REAL *from = source + w * across;                       \
                SPACE REAL *to = panel + w;                                            \
                ulong k = 0;                                                           \
                                                                                       \
                if (four)                                                              \
                    for (; k + 4 <= n; k += 4, from += 4, to += 4 * width) {           \
                        const REAL4 r0 = vload4(0, from);                              \
                        const REAL4 r1 = vload4(0, from + across);                     \
                        const REAL4 r2 = vload4(0, from + 2 * across);                 \
                        const REAL4 r3 = vload4(0, from + 3 * across);                 \
                        __global const REAL *next = from + (4 + k / 2 % 4) * across;   \
                                                                                       \
                        COMING(next);                                                  \
                        COMING(next + across);                                         \
                        vstore4((REAL4)(r0.x, r1.x, r2.x, r3.x), 0, to);               \
                        vstore4((REAL4)(r0.y, r1.y, r2.y, r3.y), 0, to + width);       \
                        vstore4((REAL4)(r0.z, r1.z, r2.z, r3.z), 0, to + 2 * width);   \
                        vstore4((REAL4)(r0.w, r1.w, r2.w, r3.w), 0, to + 3 * width);   \
                    }                                                                  \
                else                                                                   \
                    for (; k + 4 <= n; k += 4, from += 4, to += 4 * width) {           \
                        const REAL4 r0 = vload4(0, from);                              \
                        const REAL4 r1 = vload4(0, from + across);                     \
                                                                                       \
                        vstore2((REAL2)(r0.x, r1.x), 0, to);                           \
                        vstore2((REAL2)(r0.y, r1.y), 0, to + width);                   \
                        vstore2((REAL2)(r0.z, r1.z), 0, to + 2 * width);               \
                        vstore2((REAL2)(r0.w, r1.w), 0, to + 3 * width);               \
                    }                                                                  \
                for (; k < n; k++, from++, to += width)                                \
                    for (uint v = 0; v < (four ? 4 : 2); v++)                          \
                        to[v] = from[v * across];                                      \
                w += four ? 4 : 2;                                                     \
            }                                                                          \
        for (; w < width; w++)                                                         \
            for (ulong k = 0; k < n; k++)                                              \
                panel[k * width + w] =                                                 \
                    w < count ? source[w * across + k * along] : (REAL)0;              \
    }

/* Packs `panels` panels, of lines of which `count` are inside the matrix. */
#define PACK(name, one, bundles, SPACE)                                                \
    void name(__global const REAL *source, ulong across, ulong along, ulong count,     \
              ulong panels, uint width, ulong n, SPACE REAL *panel, ulong apart)       \
    {                                                                                  \
        const ulong side_by_side = across == 1 ? min(panels, count / width) : 0;       \
                                                                                       \
        bundles(source, along, side_by_side, width, n, panel, apart);                  \
        for (ulong q = side_by_side; q < panels; q++)                                  \
            one(source + q * width * across, across, along, count - q * width, width,  \
                n, panel + q * apart);                                                 \
    }

BUNDLER(bundles_global, __global)
BUNDLER(bundles_local, __local)
PACKER(panel_global, __global)
PACKER(panel_local, __local)
PACK(pack_global, panel_global, bundles_global, __global)
PACK(pack_local, panel_local, bundles_local, __local)

#define PART 128 /* of K, in one work-item of pack_a and pack_b */

/* Dimension 0 is the panel, 1 the part of K, 2 the product. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
pack_a(ulong4 sizes, __global const REAL *A, ulong4 a, __global REAL *packed)
{
    const ulong panel = get_group_id(0), t = get_group_id(2), K = sizes.s2;
    const ulong k0 = get_group_id(1) * (ulong)PART, k1 = min(k0 + PART, K);
    const ulong panels = (sizes.s0 + MR - 1) / MR, row = panel * MR;

    pack_global(A + at(a, t, row, k0), ROW(a), COLUMN(a), sizes.s0 - row, 1, MR,
                k1 - k0, packed + ((t * panels + panel) * K + k0) * MR, K * MR);
}

/* Dimension 0 is the bundle of panels. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
pack_b(ulong4 sizes, __global const REAL *B, ulong4 b, __global REAL *packed)
{
    const ulong N = sizes.s1, K = sizes.s2, t = get_group_id(2);
    const ulong k0 = get_group_id(1) * (ulong)PART, k1 = min(k0 + PART, K);
    const ulong panels = (N + NR - 1) / NR;
    const ulong q0 = get_group_id(0) * (ulong)BUNDLE, q1 = min(q0 + BUNDLE, panels);

    pack_global(B + at(b, t, k0, q0 * NR), COLUMN(b), ROW(b), N - q0 * NR, q1 - q0, NR,
                k1 - k0, packed + ((t * panels + q0) * K + k0) * NR, K * NR);
}

/* ---- Multiplying ---------------------------------------------------------------- */

/* What is to be done with a tile of C in one pass over KC. */
typedef struct task {
    ulong i, j, t;    /* its first element, and the matrix of C's batch */
    ulong rows, cols; /* how much of it is inside C, or more */
    bool last;        /* pass, which applies bias and activation */
} task;

/* One row of a tile, in `row`, element by element. */
void put_row(__global REAL *C, ulong4 c, REAL alpha, REAL scale,
             __global const REAL *bias, ulong4 d, uint epilogue, task w, uint r,
             const REAL *row)
{
    if (r >= w.rows)
        return;

    const uint cols = min((ulong)NR, w.cols);
    ulong c_at = at(c, w.t, w.i + r, w.j), d_at = at(d, w.t, w.i + r, w.j);

    for (uint s = 0; s < cols; s++, c_at += COLUMN(c), d_at += COLUMN(d))
        if (w.last)
            finish(C, c_at, alpha, row[s], scale, bias, d_at, epilogue);
        else
            C[c_at] = scale != 0 ? PLUS(alpha * row[s], scale, C[c_at]) : alpha * row[s];
}

/* The next panel of B, read in place, is asked for while this one is multiplied, by each
 * panel of A a part of it, so that memory and arithmetic are busy all the time. It ends
 * `ahead` of where a step reads; 0 asks for nothing new. */
#if B_WAY == IN_PLACE
#define COMING_B(s)                                                                    \
    for (ulong l = 0; l < NR; l += LINE)                                               \
        COMING(b + s * b_along + ahead##s - (ahead##s ? l : 0));
#else
#define COMING_B(s)
#endif

/* DO(r) for each row of a tile, and DO(r, v) for each vector of row r. */
#if MR == 4
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3)
#elif MR == 6
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5)
#elif MR == 8
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#elif MR == 12
#define EACH_ROW(DO)                                                                   \
    DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#else
#error "panel: MR must be 4, 6, 8 or 12"
#endif
#if NV == 1
#define EACH_VECTOR(DO, r) DO(r, 0)
#elif NV == 2
#define EACH_VECTOR(DO, r) DO(r, 0) DO(r, 1)
#else
#error "panel: NV must be 1 or 2"
#endif

/* Where the panels of A are read from, and element r of step n. In place, the rows of a
 * tile beyond M are its last row again. */
#if A_WAY == LOCAL
#define A_SPACE __local
#else
#define A_SPACE __global
#endif
#if A_WAY == IN_PLACE
#define A_ROW(r) A_SPACE const REAL *a##r = a + min((ulong)r, w.rows - 1) * a_row;
#define A_OF(r, n) a##r[n]
#define A_NEXT(r) a##r++;
#define A_NEXT_4(r) a##r += 4;
#define COMING_A(r) COMING_LATER(a##r + 24 * LINE);
#else
#define A_ROW(r)
#define A_OF(r, n) a[MR * (n) + r]
#define A_NEXT(r)
#define A_NEXT_4(r)
#endif

#define ZERO(r, v) VECTOR c##r##_##v = 0;
#define ZERO_ROW(r) EACH_VECTOR(ZERO, r)
#define READ_B(n, v) const VECTOR b##v = LOAD(v, b + (n)*b_along);
#define TIMES_B(r, v) c##r##_##v += x * b##v;
#define STORE_IN_ROW(r, v) STORE(c##r##_##v, v, row);
#define PUT_ROW(r)                                                                     \
    {                                                                                  \
        REAL row[NR];                                                                  \
        EACH_VECTOR(STORE_IN_ROW, r)                                                   \
        put_row(C, c, alpha, scale, bias, d, epilogue, w, r, row);                     \
    }
#define SET_C(r, v) STORE(alpha * c##r##_##v, v, to + r * ROW(c));
#define SET_C_ROW(r) EACH_VECTOR(SET_C, r)
#define ADD_C(r, v)                                                                    \
    STORE(PLUS(alpha * c##r##_##v, (VECTOR)scale, LOAD(v, to + r * ROW(c))), v,        \
          to + r * ROW(c));
#define ADD_C_ROW(r) EACH_VECTOR(ADD_C, r)
#define COMING_C(r) COMING(to + r * ROW(c)); COMING(to + r * ROW(c) + NR - 1);
#define MULTIPLY_ROW(r)                                                                \
    x = A_OF(r, 0);                                                                    \
    EACH_VECTOR(TIMES_B, r)
#define MULTIPLY_ROW_1(r)                                                              \
    x = A_OF(r, 1);                                                                    \
    EACH_VECTOR(TIMES_B, r)
#define MULTIPLY_ROW_2(r)                                                              \
    x = A_OF(r, 2);                                                                    \
    EACH_VECTOR(TIMES_B, r)
#define MULTIPLY_ROW_3(r)                                                              \
    x = A_OF(r, 3);                                                                    \
    EACH_VECTOR(TIMES_B, r)
#define STEP(n, ROW_OF)                                                                \
    {                                                                                  \
        VECTOR x;                                                                      \
        EACH_VECTOR(READ_B, n)                                                         \
        COMING_B(n)                                                                    \
        EACH_ROW(ROW_OF)                                                               \
    }

#define STEPS_4                                                                        \
    {                                                                                  \
        STEP(0, MULTIPLY_ROW)                                                          \
        STEP(1, MULTIPLY_ROW_1)                                                        \
        STEP(2, MULTIPLY_ROW_2)                                                        \
        STEP(3, MULTIPLY_ROW_3)                                                        \
        EACH_ROW(A_NEXT_4)                                                             \
        a += 4 * MR;                                                                   \
        b += 4 * b_along;                                                              \
    }

/* A's rows, read in place, are asked for well ahead: there are few of them, and each ends
 * where the next begins. The next panel of B that is packed is asked for while this one is
 * multiplied: `part` of its lines each time. */
#if A_WAY == IN_PLACE
#define COMING_ROWS EACH_ROW(COMING_A)
#else
#define COMING_ROWS
#endif
#if B_WAY == PACKED
#define COMING_PANEL                                                                   \
    for (uint l = 0; l < part; l++, next += LINE)                                      \
        COMING(next);
#else
#define COMING_PANEL
#endif
#define STEPS_16(left)                                                                 \
    for (; k >= 16 + left; k -= 16) {                                                  \
        COMING_ROWS                                                                    \
        COMING_PANEL                                                                   \
        STEPS_4 STEPS_4 STEPS_4 STEPS_4                                                \
    }

/* C's tile is asked for when so many steps are left that it comes in time, and so few that
 * the first cache still has it. With B in place passes are short. */
#define LAST_STEPS 128
#if B_WAY == IN_PLACE
#define MOST_STEPS                                                                     \
    EACH_ROW(COMING_C)                                                                 \
    STEPS_16(0)
#else
#define MOST_STEPS                                                                     \
    PLAIN_LOOP                                                                         \
    for (ulong left = LAST_STEPS;; left = 0) {                                         \
        STEPS_16(left)                                                                 \
        if (left == 0)                                                                 \
            break;                                                                     \
        EACH_ROW(COMING_C)                                                             \
    }
#endif

/* C's tile += panel of A (MR x k) times panel of B (k x NR). `part` is what it asks for of
 * the next panel of B, `ahead` of this one: if that is packed, so many lines each 16 steps; if
 * B is read in place, a bit for each of 4 steps that do. */
#define TILE(name, B_SPACE)                                                            \
    void name(A_SPACE const REAL *a, ulong a_row,                                      \
              B_SPACE const REAL *b, ulong b_along, ulong ahead, uint part, ulong k,   \
              __global REAL *C, ulong4 c, REAL alpha, REAL scale,                      \
              __global const REAL *bias, ulong4 d, uint epilogue, task w)              \
    {                                                                                  \
        EACH_ROW(A_ROW)                                                                \
        EACH_ROW(ZERO_ROW)                                                             \
        __global REAL *to = C + at(c, w.t, w.i, w.j);                                  \
                                                                                       \
        B_SPACE const REAL *next = b + ahead;                                          \
        const ulong ahead0 = part & 1 ? ahead : 0, ahead1 = part & 2 ? ahead : 0;      \
        const ulong ahead2 = part & 4 ? ahead : 0, ahead3 = part & 8 ? ahead : 0;      \
                                                                                       \
        MOST_STEPS                                                                     \
        for (; k >= 4; k -= 4)                                                         \
            STEPS_4                                                                    \
        for (; k > 0; k--) {                                                           \
            STEP(0, MULTIPLY_ROW)                                                      \
            EACH_ROW(A_NEXT)                                                           \
            a += MR;                                                                   \
            b += b_along;                                                              \
        }                                                                              \
        if (w.rows < MR || w.cols < NR || COLUMN(c) != 1 || (epilogue && w.last)) {    \
            EACH_ROW(PUT_ROW)                                                          \
        } else if (scale == 0) {                                                       \
            EACH_ROW(SET_C_ROW)                                                        \
        } else {                                                                       \
            EACH_ROW(ADD_C_ROW)                                                        \
        }                                                                              \
    }

#if B_WAY != LOCAL
TILE(tile_global, __global)
#endif
#if B_WAY != PACKED
TILE(tile_local, __local)
#endif

/* Which of 4 steps panel p of n asks for, a bit for each. */
uint parts_of(ulong p, ulong n)
{
    return n == 1 ? 15 : n == 2 ? 5 << p : n == 3 ? (p == 0 ? 9 : 1 << p) : p < 4 ? 1 << p : 0;
}

/* Panel p of A, in `multiply`. */
#if A_WAY == LOCAL
#define A_PANEL(p) (block_of_a + ((p)-p0) * MR * KC)
#elif A_WAY == PACKED
#define A_PANEL(p) (A + at(a, t, p, k0))
#else
#define A_PANEL(p) (A + at(a, t, (p)*MR, k0))
#endif

/* One tile: of panels p and q, at `x` and `y`, the next panel of B `ahead` of y. */
#define TILE_OF(tile, p, q, x, y, y_along, ahead, part)                                \
    {                                                                                  \
        const task w = {p * MR,     q * NR,     t + s * sizes.s3, M - p * MR,          \
                        N - q * NR, k0 + k == k_end};                                  \
                                                                                       \
        tile(x, ROW(a), y, y_along, ahead, part, k, C, c, alpha, scale, bias,          \
             d, epilogue, w);                                                          \
    }

/* One item makes a block of C of block.s0 panels of A by block.s1 panels of B: dimension
 * 0 is the block of columns, 1 the block of rows, 2 the product, and within it the slab
 * of block.s2 of K; block.s3 is the number of slabs. With several C is the sums of each,
 * (slab, product, row, column), and bias and activation are for `reduce`.
 *
 * Packed operands have a layout too: from panel to panel (ROW), from k to k (COLUMN). */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
multiply(ulong4 sizes, ulong4 block, __global const REAL *A, ulong4 a,
         __global const REAL *B, ulong4 b, __global REAL *C, ulong4 c, REAL alpha,
         REAL beta, __global const REAL *bias, ulong4 d, uint epilogue)
{
    const ulong M = sizes.s0, N = sizes.s1;
    const ulong s = get_group_id(2) % block.s3, t = get_group_id(2) / block.s3;
    const ulong p0 = get_group_id(1) * block.s0;
    const ulong p1 = min(p0 + block.s0, (M + MR - 1) / MR);
    const ulong q0 = get_group_id(0) * block.s1;
    const ulong q1 = min(q0 + block.s1, (N + NR - 1) / NR);
    const ulong k_begin = s * block.s2, k_end = min(k_begin + block.s2, sizes.s2);
#if A_WAY == LOCAL
    __local REAL block_of_a[LOCAL_A];
#endif
#if B_WAY != PACKED
    __local REAL panel_of_b[KC * NR];
#endif

    /* Equal passes, of up to KC. */
    const ulong passes = (k_end - k_begin + KC - 1) / KC;
    const ulong pass = ((k_end - k_begin + passes - 1) / passes + 3) / 4 * 4;

    /* What becomes of C: the first pass applies beta. Not a choice by k0: that compiles to
     * a masked load of the 1, and where its page is untouched such a load takes 200 cycles
     * on Zen 5. */
    REAL scale = beta;

    for (ulong k0 = k_begin; k0 < k_end; k0 += pass) {
        const ulong k = min(pass, k_end - k0);

#if A_WAY == LOCAL
        pack_local(A + at(a, t, p0 * MR, k0), ROW(a), COLUMN(a), M - p0 * MR, p1 - p0,
                   MR, k, block_of_a, MR * KC);
#endif
#if B_WAY == PACKED
        /* Each panel of B meets all of A's block, which is in a core's caches. If the block
         * is not, or B's panels are, tiles follow each other along the rows of C. */
        const ulong np = p1 - p0, nq = q1 - q0;
        const bool along =
            A_WAY == IN_PLACE && (nq * NR * k <= SMALL || np * MR * k > LOCAL_A);
        /* Lines of the next panel, for each 16 of K. */
        const uint lines =
            along || nq == 1 ? 0 : (uint)((16 * NR / LINE + np - 1) / np);
        const ulong share = k / 16 * lines * LINE;

        for (ulong o = 0; o < (along ? np : nq); o++)
            for (ulong i = 0; i < (along ? nq : np); i++) {
                const ulong p = p0 + (along ? o : i), q = q0 + (along ? i : o);
                A_SPACE const REAL *x = A_PANEL(p);

                TILE_OF(tile_global, p, q, x, B + at(b, t, q, k0), NR,
                        ROW(b) + (p - p0) * share, lines)
            }
#else
        for (ulong q = q0; q < q1; q++) {
            __global const REAL *from = B + at(b, t, k0, q * NR);
            const bool pack = B_WAY == LOCAL || q * NR + NR > N;
            /* From this panel to the next one, which may be that of the next pass. */
            const ulong next = q + 1 < q1 ? NR : pass * ROW(b) - (q - q0) * NR;

            if (pack)
                pack_local(from, COLUMN(b), ROW(b), N - q * NR, 1, NR, k, panel_of_b, 0);
            for (ulong p = p0; p < p1; p++) {
                A_SPACE const REAL *x = A_PANEL(p);

#if B_WAY == LOCAL
                TILE_OF(tile_local, p, q, x, panel_of_b, NR, 0, 0)
#else
                if (pack)
                    TILE_OF(tile_local, p, q, x, panel_of_b, NR, 0, 0)
                else
                    TILE_OF(tile_global, p, q, x, from, ROW(b), NR - 1 + next,
                            parts_of(p - p0, p1 - p0))
#endif
            }
        }
#endif
        scale = 1;
    }
}

#include "reduce.cl"
