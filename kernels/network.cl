/* network: by how much the loss of two layers changes with one weight              (REAL)
 *
 *     h = tanh(x @ W1)   z = h @ W2   loss_b = ln sum_c e^z_bc - z_b,label   p = softmax(z)
 *
 * W1[i, j] moves hidden unit j alone, and it moves every logit by its row of W2:
 *
 *     d_b = tanh(a + sigma x_bi) - tanh(a) = t (1 - h^2) / (1 + t h),   t = tanh(sigma x_bi)
 *     change of loss_b = ln(1 + sum_c p_bc (e^(d_b W2[j, c]) - 1)) - d_b W2[j, label_b]
 *
 * W2[j, c] moves logit c alone, by sigma h_bj. Nothing is the difference of two nearly
 * equal numbers, so a small sigma costs no digits.
 *
 *       inputs b ->                 Everything that a weight needs lies along the inputs
 *     t [K][width]   i              (`width` of them, a multiple of 16, zeros behind the
 *     h [H][width]   j              last: they change nothing), so that one work-item takes
 *   own [H][width]   W2[j, label]   one weight in vectors (-DLANES, a CPU), and one group
 *     p [C][width]   c              takes one in turns (-DGROUP, a GPU).
 */
#include "lanes.cl"

#ifndef GROUP
#define GROUP 1 /* work-items for one weight: 1, 64 */
#endif

/* e^x - 1. For f32 by argument reduction and Taylor's series to r^7, |r| <= ln 2 / 2, which
 * compilers make vectors of; beyond 88 it stays where it is. */
VECTOR less_one(VECTOR x)
{
#ifdef REAL_IS_DOUBLE
    return expm1(x);
#else
    const VECTOR in_reach = x > 88.0f ? (VECTOR)88.0f : x < -87.0f ? (VECTOR)-87.0f : x;
    const VECTOR n = rint(in_reach * 1.44269504f);
    const VECTOR r = in_reach - n * 0.693359375f - n * -2.12194440e-4f;
    VECTOR p = r * 1.98412698e-4f + 1.38888889e-3f;

    p = p * r + 8.33333333e-3f;
    p = p * r + 4.16666667e-2f;
    p = p * r + 1.66666667e-1f;
    p = p * r + 0.5f;
    p = p * r * r + r;

    const VECTOR scale = AS_FLOATS((TO_INTS(n) + 127) << 23);

    return scale * p + (scale - 1.0f);
#endif
}

/* The sum of the group's, and of each one's lanes; whole in the first item. */
REAL sum_of_group(VECTOR v, __local REAL parts[GROUP])
{
    REAL sum = sum_of(v);

#if GROUP > 1
    const uint lane = get_local_id(0);

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
    return sum;
}

/* ---- What the weights' kernels read ------------------------------------------------ */

/* h into hT, and own: one item for `run` inputs (dimension 0) of one hidden unit (1).
 * sizes: B, width, H. */
__kernel void units(ulong4 sizes, ulong run, __global const REAL *h,
                    __global const REAL *labels, __global const REAL *W2, ulong4 w2,
                    __global REAL *hT, __global REAL *own)
{
    const ulong B = sizes.s0, width = sizes.s1, H = sizes.s2, j = get_global_id(1);
    const ulong b0 = get_global_id(0) * run;

    for (ulong b = b0; b < min(b0 + run, width); b++) {
        const bool there = b < B;

        hT[j * width + b] = there ? h[b * H + j] : 0;
        own[j * width + b] = there ? W2[at(w2, 0, j, (ulong)labels[b])] : 0;
    }
}

/* t = tanh(sigma x): one item for `run` inputs (dimension 0) of one element of them (1). */
__kernel void shifts(ulong4 sizes, ulong run, REAL sigma, __global const REAL *x,
                     ulong4 layout, __global REAL *t)
{
    const ulong B = sizes.s0, width = sizes.s1, i = get_global_id(1);
    const ulong b0 = get_global_id(0) * run;

    for (ulong b = b0; b < min(b0 + run, width); b++)
        t[i * width + b] = b < B ? tanh(sigma * x[at(layout, 0, b, i)]) : 0;
}

/* p, and of each input its loss and whether its label has the largest logit (the first of
 * equals): one item for `run` inputs. sizes: B, width, C. */
