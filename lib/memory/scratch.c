#include "memory/scratch.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/trace.h"
#include "memory/tensor.h"

#define KEPT 8 /* buffers a device keeps; one product needs at most three */

typedef struct kept {
    cl_mem buffer; /* NULL: the place is free */
    size_t bytes;
    bool lent;
    unsigned long used; /* when it was last given back, in turns */
} kept;

typedef struct pool {
    pthread_mutex_t lock;
    unsigned long turn;
    kept places[KEPT];
} pool;

static void *pool_create(tsr_device *device)
{
    pool *p = calloc(1, sizeof *p);

    (void)device;
    if (!p)
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for the pool of scratch buffers");
    else
        pthread_mutex_init(&p->lock, NULL);
    return p;
}

static void pool_destroy(tsr_device *device, void *state)
{
    pool *p = state;

    (void)device;
    for (int i = 0; i < KEPT; i++)
        if (p->places[i].buffer)
            clReleaseMemObject(p->places[i].buffer);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static pool *pool_of(tsr_device *device)
{
    return tsr__device_slot(device, TSR__SLOT_SCRATCH, pool_create, pool_destroy);
}

static void forget(kept *place)
{
    clReleaseMemObject(place->buffer);
    *place = (kept){NULL, 0, false, 0};
}

/* The smallest idle buffer that is large enough, but not wastefully so. */
static kept *find(pool *p, size_t bytes)
{
    kept *best = NULL;

    for (int i = 0; i < KEPT; i++) {
        kept *place = &p->places[i];

        if (place->buffer && !place->lent && place->bytes >= bytes &&
            place->bytes / 4 <= bytes && (!best || place->bytes < best->bytes))
            best = place;
    }
    return best;
}

/* A place for a new buffer: a free one, else that of the buffer idle for longest; NULL
 * if all are lent. */
static kept *make_place(pool *p)
{
    kept *oldest = NULL;

    for (int i = 0; i < KEPT; i++) {
        kept *place = &p->places[i];

        if (!place->buffer)
            return place;
        if (!place->lent && (!oldest || place->used < oldest->used))
            oldest = place;
    }
    if (oldest)
        forget(oldest);
    return oldest;
}

static void forget_idle(pool *p)
{
    for (int i = 0; i < KEPT; i++)
        if (p->places[i].buffer && !p->places[i].lent)
            forget(&p->places[i]);
}

/* The pool's lock is held. */
static tsr_status take(pool *p, tsr_device *device, size_t bytes, cl_mem *out)
{
    kept *place = find(p, bytes);
    tsr_status status;

    if (place) {
        place->lent = true;
        *out = place->buffer;
        return TSR_OK;
    }
    status = tsr__scratch_create(device, bytes, out);
    if (status == TSR_ERROR_DEVICE_MEMORY) {
        forget_idle(p);
        status = tsr__scratch_create(device, bytes, out);
    }
    if (status)
        return status;
    tsr__trace(TSR__TRACE_MEMORY, "scratch: %zu new bytes", bytes);
    if ((place = make_place(p)))
        *place = (kept){*out, bytes, true, p->turn};
    return TSR_OK;
}

tsr_status tsr__scratch_take(const tsr__sequence *sequence, size_t bytes, cl_mem *out)
{
    tsr_device *device = sequence->device;
    tsr_status status;
    pool *p;

    *out = NULL;
    /* On any other queue, nothing says that the buffer's last user is done. */
    if (sequence->queue != device->queue)
        return tsr__scratch_create(device, bytes, out);
    if (!(p = pool_of(device)))
        return TSR_ERROR_HOST_MEMORY;
    pthread_mutex_lock(&p->lock);
    status = take(p, device, bytes, out);
    pthread_mutex_unlock(&p->lock);
    return status;
}

/* Marks the buffer as idle. False if the pool does not keep it. */
static bool put_back(pool *p, const tsr_device *device, cl_mem buffer)
{
    for (int i = 0; i < KEPT; i++) {
        kept *place = &p->places[i];

        if (place->buffer != buffer)
            continue;
        place->lent = false;
        place->used = ++p->turn;
        /* A large piece of a small device is better given back to the driver. */
        if (place->bytes > device->info.memory_bytes / 8)
            forget(place);
        return true;
    }
    return false;
}

void tsr__scratch_give(const tsr__sequence *sequence, cl_mem buffer)
{
    tsr_device *device = sequence->device;
    bool kept_it = false;

    if (!buffer)
        return;
    if (sequence->queue == device->queue) {
        pool *p = pool_of(device); /* it is there: the buffer came from it */

        pthread_mutex_lock(&p->lock);
        kept_it = put_back(p, device, buffer);
        pthread_mutex_unlock(&p->lock);
    }
    if (!kept_it)
        clReleaseMemObject(buffer);
}
