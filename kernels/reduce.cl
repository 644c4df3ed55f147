/* reduce: C = activation(alpha * (sum of slabs) + beta * C + bias)          (REAL)
 * The end of a product whose K was cut into slabs: each has an M x N sum of its own in
 * `sums` (slab, product, row, column), whose rows are `row` apart. They are added in order,
 * so that the same inputs give the same bits on every run. Included by the strategies'
 * kernel files.
 */

/* Slabs' sums that are asked for together. */
#define ASKED 8

/* One item: `run` columns (dimension 0) of one row (1) of one product (2). */
__kernel void reduce(ulong4 sizes, ulong slabs, ulong row, ulong run,
                     __global const REAL *sums, __global REAL *C, ulong4 c,
                     REAL alpha, REAL beta, __global const REAL *bias, ulong4 d,
                     uint epilogue)
{
    const ulong M = sizes.s0, N = sizes.s1, slab = sizes.s3 * M * row;
    const ulong j0 = get_global_id(0) * run, j1 = min(j0 + run, N);
    const ulong i = get_global_id(1), t = get_global_id(2);
    ulong j = j0;

    sums += (t * M + i) * row;
#ifdef LANES
    PLAIN_LOOP
    for (; j + LANES <= j1; j += LANES) {
        VECTOR sum = LOAD(0, sums + j);
        REAL of_vector[LANES];

        PLAIN_LOOP
        for (ulong s = 1; s < slabs; s++)
            sum += LOAD(0, sums + s * slab + j);
        STORE(sum, 0, of_vector);
        PLAIN_LOOP
        for (uint r = 0; r < LANES; r++)
            finish(C, at(c, t, i, j + r), alpha, of_vector[r], beta, bias,
                   at(d, t, i, j + r), epilogue);
    }
    PLAIN_LOOP
#endif
    for (; j < j1; j++) {
        __global const REAL *from = sums + j;
        REAL sum = *from;
        ulong s = 1;

        from += slab;
#ifdef LANES
        PLAIN_LOOP
#else
        for (; s + ASKED <= slabs; s += ASKED) {
            REAL part[ASKED];

#pragma unroll
            for (uint n = 0; n < ASKED; n++, from += slab)
                part[n] = *from;
#pragma unroll
            for (uint n = 0; n < ASKED; n++)
                sum += part[n];
        }
#endif
        for (; s < slabs; s++, from += slab)
            sum += *from;
        finish(C, at(c, t, i, j), alpha, sum, beta, bias, at(d, t, i, j), epilogue);
    }
}
