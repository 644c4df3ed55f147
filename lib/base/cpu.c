#ifdef __linux__
#define _GNU_SOURCE /* CPU_CLR, sched_getcpu, sched_setaffinity */
#endif
#include "base/cpu.h"

#ifdef __linux__
#include <sched.h>

int tsr__cpu(void)
{
    return sched_getcpu();
}

/* To be allowed only on others moves a thread at once. Where there are more CPUs than a
 * cpu_set_t has, or none other is allowed, it stays. */
bool tsr__cpu_leave(int cpu)
{
    cpu_set_t allowed, others, now;

    if (cpu < 0 || cpu >= CPU_SETSIZE ||
        sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return false;
    others = allowed;
    CPU_CLR((size_t)cpu, &others);
    if (CPU_COUNT(&others) == 0 || sched_setaffinity(0, sizeof others, &others) != 0)
        return false;
    /* Unless somebody has chosen others meanwhile, as taskset(1) does. */
    if (sched_getaffinity(0, sizeof now, &now) == 0 && CPU_EQUAL(&now, &others))
        sched_setaffinity(0, sizeof allowed, &allowed);
    return true;
}
#else
int tsr__cpu(void)
{
    return -1;
}

bool tsr__cpu_leave(int cpu)
{
    (void)cpu;
    return false;
}
#endif
