#include "timing.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* Nothing is so quick that more calls would be needed: 10 ns each fill a batch. */
#define MAX_LOOPS 10000000

void clock_pause(double seconds)
{
    const time_t whole = (time_t)seconds;
    const struct timespec span = {.tv_sec = whole,
                                  .tv_nsec = (long)((seconds - (double)whole) * 1e9)};

    nanosleep(&span, NULL);
}

bool timing_choose_loops(size_t *loops, double elapsed)
{
    const double wanted = (double)*loops * TIMING_BATCH_SECONDS;

    if (elapsed >= TIMING_BATCH_SECONDS / 5) {
        /* Long enough to go by. */
        *loops = elapsed >= wanted ? 1 : (size_t)ceil(wanted / elapsed);
        return true;
    }
    if (*loops >= MAX_LOOPS)
        return true;
    *loops *= elapsed > TIMING_BATCH_SECONDS / 50 ? 5 : 10;
    if (*loops > MAX_LOOPS)
        *loops = MAX_LOOPS;
    return false;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

timing timing_of(double *per_call, size_t batches, size_t loops)
{
    qsort(per_call, batches, sizeof *per_call, compare_doubles);
    return (timing){
        .loops = loops,
        .batches = batches,
        .best = per_call[0],
        .median = (per_call[(batches - 1) / 2] + per_call[batches / 2]) / 2,
        .slowest = per_call[batches - 1],
    };
}

bool timing_is_uneven(const timing *t)
{
    return t->slowest > TIMING_UNEVEN * t->best;
}
