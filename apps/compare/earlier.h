/* earlier.h: --compare: a saved run (compare --json) beside which this one is judged. */
#ifndef COMPARE_EARLIER_H
#define COMPARE_EARLIER_H

#include <stdio.h>

#include "results.h"
#include "shapes.h"

typedef struct earlier_run {
    const char *path;   /* lent */
    struct cJSON *root; /* owned */
} earlier_run;

/* Reads the file at `path`, whose name is lent. Fails if it is no result of compare. */
bool earlier_read(const char *path, earlier_run **out, failure *why);

/* Fails if nothing of this run is in the earlier one, so that nothing could be compared,
 * or if operands were in cache in one of the two and not in the other. */
bool earlier_fits(const earlier_run *e, const problem_list *problems, bool cold,
                  failure *why);

/* Fails under --fail-above if the two runs are of two devices. */
bool earlier_judges(const earlier_facts *e, const tsr_device_info *device,
                    failure *why);

/* Names what --fail-above cannot judge: products and runners on a device that are in the
 * earlier run and not in this one, and rows that have no time there. */
void earlier_name_missing(const earlier_run *e, const results *all, FILE *file);

earlier_facts earlier_facts_of(const earlier_run *e);

/* Puts into each row what the same runner took for the same product, and the noise: the
 * larger of how far best and median batch lie apart in the two runs, but at least
 * EARLIER_LEAST_NOISE. NULL matches nothing. */
void earlier_match(const earlier_run *e, case_result *c);

#define EARLIER_LEAST_NOISE 0.03

void earlier_free(earlier_run *e);

#endif /* COMPARE_EARLIER_H */
