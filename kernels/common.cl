/* common: what every kernel file begins with; the library puts it before each of them.
 *
 * REAL is the element type, float or double (-DREAL_IS_DOUBLE). A matrix is a pointer
 * and a layout, a ulong4 in elements:
 *
 *     element (batch t, row i, column j) is at  offset + t*batch + i*row + j*column
 *
 * so that transposes, views, broadcasts (a stride of 0) and batches are one formula.
 *
 * Sums are written  s += a * b,  which OpenCL C lets a compiler contract to one fused
 * multiply-add. Not mad(), which PoCL 3.1 never fuses, nor fma(), which is slow where the
 * hardware has none.
 */
#ifdef REAL_IS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#define REAL double
#define REAL2 double2
#define REAL4 double4
#define REAL8 double8
#define REAL16 double16
#else
#define REAL float
#define REAL2 float2
#define REAL4 float4
#define REAL8 float8
#define REAL16 float16
#endif

/* A function that must become part of its kernel, or arrays it is given would stay in
 * memory. */
#define INLINE static __attribute__((always_inline))

/* Kernels for CPUs spell vectors out: -DLANES is the device's native width. */
#ifdef LANES

/* Before a loop over edges: neither in vectors nor unrolled. Those copies of it would take
 * longer to compile than it ever runs. */
#define PLAIN_LOOP _Pragma("clang loop vectorize(disable) unroll(disable)")

#if LANES == 4
#define VECTOR REAL4
#elif LANES == 8
#define VECTOR REAL8
#elif LANES == 16
#define VECTOR REAL16
#else
#error "LANES must be 4, 8 or 16"
#endif

/* Vector i of those at p, which is aligned like a REAL. PoCL's vload16() and vstore16()
 * are pieces of 2, 4 and 8, which become one instruction only sometimes. */
typedef VECTOR VECTOR_ANYWHERE __attribute__((aligned(sizeof(REAL))));

#define VECTORS_IN(SPACE)                                                              \
    VECTOR __attribute__((overloadable)) LOAD(ulong i, SPACE const REAL *p)            \
    {                                                                                  \
        return *(SPACE const VECTOR_ANYWHERE *)(p + i * LANES);                        \
    }                                                                                  \
    void __attribute__((overloadable)) STORE(VECTOR v, ulong i, SPACE REAL *p)         \
    {                                                                                  \
        *(SPACE VECTOR_ANYWHERE *)(p + i * LANES) = v;                                 \
    }

VECTORS_IN(__global)
VECTORS_IN(__local)
VECTORS_IN(__private)

/* Halves of a vector added until there are four elements. */
REAL4 folded(VECTOR v)
{
#if LANES == 16
    const REAL8 eight = v.lo + v.hi;

    return eight.lo + eight.hi;
#elif LANES == 8
    return v.lo + v.hi;
#else
    return v;
#endif
}

/* The sum of a vector's elements, always in the same order. */
REAL sum_of(VECTOR v)
{
    const REAL4 four = folded(v);
    const REAL2 two = four.lo + four.hi;

    return two.x + two.y;
}

/* The same of four vectors. */
REAL4 sums_of(VECTOR v0, VECTOR v1, VECTOR v2, VECTOR v3)
{
    const REAL4 a = folded(v0), b = folded(v1), c = folded(v2), d = folded(v3);

    return ((REAL4)(a.x, b.x, c.x, d.x) + (REAL4)(a.z, b.z, c.z, d.z)) +
           ((REAL4)(a.y, b.y, c.y, d.y) + (REAL4)(a.w, b.w, c.w, d.w));
}

#define LINE (64 / sizeof(REAL)) /* of a cache, on most CPUs */

/* Asks for memory before it is needed: COMING soon, or COMING_LATER, after more than a
 * first cache holds, which what is asked for would only pass through. OpenCL's prefetch()
 * does nothing in PoCL; compilers for CPUs have their own. */
#if defined(__x86_64__) || defined(__aarch64__)
#define COMING(p)       __builtin_prefetch((const void *)(size_t)(p))
#define COMING_LATER(p) __builtin_prefetch((const void *)(size_t)(p), 0, 2)
#else
#define COMING(p)
#define COMING_LATER(p)
#endif
#endif

#define OFFSET(layout) ((layout).s0)
#define ROW(layout) ((layout).s1)
#define COLUMN(layout) ((layout).s2)
#define BATCH(layout) ((layout).s3)

/* Index of element (i, j) of batch t. */
ulong at(ulong4 layout, ulong t, ulong i, ulong j)
{
    return OFFSET(layout) + t * BATCH(layout) + i * ROW(layout) + j * COLUMN(layout);
}

/* The epilogue: what becomes of a finished sum. `epilogue` is tsr_activation's value, and
 * BIAS with it if there is a bias. A program is built for none at all or, with -DEPILOGUE,
 * for all of them: each build costs far more than the switch. */
#define BIAS 16

#ifdef EPILOGUE
REAL activate(REAL x, uint activation)
{
    switch (activation) {
    case 1: return x < 0 ? (REAL)0 : x; /* relu; keeps NaN, which fmax would drop */
    case 2: return tanh(x);
    case 3: return (REAL)1 / ((REAL)1 + exp(-x)); /* sigmoid */
    case 4: return (REAL)0.5 * x * ((REAL)1 + erf(x * (REAL)0.70710678118654752440));
    default: return x; /* none */
    }
}
#endif

/* x + beta * c. Where C is added, x is alpha * sum, and of two products a compiler may fuse
 * either: an edge of C and what is inside it would not be the same to the bit. So it is said
 * which, for CPUs that can, in elements or in vectors. */
#if defined(__FMA__) || defined(__aarch64__)
#define PLUS(x, beta, c) fma(beta, c, x)
#else
#define PLUS(x, beta, c) ((x) + (beta) * (c))
#endif

/* activation(alpha * sum + beta * c + bias), stored at index c_at of C. beta == 0 never
 * reads C. Without a bias its pointer is not touched. */
void finish(__global REAL *C, ulong c_at, REAL alpha, REAL sum, REAL beta,
            __global const REAL *bias, ulong bias_at, uint epilogue)
{
    REAL x = alpha * sum;

    if (beta != 0)
        x = PLUS(x, beta, C[c_at]);
#ifdef EPILOGUE
    if (epilogue & BIAS)
        x += bias[bias_at];
    x = activate(x, epilogue & (BIAS - 1));
#endif
    C[c_at] = x;
}
