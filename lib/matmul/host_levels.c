#include "matmul/host_loops.h"

#include <stdbool.h>

#define HAS(feature) (__builtin_cpu_supports(feature) != 0)

size_t tsr__host_levels(const tsr__host_loops *levels[TSR__HOST_MOST_LEVELS])
{
    size_t count = 0;

#ifdef TSR__HOST_LEVELS
    const bool v3 = HAS("avx2") & HAS("fma") & HAS("bmi") & HAS("bmi2");
    const bool v4 = v3 & HAS("avx512f") & HAS("avx512bw") & HAS("avx512cd") &
                    HAS("avx512dq") & HAS("avx512vl");

    if (v4)
        levels[count++] = &tsr__host_v4;
    if (v3)
        levels[count++] = &tsr__host_v3;
#endif
    levels[count++] = &tsr__host_baseline;
    return count;
}
