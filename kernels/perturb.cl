/* perturb: y_p = activation(x @ W + sigma * (x @ E_p)), and W += sum_p c_p E_p    (REAL)
 * x is rows x K, W is K x N; E_p is K x N, made here and never stored.
 *
 *            N
 *        +-------+      One item takes one vector of columns (-DLANES, a CPU) or one column
 *     K  |  E_p  |      (a GPU), of one direction, down all of K: RUN rows of E_p at a time
 *        |  ||   |      in registers, times that many columns of every row of x, added to
 *        +--||---+      rows of sums. x @ W was computed before, once for all p; `spread`
 *  rows  +--||---+      puts both together.
 *        | sums  |
 *        +-------+      Numbers are those of tsr_noise_elements: a block of the generator
 *                       belongs to one column, so that lanes are blocks side by side.
 *
 *   -DNOISE   0 Rademacher: 128 signs a block    1 Gaussian: 4 numbers    2 ones
 *
 * Cost, a vector of numbers in instructions of AVX2: a block is about 200, so that a sign
 * costs 1.6 and a Gaussian number 50, with Box and Muller's functions another 18; shaping
 * a sign is 3, using a number 2 for each row of x.
 */
#include "lanes.cl"

#ifndef NOISE
#define NOISE 0
#endif
#define RUN 8 /* rows of E_p at a time */

#include "philox.cl"

/* Where a number is: the columns of the lanes, direction and matrix, and the key. */
typedef struct place {
    WORD column;
    uint direction, matrix;
    uint2 key;
} place;

void block(WORD words[4], const place *at, uint row_block, uint kind)
{
    words[0] = at->column;
    words[1] = (WORD)row_block;
    words[2] = (WORD)at->direction;
    words[3] = (WORD)(4 * at->matrix + kind);
    philox(words, at->key);
}

#if NOISE == 1
/* sqrt(-2 ln u), u = (word / 256 + 1) / 2^24: u's mantissa in [sqrt(1/2), sqrt(2)), and the
 * polynomial of Cephes' logf. */
FLOATS radius(WORD word)
{
    const FLOATS u = TO_FLOATS((word >> 8) + 1);
    const INTS exponent = (AS_INTS(u) - 0x3f3504f3) >> 23;
    const FLOATS t = AS_FLOATS(AS_INTS(u) - (exponent << 23)) - 1.0f;
    const FLOATS e = TO_FLOATS(exponent - 24), square = t * t;
    FLOATS p = 7.0376836292e-2f * t - 1.1514610310e-1f;

    p = p * t + 1.1676998740e-1f;
    p = p * t - 1.2420140846e-1f;
    p = p * t + 1.4249322787e-1f;
    p = p * t - 1.6668057665e-1f;
    p = p * t + 2.0000714765e-1f;
    p = p * t - 2.4999993993e-1f;
    p = p * t + 3.3333331174e-1f;
    p = p * t * square - 0.5f * square + t;
    return sqrt(-2.0f * (p + e * 0.69314718056f));
}

/* r cos t and r sin t, t = 2 pi word / 2^32: t is brought to the nearest quarter of a turn,
 * and the polynomials are those of Cephes' sinf and cosf. */
void on_circle(FLOATS r, WORD word, FLOATS *x, FLOATS *y)
{
    const WORD quarter = (word + 0x20000000u) >> 30;
    const FLOATS t = TO_FLOATS(AS_INTS(word - (quarter << 30))) * 1.4629180793e-9f;
    const FLOATS square = t * t;
    FLOATS s = -1.9515295891e-4f * square + 8.3321608736e-3f;
    FLOATS c = 2.4433157118e-5f * square - 1.3887316255e-3f;
    const INTS odd = AS_INTS(quarter << 31);

    s = (s * square - 1.6666654611e-1f) * square * t + t;
    c = (c * square + 4.1666645683e-2f) * square * square - 0.5f * square + 1.0f;
    *x = AS_FLOATS(AS_WORDS(r * select(c, s, odd)) ^ (((quarter + 1) & 2) << 30));
    *y = AS_FLOATS(AS_WORDS(r * select(s, c, odd)) ^ ((quarter & 2) << 30));
}
#endif

/* Rows k to k + RUN - 1 of E_p; k is a multiple of RUN. `words` is kept from one call to
 * the next, k rising. */
void noise(const place *at, uint k, WORD words[4], VECTOR e[RUN])
{
#if NOISE == 0
    WORD word;

    if (k % 128 == 0)
        block(words, at, k / 128, 1);
    word = words[k % 128 / 32] >> (k % 32);
    for (int r = 0; r < RUN; r++)
        e[r] = TO_REALS(AS_FLOATS((word << (31 - r) & 0x80000000u) | 0x3f800000u));
#elif NOISE == 1
    for (int r = 0; r < RUN; r += 4) {
        FLOATS first, second, third, fourth;

        block(words, at, (k + r) / 4, 2);
        on_circle(radius(words[0]), words[1], &first, &second);
        on_circle(radius(words[2]), words[3], &third, &fourth);
        e[r] = TO_REALS(first), e[r + 1] = TO_REALS(second);
        e[r + 2] = TO_REALS(third), e[r + 3] = TO_REALS(fourth);
    }
#else
    for (int r = 0; r < RUN; r++)
        e[r] = (VECTOR)1;
#endif
}

