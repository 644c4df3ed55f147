/* judge.h: one case, run by every strategy and judged. */
#ifndef CONFORMANCE_JUDGE_H
#define CONFORMANCE_JUDGE_H

#include "case.h"
#include "matmul/strategy.h"

enum { MAX_REASONS = 24, REASON_SIZE = 160 };

/* What one strategy, or the router, came to over all cases. */
typedef struct tally {
    const char *name;   /* of the strategy; "router" for the router */
    const char *forced; /* what to ask for; NULL for the router */
    unsigned long sets; /* 0: with the parameters it chooses; else that many sets of its
                            space, others for each case */
    unsigned long run;  /* judged */
    unsigned long empty; /* judged, but K, alpha or the result was 0: no strategy ran */
    unsigned long skipped;
    unsigned long failed;
    double worst; /* largest error ratio that was right */
    unsigned long num_reasons;
    struct {
        char text[REASON_SIZE]; /* why a case was skipped, sizes left out */
        unsigned long count;
    } reasons[MAX_REASONS];
} tally;

/* Runs the case with each of `tallies` and counts. False if the case failed anywhere. A
 * failure is printed when `*prints` is above 0, which is then counted down. */
bool run_case(tsr_device *device, const test_case *c, tally *tallies, size_t count,
              int *prints);

/* Runs the case with one parameter set of the tally's strategy, if the set fits it: *fits.
 * False if it failed. */
bool run_case_with_set(tsr_device *device, const test_case *c, tally *t,
                       const tsr__parameters *set, bool *fits, int *prints);

#endif /* CONFORMANCE_JUDGE_H */
