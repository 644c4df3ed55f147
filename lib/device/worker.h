/* worker.h: one of a CPU device's threads, beside the calling one.
 *
 * What the calling thread does itself is done sooner by two. But waking a thread costs PoCL
 * some 25 us, 10 of them the caller's; so the worker is fetched for a long job, or where one
 * follows another at once, and then stays awake for a moment after each, as the threads of
 * OpenMP and OpenBLAS do. Nothing depends on it: what it does not come to do, the caller does.
 * On the caller's CPU it would be in the way: it leaves that or, if it may not, the caller
 * does.
 */
#ifndef TSR_DEVICE_WORKER_H
#define TSR_DEVICE_WORKER_H

#include "device/device.h"

/* Does part i of a job. Parts are done in no order, by two threads at once; of the caller's
 * floating-point environment (rounding, subnormals) both have the same. */
typedef void tsr__part(const void *job, size_t i);

/* Seconds from which on a job is done sooner if the worker is fetched for it. */
#define TSR__WORTH_FETCHING 50e-6

/* In how many a job is done that one thread does in `alone`: half of them where the worker is
 * awake, and up to 25 us more where it has to be fetched. */
#define TSR__SHARED(alone) (12e-6 + (alone) / 2)

/* Does parts 0 to parts - 1 of a job, each once, and returns when all are done. `alone` is
 * the seconds one thread would take, as far as known. Thread-safe: a job that finds the
 * worker at another one is done without it. */
void tsr__share(tsr_device *device, double alone, tsr__part *part, const void *job,
                size_t parts);

/* The device's threads are wanted for something else: the worker waits for no further job,
 * and is not fetched for a short one that comes next. */
void tsr__worker_dismiss(tsr_device *device);

#endif /* TSR_DEVICE_WORKER_H */
