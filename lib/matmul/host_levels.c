#include "matmul/host_loops.h"

#include <stdbool.h>

size_t tsr__host_levels(const tsr__host_loops *levels[TSR__HOST_MOST_LEVELS])
{
    size_t count = 0;

#ifdef TSR__HOST_LEVELS
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");

    if (v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        levels[count++] = &tsr__host_v4;
    if (v3)
        levels[count++] = &tsr__host_v3;
#endif
    levels[count++] = &tsr__host_baseline;
    return count;
}
