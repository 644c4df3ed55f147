/* series.h: cases that differ in one size only, which a plot shows as curves. */
#ifndef COMPARE_SERIES_H
#define COMPARE_SERIES_H

#include "results.h"

typedef enum series {
    SERIES_NONE,    /* a single case, or several of all kinds */
    SERIES_SQUARES, /* M = N = K, rising */
    SERIES_ROWS     /* M, rising, by the same N and K */
} series;

series series_of(const results *all);

#endif /* COMPARE_SERIES_H */
