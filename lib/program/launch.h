/* launch.h: putting commands on a queue, one after another.
 *
 * A sequence is the commands of one operation (a product, a transfer) on one in-order
 * queue. Its commands wait for the caller's events; the event of its last command is kept
 * when asked for.
 */
#ifndef TSR_PROGRAM_LAUNCH_H
#define TSR_PROGRAM_LAUNCH_H

#include "program/program.h"

typedef struct tsr__sequence {
    tsr_device *device;
    cl_command_queue queue;
    cl_uint num_wait; /* of the caller's events */
    cl_event *wait;   /* lent by the caller, with one more place behind them */
    bool waited;      /* a command that waits for them is enqueued */
    bool want_event; /* keep the last command's event; it fails if one before it does */
    cl_event last;   /* owned; NULL if there was no command or none is wanted */
} tsr__sequence;

/* A sequence on the device's own queue that waits for nothing and keeps no event. */
tsr__sequence tsr__sequence_on(tsr_device *device);

/* Before enqueueing something: the wait list to pass, and where to put the event (NULL
 * if none is wanted). After it succeeded, tsr__sequence_took keeps the event and drops
 * the one before.
 *
 *     const cl_event *list;
 *     cl_uint count;
 *     cl_event event = NULL;
 *
 *     status = tsr__sequence_waits(seq, &count, &list);
 *     code = clEnqueue...(queue, ..., count, list, tsr__sequence_event(seq, &event));
 *     if (code == CL_SUCCESS) tsr__sequence_took(seq, event);
 *
 * Errors: DEVICE_LOST, one of the list has failed already: PoCL 3.1 would never begin, nor
 * end, what waits for it.
 */
tsr_status tsr__sequence_waits(const tsr__sequence *sequence, cl_uint *count,
                               const cl_event **list);

/* DEVICE_LOST if one of these events has failed. */
tsr_status tsr__check_waits(cl_uint count, const cl_event *list);

cl_event *tsr__sequence_event(const tsr__sequence *sequence, cl_event *event);
void tsr__sequence_took(tsr__sequence *sequence, cl_event event);

/* Makes sure there is a last event if one is wanted: a sequence without commands gets a
 * marker. Errors: OPENCL, DEVICE_LOST. */
tsr_status tsr__sequence_end(tsr__sequence *sequence);

/* Drops the event, if one is held. */
void tsr__sequence_release(tsr__sequence *sequence);

/* One kernel argument: size and address, as clSetKernelArg takes them. */
typedef struct tsr__arg {
    size_t size;
    const void *value;
} tsr__arg;

#define TSR__ARG(lvalue) ((tsr__arg){sizeof(lvalue), &(lvalue)})

/* Sets the arguments and enqueues the kernel with `dims` (1 to 3) dimensions. Global
 * sizes are work-items and multiples of the local ones. Safe from many threads: the
 * kernel object is locked from its first argument to the enqueue. `global` may not
 * contain 0.
 * Errors: OPENCL, DEVICE_MEMORY, HOST_MEMORY, DEVICE_LOST. */
tsr_status tsr__launch(tsr__sequence *sequence, tsr__kernel *kernel, cl_uint dims,
                       const size_t *global, const size_t *local, size_t num_args,
                       const tsr__arg *args);

/* Where tsr__runs_native: enqueues a call of `function` with a copy of the `size` bytes at
 * `arguments`, on a thread of the device's. In that copy `place`, a NULL in `arguments`,
 * holds the address of the buffer's first byte. (Of several buffers PoCL 3.1 hands out one
 * for another.)
 * Errors: OPENCL, DEVICE_MEMORY, HOST_MEMORY, DEVICE_LOST. */
tsr_status tsr__launch_native(tsr__sequence *sequence,
                              void(CL_CALLBACK *function)(void *arguments),
                              void *arguments, size_t size, cl_mem buffer,
                              const void **place);

#endif /* TSR_PROGRAM_LAUNCH_H */
