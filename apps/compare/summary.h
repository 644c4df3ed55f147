/* summary.h: many cases in one number for each runner that tessera is compared with. */
#ifndef COMPARE_SUMMARY_H
#define COMPARE_SUMMARY_H

#include <stdio.h>

#include "results.h"

/* tessera's best time over that of another runner, below 1 where tessera is faster, over
 * the cases that both have done and made right. */
typedef struct summary {
    const char *runner; /* lent from the results */
    size_t cases;       /* how many there are; if 0, what follows is NAN and 0 */
    double geomean;
    double worst;      /* the largest */
    size_t worst_case; /* its index */
} summary;

/* How many runners there are beside tessera. Every case has the same ones. */
size_t summary_count(const results *all);

/* Of the one with that index, in the order of the table. */
summary summary_of(const results *all, size_t index);

/* The name of the runner with that index; "" beyond the last. */
const char *summary_runner(const results *all, size_t index);

/* Of one case; NAN if one of the two has no right result. */
double summary_ratio(const case_result *c, const char *runner);

/* The table of them. */
void summary_print(FILE *file, const results *all);

#endif /* COMPARE_SUMMARY_H */
