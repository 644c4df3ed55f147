/* counters.h: counters in device memory that are 0 whenever no launch is using them.
 *
 * For kernels whose groups count who is done, and whose last one sets its counter back.
 * A device keeps one buffer of them: its queue is in-order, so two launches are never in
 * it at once.
 */
#ifndef TSR_MEMORY_COUNTERS_H
#define TSR_MEMORY_COUNTERS_H

#include "program/launch.h"

/* A buffer of at least `count` > 0 counters (uint) that are 0, for the next command of the
 * sequence. It must leave them 0. Give it back with tsr__counters_give.
 * Errors: ALLOC_LIMIT, DEVICE_MEMORY, HOST_MEMORY, OPENCL, OVERFLOW. */
tsr_status tsr__counters_take(const tsr__sequence *sequence, size_t count, cl_mem *out);

/* Once the command is enqueued. NULL is allowed. */
void tsr__counters_give(cl_mem buffer);

#endif /* TSR_MEMORY_COUNTERS_H */
