/* clock.h: seconds on a clock that only goes forward. lib/base/clock.h is the same for the
 * library, whose inner headers programs do not see. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <time.h>

static inline double clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif /* COMMON_CLOCK_H */
