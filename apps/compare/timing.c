#include "timing.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* Nothing is so quick that more calls would be needed: 10 ns each fill a batch. */
#define MAX_LOOPS 10000000

/* Nanoseconds between two looks at the process's CPU time. */
#define LOOK_NS 4000000L

/* An idle process uses less of a core: to look takes a little, too. */
#define IDLE_SHARE 0.2

static double cpu_seconds(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
}

bool timing_wait_idle(double most_seconds)
{
    const double end = clock_now() + most_seconds;
    double now = clock_now();

    while (now < end) {
        const double then = now, used = cpu_seconds();

        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
        now = clock_now();
        if (cpu_seconds() - used < IDLE_SHARE * (now - then))
            return true;
    }
    return false;
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
