/* pace.h: how long it takes to try a candidate, by the last one of its strategy.
 *
 * To build and to judge it; what its product takes is not in it.
 */
#ifndef TSR_MATMUL_PACE_H
#define TSR_MATMUL_PACE_H

#include "matmul/strategy.h"

/* Most strategies there can be. */
#define TSR__MOST_STRATEGIES 32

/* All zeros knows of none. */
typedef struct tsr__pace {
    const tsr__strategy *strategies[TSR__MOST_STRATEGIES];
    double seconds[TSR__MOST_STRATEGIES];
} tsr__pace;

/* 0 if it is not known. */
double tsr__pace_of(const tsr__pace *pace, const tsr__strategy *strategy);

void tsr__pace_note(tsr__pace *pace, const tsr__strategy *strategy, double seconds);

#endif /* TSR_MATMUL_PACE_H */
