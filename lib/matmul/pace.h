/* pace.h: how long it takes to try a candidate, by the last ones of its strategy.
 *
 * To build and to judge it; what its product takes is not in it. Among many that are quick,
 * as they are built already, one may take long: so it goes up at once, and down by halves.
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

/* At least 0. */
void tsr__pace_note(tsr__pace *pace, const tsr__strategy *strategy, double seconds);

#endif /* TSR_MATMUL_PACE_H */
