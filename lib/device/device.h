/* device.h: what an opened device is made of. For lib/ only. */
#ifndef TSR_DEVICE_DEVICE_H
#define TSR_DEVICE_DEVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <tessera/device.h>
#include <tessera/interop.h>

/* Longest strategy name, with its terminator. */
#define TSR__STRATEGY_NAME_SIZE 32

/* What the layers above keep with a device. Each layer has one slot, fills it at most
 * once, and says how it is freed; the device knows nothing else about it. Slots are freed
 * in the order listed, last reference gone, queue finished. */
typedef enum tsr__slot {
    TSR__SLOT_WORKER,   /* lib/device/worker.c: a thread of the device's */
    TSR__SLOT_PLANS,    /* lib/matmul/plans.c: how the latest products were made */
    TSR__SLOT_RECORDS,  /* lib/matmul/known.c: what is fastest for which problems */
    TSR__SLOT_CLBLAST,  /* lib/matmul/clblast.c: what was self-tested */
    TSR__SLOT_SCRATCH,  /* lib/memory/scratch.c: buffers to lend again */
    TSR__SLOT_COUNTERS, /* lib/memory/counters.c: counters that are 0 */
    TSR__SLOT_PROGRAMS, /* lib/program/program.c: built programs and their kernels */
    TSR__SLOTS
} tsr__slot;

/* Launches on the device's own queue that are not known to have ended well, oldest first
 * (wait.h). */
#define TSR__LAUNCHED 64

typedef struct tsr__launched {
    cl_event events[TSR__LAUNCHED]; /* retained */
    cl_uint count;
    cl_int failure; /* with what one of them ended that is not listed any more; or 0 */
    const char *teller; /* the call that said so */
    cl_int lost;        /* with what it failed to keep the oldest ones in sight; or 0 */
} tsr__launched;

struct tsr_device {
    atomic_size_t references; /* the opener's, and one per living storage */
    cl_platform_id platform;
    cl_device_id id;
    cl_context context;     /* retained */
    cl_command_queue queue; /* in-order, retained */
    tsr_device_info info;
    char forced_strategy[TSR__STRATEGY_NAME_SIZE]; /* $TESSERA_STRATEGY, or "" */
    bool tunes_on_first_use;                       /* $TESSERA_TUNE is first-use */
    bool coherent; /* coherent.h; never for an adopted device */
    /* The queue may hold commands that are not ours, or that wait for events which are not:
     * who waits for it to be empty may wait for something that its own thread has yet to
     * do. Once set, it stays. */
    atomic_bool others_enqueue;
    atomic_bool worker_stays; /* worker.h: no launch since the last job */

    pthread_mutex_t lock;             /* guards what follows */
    cl_command_queue profiling_queue; /* made when first asked for, NULL before */
    tsr__launched launched;
    struct {
        void *state;
        void (*destroy)(tsr_device *device, void *state);
    } slots[TSR__SLOTS];
};

/* Another reference to the device, for what may outlive tsr_device_close. */
void tsr__device_retain(tsr_device *device);
void tsr__device_release(tsr_device *device);

/* The state in a slot; when it is empty, `create` makes it, under the device's lock.
 * `create` gives NULL after tsr__fail; then so does this. `destroy` is called once, when
 * the device goes, while its context and queue are still valid. */
void *tsr__device_slot(tsr_device *device, tsr__slot slot,
                       void *(*create)(tsr_device *device),
                       void (*destroy)(tsr_device *device, void *state));

/* The in-order queue with profiling on; made on first use, released with the device.
 * Errors: OPENCL, HOST_MEMORY. */
tsr_status tsr__device_profiling_queue(tsr_device *device, cl_command_queue *out);

#endif /* TSR_DEVICE_DEVICE_H */
