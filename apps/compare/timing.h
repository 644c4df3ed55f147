/* timing.h: times as %timeit takes them.
 *
 * One call may be too short for a clock and too short to stand for anything, so calls are
 * made in batches that last about TIMING_BATCH_SECONDS; a call that lasts longer is a
 * batch of its own. The best batch is the time without disturbance, the median is what to
 * expect, and a slowest batch far above the best is worth a warning.
 */
#ifndef COMPARE_TIMING_H
#define COMPARE_TIMING_H

#include <stdbool.h>
#include <stddef.h>

#include "clock.h"

#define TIMING_BATCH_SECONDS 0.05

/* A slowest batch beyond this many times the fastest is worth a warning (%timeit's 4). */
#define TIMING_UNEVEN 4.0

/* Seconds per call. */
typedef struct timing {
    size_t loops, batches;
    double best, median, slowest;
} timing;

/* Waits until no other thread of this process computes, but at most so many seconds; whether
 * that came. Where the system does not say (there is no /proc), it never does. */
bool timing_wait_idle(double most_seconds);

/* Steps towards the loops that fill a batch. Start with *loops = 1, time that many calls,
 * and pass what they took; true when *loops is final. */
bool timing_choose_loops(size_t *loops, double elapsed);

/* Sorts `per_call`, the batches' seconds per call. batches > 0. */
timing timing_of(double *per_call, size_t batches, size_t loops);

bool timing_is_uneven(const timing *t);

#endif /* COMPARE_TIMING_H */