__kernel void classes(ulong4 sizes, ulong run, __global const REAL *z,
                      __global const REAL *labels, __global REAL *p,
                      __global REAL *losses)
{
    const ulong B = sizes.s0, width = sizes.s1, C = sizes.s2;
    const ulong b0 = get_global_id(0) * run;

    for (ulong b = b0; b < min(b0 + run, width); b++) {
        __global const REAL *logit = z + b * C;
        ulong best = 0;
        REAL sum = 0;

        if (b >= B) {
            for (ulong c = 0; c < C; c++)
                p[c * width + b] = 0;
            continue;
        }
        for (ulong c = 1; c < C; c++)
            if (logit[c] > logit[best])
                best = c;
        for (ulong c = 0; c < C; c++)
            sum += p[c * width + b] = exp(logit[c] - logit[best]);
        for (ulong c = 0; c < C; c++)
            p[c * width + b] /= sum;
        losses[b] = log(sum) - (logit[(ulong)labels[b]] - logit[best]);
        losses[B + b] = best == (ulong)labels[b];
    }
}

/* ---- One weight ---------------------------------------------------------------------- */

/* W1[i, j], up and down: one group for i (dimension 0) and j (1).
 * sizes: B, width, C; d: sign, i, j. */
__kernel void first_layer(ulong4 sizes, __global const REAL *t, __global const REAL *h,
                          __global const REAL *own, __global const REAL *p,
                          __global const REAL *W2, ulong4 w2, __global REAL *D, ulong4 d)
{
    const ulong B = sizes.s0, width = sizes.s1, C = sizes.s2;
    const ulong i = get_group_id(0), j = get_group_id(1);
    VECTOR up = 0, down = 0;
    __local REAL parts[GROUP];

    t += i * width, h += j * width, own += j * width;
    for (ulong b = get_local_id(0) * LANES; b < width; b += GROUP * LANES) {
        const VECTOR s = LOAD(0, t + b), unit = LOAD(0, h + b), w = LOAD(0, own + b);
        const VECTOR slope = s * (1 - unit) * (1 + unit);
        const VECTOR a = slope / (1 + s * unit), c = -slope / (1 - s * unit);
        VECTOR with_a = 0, with_c = 0;

        for (ulong k = 0; k < C; k++) {
            const VECTOR share = LOAD(0, p + k * width + b);
            const REAL weight = W2[at(w2, 0, j, k)];

            with_a += share * less_one(a * weight);
            with_c += share * less_one(c * weight);
        }
        up += log1p(with_a) - a * w;
        down += log1p(with_c) - c * w;
    }

    const REAL sum_up = sum_of_group(up, parts), sum_down = sum_of_group(down, parts);

    if (get_local_id(0) == 0) {
        D[at(d, 0, i, j)] = sum_up / B;
        D[at(d, 1, i, j)] = sum_down / B;
    }
}

/* W2[j, c], up and down: one group for c (dimension 0) and j (1). d: sign, j, c. */
__kernel void second_layer(ulong4 sizes, REAL sigma, __global const REAL *h,
                           __global const REAL *labels, __global const REAL *p,
                           __global REAL *D, ulong4 d)
{
    const ulong B = sizes.s0, width = sizes.s1;
    const ulong c = get_group_id(0), j = get_group_id(1);
    VECTOR up = 0, down = 0;
    __local REAL parts[GROUP];

    h += j * width, p += c * width;
    for (ulong b = get_local_id(0) * LANES; b < width; b += GROUP * LANES) {
        const VECTOR a = sigma * LOAD(0, h + b), share = LOAD(0, p + b);
        const VECTOR w = LOAD(0, labels + b) == (VECTOR)c ? a : (VECTOR)0;

        up += log1p(share * less_one(a)) - w;
        down += log1p(share * less_one(-a)) + w;
    }

    const REAL sum_up = sum_of_group(up, parts), sum_down = sum_of_group(down, parts);

    if (get_local_id(0) == 0) {
        D[at(d, 0, j, c)] = sum_up / B;
        D[at(d, 1, j, c)] = sum_down / B;
    }
}

/* ---- All weights at once ------------------------------------------------------------- */

/* changes[q] = mean over b of the change from logits z to moved[q]: one group for q. */
__kernel void changes(ulong4 sizes, __global const REAL *z, __global const REAL *moved,
                      __global const REAL *labels, __global const REAL *p,
                      __global REAL *D, ulong4 d)
{
    const ulong B = sizes.s0, width = sizes.s1, C = sizes.s2, q = get_group_id(0);
    __local REAL parts[GROUP];
    REAL sum = 0;

    moved += q * B * C;
    for (ulong b = get_local_id(0); b < B; b += GROUP) {
        const ulong own = b * C + (ulong)labels[b];
        REAL u = 0;

        for (ulong c = 0; c < C; c++)
            u += p[c * width + b] * expm1(moved[b * C + c] - z[b * C + c]);
        sum += log1p(u) - (moved[own] - z[own]);
    }
#if GROUP > 1
    sum = sum_of_group(sum, parts);
#endif
    if (get_local_id(0) == 0)
        D[at(d, 0, 0, q)] = sum / B;
}
