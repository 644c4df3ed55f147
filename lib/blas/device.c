#include "device.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "next.h"
#include "say.h"
#include "signals.h"

static pthread_mutex_t lock =
    PTHREAD_MUTEX_INITIALIZER; /* while the device is opened */
static _Atomic(tsr_device *) device;
static atomic_long opener; /* the process that took the lock first; 0 before */
static atomic_bool gone;   /* failed, or the process is exiting */
static atomic_bool exiting;
static atomic_bool said;              /* that it has failed */
static atomic_size_t users;           /* calls between enter and leave */
static _Thread_local unsigned inside; /* of them, this thread's */

/* ---- Exit ----------------------------------------------------------------------- */

/* Runs before drivers' own destructors, because they were loaded before it was
 * registered. A driver that is torn down while it computes crashes, so calls of other
 * threads are waited for. This thread is inside one itself if a signal's handler exits.
 *
 * The device stays open: to close it may ask the driver for binaries, and what a compiler
 * made for itself since it was loaded (clang's static objects) is gone by now. */
static void wait_at_exit(void)
{
    const struct timespec millisecond = {0, 1000000};

    if (atomic_load(&opener) != (long)getpid())
        return;
    atomic_store(&exiting, true);
    atomic_store(&gone, true);
    if (inside)
        return;
    while (atomic_load(&users) > 0)
        nanosleep(&millisecond, NULL);
}

/* ---- Open ----------------------------------------------------------------------- */

static void open_device(void)
{
    tsr_device *opened = NULL;
    tsr_status status;

    tsr__signals_note();
    tsr__signals_before_drivers();
    status = tsr_device_open(NULL, &opened);
    tsr__signals_after_drivers();
    tsr__signals_restore();
    if (status) {
        tsr__device_failed(tsr_error_detail());
    } else {
        atomic_store(&device, opened);
        atexit(wait_at_exit);
    }
}

/* The device of this process, opened by now; NULL if there is none. */
static tsr_device *get_device(void)
{
    long self = (long)getpid(), before = 0;

    /* First, so that a forked child knows that the lock may be held for ever. */
    if (!atomic_compare_exchange_strong(&opener, &before, self) && before != self)
        return NULL;
    if (!atomic_load(&device) && !atomic_load(&gone)) {
        pthread_mutex_lock(&lock);
        if (!atomic_load(&device) && !atomic_load(&gone))
            open_device();
        pthread_mutex_unlock(&lock);
    }
    return atomic_load(&device);
}

/* ---- Use ------------------------------------------------------------------------ */

tsr_device *tsr__device_enter(void)
{
    tsr_device *found;

    if (atomic_load(&gone) || !(found = get_device()))
        return NULL;
    atomic_fetch_add(&users, 1);
    inside++;
    if (!atomic_load(&gone)) {
        tsr__signals_note();
        return found;
    }
    tsr__device_leave();
    return NULL;
}

void tsr__device_leave(void)
{
    tsr__signals_restore();
    inside--;
    atomic_fetch_sub(&users, 1);
}

void tsr__device_failed(const char *why)
{
    atomic_store(&gone, true);
    if (!atomic_exchange(&said, true))
        tsr__say("%s; %s from now on", why,
                 tsr__next_exists() ? "the next BLAS computes" : "plain C computes");
}

bool tsr__device_exiting(void)
{
    return atomic_load(&exiting);
}
