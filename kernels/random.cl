/* random: uniform numbers in [lo, hi), the same on every device and in plain C
 *
 *     element i = fma(u, span, lo)      u: the high bits of word(s) of Philox4x32-10
 *
 *     block b, four 32-bit words = philox(counter = (b, b >> 32, 0, 0), key = seed)
 *     f32    i = 4 b + e    u = (word[e] >> 8) * 2^-24
 *     f64    i = 2 b + e    u = (word[2 e + 1] : word[2 e] >> 11) * 2^-53, high : low
 *
 * i counts row-major over the shape, whatever the strides. One work-item per block.
 * lib/memory/random.c is the same text in plain C; the two change together. Only
 * integers, fma and comparisons are used: they are exact on every device.
 */
#ifdef REAL_IS_DOUBLE
#define PER_BLOCK 2
#define SMALLEST_NORMAL 0x1p-1022
#else
#define PER_BLOCK 4
#define SMALLEST_NORMAL 0x1p-126f
#endif

#include "philox.cl"

/* fma may round up to hi, and a device may flush what is too small for a normal number;
 * `below` is the largest normal number (or 0) under hi. */
REAL place(REAL u, REAL lo, REAL span, REAL below)
{
    REAL x = fma(u, span, lo);

    if (fabs(x) < SMALLEST_NORMAL)
        x = 0;
    return x > below ? below : x;
}

REAL unit(const uint words[4], int e)
{
#ifdef REAL_IS_DOUBLE
    return (double)(upsample(words[2 * e + 1], words[2 * e]) >> 11) * 0x1p-53;
#else
    return (float)(words[e] >> 8) * 0x1p-24f;
#endif
}

/* size: rows, columns and count of the tensor; a dense one is given as one long row. */
__kernel void fill_uniform(__global REAL *x, ulong4 layout, ulong4 size, uint2 key,
                           REAL lo, REAL span, REAL below)
{
    ulong block = get_global_id(0);
    ulong rows = size.s0, columns = size.s1, count = size.s2;
    uint words[4] = {(uint)block, (uint)(block >> 32), 0, 0};

    philox(words, key);
    for (int e = 0; e < PER_BLOCK; e++) {
        ulong i = block * PER_BLOCK + e;
        ulong row = columns < count ? i / columns : 0; /* division is slow */
        ulong column = i - row * columns;
        ulong layer = row < rows ? 0 : row / rows;

        if (i < count)
            x[at(layout, layer, row - layer * rows, column)] =
                place(unit(words, e), lo, span, below);
    }
}
