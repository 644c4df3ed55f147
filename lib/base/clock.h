/* clock.h: seconds on a clock that only goes forward. */
#ifndef TSR_BASE_CLOCK_H
#define TSR_BASE_CLOCK_H

#include <time.h>

static inline double tsr__seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif /* TSR_BASE_CLOCK_H */
