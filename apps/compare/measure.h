/* measure.h: one problem, all runners: is each right, and how long does it take? */
#ifndef COMPARE_MEASURE_H
#define COMPARE_MEASURE_H

#include "results.h"
#include "runner.h"

/* A row that would take longer than this is skipped. */
#define MEASURE_ROW_SECONDS 60.0

typedef struct measure_plan {
    tsr_device *device;
    tsr_roof_probe *probe; /* one more runner in the round, for the roof */
    runner *runners;       /* used in turns, in this order */
    size_t runner_count;
    size_t batches;
} measure_plan;

/* Fills `out`. In a dtype that the device has not, all rows are skipped, and there is no
 * roof. A runner that fails or is wrong is a row; only what concerns the whole
 * problem (its operands, Ctrl-C) is a failure, and then `out` is empty. *result, if asked
 * for, becomes a copy of what tessera made, or NULL if that is not right; the caller
 * frees it. */
bool measure_case(const measure_plan *plan, const problem *p, inputs *in,
                  case_result *out, void **result, failure *why);

#endif /* COMPARE_MEASURE_H */
