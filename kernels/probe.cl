/* probe: the two rates of the roof, memory reads and multiply-adds
 *
 * read_all    each work-item sums 4 * turns vectors, `step` apart, from id * start on:
 *                 start = slab, step = 1            a slab for each work-item (a CPU)
 *                 start = 1, step = global size     neighbours read neighbours (a GPU)
 *             Each element is its index, so the sums prove what was read.
 *
 * multiply_add    12 independent chains of x = a x + b: enough to hide a latency of 5
 *             cycles on 2 units, and few enough for 16 registers. With a = 1/2, b = 1
 *             every chain ends at 2, which proves that it was computed.
 */
#ifndef WIDTH
#define WIDTH 4 /* elements of a vector (1, 2, 4, 8, 16) */
#endif

#define PASTE(type, width) type##width
#define VECTOR_OF(type, width) PASTE(type, width)
#if WIDTH == 1
#define UINTS uint
#define REALS REAL
#else
#define UINTS VECTOR_OF(uint, WIDTH)
#define REALS VECTOR_OF(REAL, WIDTH)
#endif

#ifndef REAL_IS_DOUBLE
__kernel void read_all(ulong turns, __global const UINTS *x, ulong start, ulong step,
                       __global UINTS *sums)
{
    UINTS s0 = 0, s1 = 0, s2 = 0, s3 = 0;

    x += get_global_id(0) * start;
    for (ulong i = 0; i < turns; i++) {
        s0 += x[0];
        s1 += x[step];
        s2 += x[2 * step];
        s3 += x[3 * step];
        x += 4 * step;
    }
    sums[get_global_id(0)] = s0 + s1 + s2 + s3;
}
#endif

/* mad is one instruction on every GPU. PoCL's is a multiplication and an addition, but
 * its compiler contracts the expression to one: -DCONTRACT. */
#ifdef CONTRACT
#pragma OPENCL FP_CONTRACT ON
#define STEP(x) x = x * va + vb;
#else
#define STEP(x) x = mad(x, va, vb);
#endif

/* One multiply-add of every chain. Unrolled below by hand: not every compiler does. */
#define ROUND                                                                          \
    STEP(x0) STEP(x1) STEP(x2) STEP(x3) STEP(x4) STEP(x5)                              \
    STEP(x6) STEP(x7) STEP(x8) STEP(x9) STEP(x10) STEP(x11)

/* turns * 8 * 12 multiply-adds of WIDTH elements. */
__kernel void multiply_add(ulong turns, REAL a, REAL b, __global REALS *sums)
{
    REALS va = a, vb = b, x0 = (REAL)get_global_id(0);
    REALS x1 = x0 + 1, x2 = x0 + 2, x3 = x0 + 3, x4 = x0 + 4, x5 = x0 + 5;
    REALS x6 = x0 + 6, x7 = x0 + 7, x8 = x0 + 8, x9 = x0 + 9, x10 = x0 + 10;
    REALS x11 = x0 + 11;

    for (ulong i = 0; i < turns; i++) {
        ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND
    }
    sums[get_global_id(0)] =
        x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11;
}