/* x into dense rows of `width` >= K elements, a multiple of RUN, zeros behind K: one item
 * for each element (dimension 0) of each row (1) of each x (2). */
__kernel void pad(ulong width, ulong K, ulong M, __global const REAL *x, ulong4 layout,
                  __global REAL *rows)
{
    const ulong k = get_global_id(0), i = get_global_id(1), t = get_global_id(2);

    if (k < width)
        rows[(t * M + i) * width + k] = k < K ? x[at(layout, t, i, k)] : 0;
}

/* sums[p] = x @ E_p: one item for LANES columns (dimension 0) of `block` rows (1) of one
 * direction (2). sizes: columns of the sums (a multiple of LANES), rows, width of x, rows
 * for an item. x_step: from one direction's x to the next. */
__kernel void multiply(ulong4 sizes, ulong x_step, __global const REAL *x, uint2 key,
                       uint2 numbers, __global REAL *sums)
{
    const ulong N = sizes.s0, M = sizes.s1, K = sizes.s2, p = get_global_id(2);
    const ulong i0 = get_global_id(1) * sizes.s3, i1 = min(i0 + sizes.s3, M);
    const ulong j = get_global_id(0) * LANES;
    const place here = {(uint)j + COLUMNS, numbers.s0 + (uint)p, numbers.s1, key};
    WORD words[4];

    if (j >= N)
        return;
    x += p * x_step;
    sums += p * M * N + j;
    for (ulong k = 0; k < K; k += RUN) {
        VECTOR e[RUN];

        noise(&here, (uint)k, words, e);
        for (ulong i = i0; i < i1; i++) {
            __global const REAL *a = x + i * K + k;
            VECTOR s = a[0] * e[0], t = a[1] * e[1];

            s += a[2] * e[2], t += a[3] * e[3];
            s += a[4] * e[4], t += a[5] * e[5];
            s += a[6] * e[6], t += a[7] * e[7];
            s += t;
            if (k > 0)
                s += LOAD(0, sums + i * N);
            STORE(s, 0, sums + i * N);
        }
    }
}

/* y = activation(x @ W + sigma * sums), where y holds x @ W: for all directions in y[0] if
 * they share x (flags 1), else each its own. In pairs (flags 2) y[2 q] adds and y[2 q + 1]
 * subtracts. One item for `run` columns (dimension 0) of one row (1).
 * sizes: N, M, P, columns of the sums. */
__kernel void spread(ulong4 sizes, ulong run, uint flags, REAL sigma,
                     __global const REAL *sums, __global REAL *y, ulong4 layout,
                     uint activation)
{
    const ulong N = sizes.s0, M = sizes.s1, P = sizes.s2, width = sizes.s3;
    const ulong i = get_global_id(1), j0 = get_global_id(0) * run;
    const bool shared = flags & 1, pairs = flags & 2;

    for (ulong q = P; q > 0; q--) { /* y[0] last: the others read it */
        const ulong p = q - 1, from = pairs && shared ? p / 2 : p;
        const REAL scale = pairs && p % 2 ? -sigma : sigma;

        for (ulong j = j0; j < min(j0 + run, N); j++) {
            REAL sum = y[at(layout, shared ? 0 : p, i, j)];

            sum += scale * sums[(from * M + i) * width + j];
#ifdef EPILOGUE
            sum = activate(sum, activation);
#endif
            y[at(layout, p, i, j)] = sum;
        }
    }
}

#define HELD 32 /* rows of W that one item of `descend` keeps, a multiple of RUN */

/* W += sum_p c_p E_p: one item for LANES columns (dimension 0) of HELD rows (1).
 * sizes: N, K, directions, and where in c theirs begin. */
__kernel void descend(ulong4 sizes, __global const REAL *c, uint2 key, uint2 numbers,
                   __global REAL *W, ulong4 layout)
{
    const ulong N = sizes.s0, K = sizes.s1, P = sizes.s2;
    const ulong j = get_global_id(0) * LANES, k0 = get_global_id(1) * HELD;
    VECTOR sums[HELD];
    REAL row[LANES];

    if (j >= N)
        return;
    c += sizes.s3;
    for (int r = 0; r < HELD; r++)
        sums[r] = 0;
    for (ulong p = 0; p < P; p++) {
        const place here = {(uint)j + COLUMNS, numbers.s0 + (uint)p, numbers.s1, key};
        WORD words[4];

#if NOISE == 0
        block(words, &here, (uint)k0 / 128, 1); /* not only where noise() begins one */
#endif
        for (int r = 0; r < HELD; r += RUN) {
            VECTOR e[RUN];

            noise(&here, (uint)k0 + r, words, e);
            for (int s = 0; s < RUN; s++)
                sums[r + s] += c[p] * e[s];
        }
    }
    for (ulong k = k0; k < min(k0 + HELD, K); k++) {
        STORE(sums[k - k0], 0, row);
        for (ulong l = 0; l < min((ulong)LANES, N - j); l++)
            W[at(layout, 0, k, j + l)] += row[l];
    }
}
