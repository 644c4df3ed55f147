/* The bound, from theory.
 *
 * Before the activation (Higham, Accuracy and Stability of Numerical Algorithms, 2nd
 * ed., 3.5), with b = bias or not:
 *
 *     E = gamma(k + 2 + b) * magnitude + (k + 2 + b) * tiny
 *
 * tiny, the smallest normal number, is there because a device may flush denormal results
 * to zero: each of the k + 2 + b operations can lose that much. The oracle's own rounding
 * is added, so that a result at the very edge is not blamed for it: the same formula with
 * the unit of the wider type, 2^-29 (f32) or 2^-11 (f64) of E.
 *
 * gamma(n) = n u / (1 - n u) needs n u < 1. Where n u is above 1/2 (k beyond 2^23 in f32)
 * 2 n u is used: n u alone already bounds a sum of any length (Jeannerod and Rump, Improved
 * error bounds for inner products, SIAM J. Matrix Anal. Appl. 34, 2013).
 *
 * An activation f turns E into slope * E + F, F being what f itself may be off by. With
 * OpenCL 1.2, 7.4, full profile, one ulp being at most 2u of the value (and tiny where it
 * is flushed):
 *
 *             f32        f64           used in      slope
 *     tanh    5 ulp      5 ulp         tanh         1
 *     exp     3 ulp      3 ulp         sigmoid      1/4
 *     x / y   2.5 ulp    0.5 ulp       sigmoid
 *     erf     16 ulp     16 ulp        gelu         1.129
 *
 *     relu      F = 0.
 *     tanh      F = 10u |y|.
 *     sigmoid   exp is off by 6u of itself, which is a part of 1 + exp; that sum is rounded
 *               (u); the quotient is off by 5u (f64: u). F = (6u + u + 5u) |y|.
 *     gelu      x / sqrt(2): a rounded constant and a rounded product, 2u of the
 *               argument; they move erf by at most 2u max|z erf'(z)| = 2u * 0.484 < u.
 *               erf is off by 32u of at most 1, 1 + erf is rounded (2u at most), all times
 *               |x| / 2; the two products round y (u; halving is exact). This is absolute:
 *               where erf is near -1 the sum cancels. F = 35u |x| / 2 + 2u |y|.
 *
 * f is evaluated at the computed x, not the exact one, so |x| and |y| are taken at their
 * largest, with E added. Every F has 2 tiny for a flushed function value and result.
 *
 * Range. Theory assumes that nothing overflows. Of a sum with the value x and the
 * magnitude M, the positive terms make (M + x) / 2 and the negative ones (M - x) / 2. Where
 * the first reaches the dtype's largest number, a right program may have met +infinity, and
 * where the second does, -infinity; then f of that infinity is accepted, and NaN where both
 * may be met. So an exact value beyond FLT_MAX is right as the same infinity, or as
 * FLT_MAX if that is within the bound. Denormal operands may be flushed by a device too;
 * the bound does not allow for that where the other operand is large.
 */
#include "matmul/bound.h"

#include <float.h>
#include <math.h>

#include "matmul/exact.h"

typedef struct arithmetic {
    double u;        /* half the distance from 1 to the next number */
    double tiny;     /* the smallest normal number */
    double largest;  /* the largest number */
    double own_u;    /* the unit of the wider sums the oracle makes */
    double quotient; /* error of x / y, in units of u */
} arithmetic;

static const arithmetic f32 = {FLT_EPSILON / 2, FLT_MIN, FLT_MAX, DBL_EPSILON / 2, 5};
static const arithmetic f64 = {DBL_EPSILON / 2, DBL_MIN, DBL_MAX,
                               (double)(LDBL_EPSILON / 2), 1};

static const arithmetic *arithmetic_of(tsr_dtype dtype)
{
    return dtype == TSR_F32 ? &f32 : &f64;
}

static double gamma_of(double n, double u)
{
    return n * u < 0.5 ? n * u / (1 - n * u) : 2 * n * u;
}

/* E of `count` elements together. What is exactly infinite or NaN has no error. */
static double sum_bound(const tsr_host_product *p, size_t count, long double magnitude)
{
    const arithmetic *is = arithmetic_of(p->dtype);
    double terms = (double)p->k + (p->bias.data ? 3 : 2);
    double own = terms + (double)(count > 1 ? count + p->k : 0);

    if (!isfinite(magnitude))
        return (double)count * terms * is->tiny;
    return (double)((gamma_of(terms, is->u) + gamma_of(own, is->own_u)) * magnitude) +
           (double)count * terms * is->tiny;
}

static double activation_bound(const tsr_host_product *p, long double value, double e)
{
    const arithmetic *is = arithmetic_of(p->dtype);
    double x = (double)fabsl(value) + e, y;

    switch (p->activation) {
    case TSR_ACTIVATION_NONE:
    case TSR_ACTIVATION_RELU:
        return e;
    case TSR_ACTIVATION_TANH:
        y = fmin(1, (double)fabsl(tsr__activate(p->activation, value)) + e);
        return e + 10 * is->u * y + 2 * is->tiny;
    case TSR_ACTIVATION_SIGMOID:
        y = fmin(1, (double)tsr__activate(p->activation, value) + e / 4);
        return e / 4 + (7 + is->quotient) * is->u * y + 2 * is->tiny;
    case TSR_ACTIVATION_GELU: /* |gelu(x)| <= |x| */
        return 1.129 * e + 35 * is->u * x / 2 + 2 * is->u * x + 2 * is->tiny;
    }
    return e;
}

/* Sets the range flags. With |alpha| < 1 the sum before alpha is the larger one. */
static void judge_range(const tsr_host_product *p, long double value,
                        long double magnitude, double e, tsr__expected *out)
{
    double largest = arithmetic_of(p->dtype)->largest;
    long double alpha = fabsl((long double)p->alpha);
    long double scale = alpha > 0 && alpha < 1 ? 1 / alpha : 1;

    out->may_overflow = (magnitude + value) / 2 * scale + e >= largest;
    out->may_underflow = (magnitude - value) / 2 * scale + e >= largest;
}

tsr__expected tsr__expect(const tsr_host_product *p, long double value,
                          long double magnitude)
{
    double e = sum_bound(p, 1, magnitude);
    tsr__expected expected = {.exact = tsr__activate(p->activation, value),
                              .bound = activation_bound(p, value, e)};

    judge_range(p, value, magnitude, e, &expected);
    return expected;
}

tsr__expected tsr__expect_sum(const tsr_host_product *p, size_t count,
                              long double value, long double magnitude)
{
    double e = sum_bound(p, count, magnitude);
    tsr__expected expected = {.exact = value, .bound = e};

    judge_range(p, value, magnitude, e, &expected);
    return expected;
}

static bool same(long double a, long double b)
{
    return a == b || (isnan(a) && isnan(b));
}

double tsr__error_ratio(const tsr_host_product *p, const tsr__expected *expected,
                        long double got)
{
    bool up = expected->may_overflow, down = expected->may_underflow;

    if (same(got, expected->exact) ||
        (up && same(got, tsr__activate(p->activation, HUGE_VALL))) ||
        (down && same(got, tsr__activate(p->activation, -HUGE_VALL))) ||
        (up && down && isnan(got)))
        return 0;
    if (!isfinite(got) || !isfinite(expected->exact))
        return HUGE_VAL;
    return (double)(fabsl(got - expected->exact) / expected->bound);
}
