/* axis.h: from values to places on a picture, and where ticks go. */
#ifndef COMMON_AXIS_H
#define COMMON_AXIS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct axis {
    double low, high; /* values; low < high, and low > 0 if logarithmic */
    double from, to;  /* their places; from > to where up is more */
    bool logarithmic;
} axis;

double axis_place(const axis *a, double value);

#define AXIS_MAX_TICKS 32

/* Round values from low to high, at least 2 and not more than about `wanted`: steps of 1, 2
 * or 5 times a power of ten, or on a logarithmic axis 1, 2, 5 or whole powers of ten.
 * Gives back how many. */
size_t axis_ticks(const axis *a, size_t wanted, double ticks[AXIS_MAX_TICKS]);

/* Widens low and high to powers of ten times 1, 2 or 5. */
void axis_round_out(axis *a);

#endif /* COMMON_AXIS_H */
