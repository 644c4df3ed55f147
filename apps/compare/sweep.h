/* sweep.h: --sweep and --sweep-rows: many products from a range of one size. */
#ifndef COMPARE_SWEEP_H
#define COMPARE_SWEEP_H

#include "shapes.h"

/* "LO:HI[:STEPS]": STEPS sizes, LO and HI among them, evenly spaced on a logarithmic
 * scale. A failure names `option`. */
typedef struct sweep {
    size_t low, high;
    size_t steps; /* 0: not said */
} sweep;

bool sweep_parse(const char *text, const char *option, sweep *out, failure *why);

/* Squares: M = N = K, and the rest as `otherwise` says. If the steps are not said, one for
 * each doubling. Sizes between the ends are multiples of 8 from 64 on. */
bool sweep_squares(const sweep *s, const problem *otherwise, problem_list *out,
                   failure *why);

/* M, with N, K and the rest of `otherwise`. If the steps are not said, two for each
 * doubling. */
bool sweep_rows(const sweep *s, const problem *otherwise, problem_list *out,
                failure *why);

#endif /* COMPARE_SWEEP_H */
