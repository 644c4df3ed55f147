#define _GNU_SOURCE /* _SC_LEVEL3_CACHE_SIZE */
#include "cold.h"

#include <unistd.h>

#define UNKNOWN_CACHE 64e6

static double host_cache(void)
{
#ifdef _SC_LEVEL3_CACHE_SIZE
    const long third = sysconf(_SC_LEVEL3_CACHE_SIZE),
               second = sysconf(_SC_LEVEL2_CACHE_SIZE);

    return (double)(third > 0 ? third : second > 0 ? second : 0);
#else
    return 0;
#endif
}

double cold_bytes(const tsr_device_info *device)
{
    const double own = (double)device->cache_bytes, host = host_cache();
    const double cache = own > host ? own : host;

    return 4 * (cache > 0 ? cache : UNKNOWN_CACHE);
}

/* A, B and C, C of the host's runners, and half as many sets in f64. */
#define COPIES 3.0

bool cold_fits(double bytes, const tsr_device_info *device, failure *why)
{
    const double physical =
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);

    if (bytes <= (double)device->memory_bytes &&
        (physical <= 0 || COPIES * bytes <= physical))
        return true;
    return fail_with(why, EXIT_INPUT,
                     "--cold needs %.1f GB of the device's memory and %.1f GB of the "
                     "host's; --cold=MB with a smaller MB needs less",
                     bytes * 1e-9, COPIES * bytes * 1e-9);
}
