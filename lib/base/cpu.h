/* cpu.h: which of the machine's logical CPUs a thread runs on. */
#ifndef TSR_BASE_CPU_H
#define TSR_BASE_CPU_H

#include <stdbool.h>

/* The calling thread's, at this moment; negative where the system does not say. */
int tsr__cpu(void);

/* Moves the calling thread to another CPU than this one; false if it may run on no other. It
 * may run afterwards wherever it might before, this one included; but CPUs that its cpuset
 * gains later are not among them, as if they had been chosen by name. Costs some
 * microseconds. */
bool tsr__cpu_leave(int cpu);

#endif /* TSR_BASE_CPU_H */
