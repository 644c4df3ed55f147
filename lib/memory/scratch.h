/* scratch.h: device memory that one operation needs while it runs.
 *
 * A device keeps the buffers that were given back and lends them again: making one costs
 * a driver call and, on a CPU, a page fault for every 4 KiB touched. Because a device's
 * queue is in-order, a buffer may be lent again as soon as the commands that use it are
 * enqueued.
 */
#ifndef TSR_MEMORY_SCRATCH_H
#define TSR_MEMORY_SCRATCH_H

#include "program/launch.h"

/* A buffer of at least `bytes` > 0 for the commands of the sequence.
 * Errors: ALLOC_LIMIT, DEVICE_MEMORY, HOST_MEMORY, OPENCL. */
tsr_status tsr__scratch_take(const tsr__sequence *sequence, size_t bytes, cl_mem *out);

/* Gives it back, once all commands that use it are enqueued. NULL is allowed. */
void tsr__scratch_give(const tsr__sequence *sequence, cl_mem buffer);

#endif /* TSR_MEMORY_SCRATCH_H */
