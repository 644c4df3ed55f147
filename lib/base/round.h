/* round.h: a double rounded to float and back.
 *
 * Volatile, because gcc 12 drops the rounding of two neighbouring doubles when it makes
 * one vector of them (-O2 and up, x86-64).
 */
#ifndef TSR_BASE_ROUND_H
#define TSR_BASE_ROUND_H

static inline double tsr__round_to_f32(double x)
{
    volatile float narrow = (float)x;

    return (double)narrow;
}

#endif /* TSR_BASE_ROUND_H */
