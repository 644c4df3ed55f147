/* cores.h: one core for each of PoCL's threads. */
#ifndef COMMON_CORES_H
#define COMMON_CORES_H

/* Asks PoCL to pin its threads, by POCL_AFFINITY, which it reads when its driver is loaded:
 * call it first. Left alone, Linux wakes the threads of a short kernel on the core of
 * whoever enqueued it and may keep them there: measured on two cores, products of 0.5 to
 * 10 ms then take twice as long, for minutes, while a library whose caller computes too,
 * like OpenBLAS, does not suffer. Nothing is done where the variable is set, and where the
 * process may not run on the first cores, as PoCL numbers them from 0. */
void cores_pin(void);

#endif /* COMMON_CORES_H */
