/* candidates.h: the ways to solve a problem, and what is known of each. */
#ifndef TSR_MATMUL_CANDIDATES_H
#define TSR_MATMUL_CANDIDATES_H

#include "matmul/stage.h"

/* A strategy with a set of parameters. */
typedef struct tsr__candidate {
    const tsr__strategy *strategy;
    bool has_set; /* false: its own best guess */
    tsr__parameters set;
    double estimate; /* seconds, by the cost model */
    tsr__plan plan;
    bool built;
    /* Seconds: at best when it was tried, then as its last finals say; 0: not measured, or
     * not in the race any more. */
    double best;
    unsigned loops; /* that make a batch long enough for the clock */
} tsr__candidate;

typedef struct tsr__candidates {
    tsr__candidate *items; /* owned; must stay where they are once plans are made */
    size_t count;
} tsr__candidates;

/* All that facts do not rule out: each of the strategies with its own best guess, then the
 * other sets of their spaces, last those that override a best guess for good, each in the
 * order of their estimates, without those that should take many times as long as the best.
 * The first is `stock`, whatever it should take.
 * Errors: HOST_MEMORY. */
tsr_status tsr__candidates_find(const tsr__problem *problem,
                                const tsr_device_info *info,
                                const tsr__strategy *const *strategies, size_t count,
                                const tsr__strategy *stock, tsr__candidates *out);

/* Moves the one with this set to place `at`, or adds it there; NULL for a best guess. One
 * that is before `at` stays. *place is where it is. Errors: HOST_MEMORY. */
tsr_status tsr__candidates_prefer(tsr__candidates *all, const tsr__strategy *strategy,
                                  const tsr__parameters *set, size_t at, size_t *place);

/* Whether it is of a strategy whose sets override its best guess for good. */
bool tsr__candidate_is_exclusive(const tsr__candidate *candidate);

/* Whether it can be timed again. Otherwise it is timed once and for all: to have it back
 * later would cost a build, or it is a best guess that is overridden by now. */
bool tsr__candidate_can_repeat(const tsr__candidate *candidate, tsr_device *device,
                               const tsr__problem *problem);

/* Whether to try it takes a best guess away for good. */
bool tsr__candidate_overrides(const tsr__candidate *candidate);

void tsr__candidates_free(tsr__candidates *all);

/* Makes the plans of `count` candidates from `first` on, in as many threads, where the
 * driver builds in parallel. One that fails is not `built`. */
void tsr__candidates_build(tsr_device *device, const tsr__problem *problem,
                           tsr__candidate *first, size_t count);

#endif /* TSR_MATMUL_CANDIDATES_H */
