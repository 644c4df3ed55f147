#define _GNU_SOURCE /* sched_getaffinity */
#include "cores.h"

#include <stdlib.h>

#ifdef __linux__
#include <sched.h>

void cores_pin(void)
{
    cpu_set_t allowed;

    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    for (int i = 0; i < CPU_COUNT(&allowed); i++)
        if (!CPU_ISSET((size_t)i, &allowed))
            return;
    setenv("POCL_AFFINITY", "1", 0);
}
#else
void cores_pin(void)
{
}
#endif
