/* epilogue: C = activation(beta * C + bias)    one work-item per element
 *
 * C is M x N. beta == 0 never reads C. Work-items beyond column N do nothing.
 */
__kernel void epilogue(ulong4 sizes, __global REAL *C, ulong4 c, REAL beta,
                       __global const REAL *bias, ulong4 d, uint epilogue_of)
{
    const ulong j = get_global_id(0), i = get_global_id(1), t = get_global_id(2);

    if (j < sizes.s1)
        finish(C, at(c, t, i, j), 0, 0, beta, bias, at(d, t, i, j), epilogue_of);
}
