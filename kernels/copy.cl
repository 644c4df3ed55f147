/* copy: dst = src, element by element, any strides, up to three axes
 *
 *     dst[at(to, t, i, j)] = src[at(from, t, i, j)]
 *         j < size.s0,  i < size.s1,  t < size.s2
 *
 * One work-item per element; j is the axis along which dst is contiguous or nearly so,
 * whichever axis of the tensor that is: the host sorts them. Elements move as integers,
 * so that every bit arrives: NaN payloads, signed zeros and denormals too.
 */
#ifdef REAL_IS_DOUBLE
#define WORD ulong
#else
#define WORD uint
#endif

__kernel void copy(__global const WORD *src, ulong4 from, __global WORD *dst, ulong4 to,
                   ulong4 size)
{
    ulong j = get_global_id(0);
    ulong i = get_global_id(1);
    ulong t = get_global_id(2);

    if (j < size.s0 && i < size.s1 && t < size.s2)
        dst[at(to, t, i, j)] = src[at(from, t, i, j)];
}
