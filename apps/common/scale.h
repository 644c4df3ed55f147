/* scale.h: an axis as it is drawn: a line for each round value, and what that is. */
#ifndef COMMON_SCALE_H
#define COMMON_SCALE_H

#include "axis.h"
#include "canvas.h"

/* Writes a value. */
typedef void scale_text(double value, char *text, size_t size);

/* Where lines begin and end, left to right or top to bottom. */
typedef struct span {
    double from, to;
} span;

/* Lines across the picture, about `wanted` of them, with their values on the left. */
void scale_across(canvas *c, const axis *a, size_t wanted, span across,
                  scale_text *write);

/* Lines down the picture, with their values below. */
void scale_down(canvas *c, const axis *a, size_t wanted, span down, scale_text *write);

/* "20%" for 0.2, and as short as the value is. */
void scale_percent(double value, char *text, size_t size);
void scale_plain(double value, char *text, size_t size);

#endif /* COMMON_SCALE_H */
