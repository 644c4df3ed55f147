#include "device.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "next.h"
#include "say.h"
#include "settings.h"
#include "signals.h"

#define LONGEST_OPEN 30000 /* milliseconds that an exit waits for it */

static pthread_mutex_t lock =
    PTHREAD_MUTEX_INITIALIZER; /* while the device is opened */
static _Atomic(tsr_device *) device;
static atomic_long owner; /* the process whose device it is or will be; 0: nobody's */
static atomic_bool opening;
static atomic_bool gone; /* failed, or the process is exiting */
static atomic_bool exiting;
static atomic_bool said;              /* that it has failed */
static atomic_size_t users;           /* calls that want the device or have it */
static _Thread_local unsigned inside; /* of them, this thread's */
static _Thread_local int cancelling;  /* whether it may be cancelled outside them */

/* ---- Exit ----------------------------------------------------------------------- */

static void wait_a_moment(void)
{
    nanosleep(&(const struct timespec){0, 1000000}, NULL);
}

/* A driver that hangs is not waited for for ever. This thread is inside a call itself if
 * a signal's handler exits. */
void tsr__device_wait_until_open(void)
{
    if (atomic_load(&owner) != (long)getpid() || inside)
        return;
    for (int ms = 0; atomic_load(&opening) && ms < LONGEST_OPEN; ms++)
        wait_a_moment();
}

/* A driver that is torn down while it computes crashes, so calls of other threads are
 * waited for.
 *
 * The device stays open: to close it may ask the driver for binaries, and what a compiler
 * made for itself since it was loaded (clang's static objects) may be gone by now. */
void tsr__device_wait_at_exit(void)
{
    atomic_store(&gone, true);
    if (atomic_load(&owner) != (long)getpid())
        return;
    atomic_store(&exiting, true);
    for (int ms = 0; atomic_load(&users) > 0 && !inside && ms < LONGEST_OPEN;) {
        wait_a_moment();
        ms += atomic_load(&opening);
    }
}

/* ---- Open ----------------------------------------------------------------------- */

static void open_device(void)
{
    tsr_device *opened = NULL;
    char why[TSR__WHY_SIZE];
    tsr_status status;

    atomic_store(&opening, true);
    tsr__signals_note();
    tsr__signals_before_drivers();
    status = tsr_device_open(NULL, &opened);
    tsr__signals_after_drivers();
    tsr__signals_restore();
    if (status) {
        tsr__device_failed(tsr_error_detail());
    } else if (!tsr__settings_fit(tsr_device_get_info(opened), why)) {
        tsr__device_failed(why);
        tsr_device_close(opened);
    } else {
        atomic_store(&device, opened);
    }
    atexit(tsr__device_wait_at_exit);
    atomic_store(&opening, false);
}

/* Whether the device is this process's; it is if it was nobody's. A forked child finds
 * its parent's, with a lock that may be held and calls that may be counted for ever. */
static bool is_ours(void)
{
    long self = (long)getpid(), before = 0;

    return atomic_compare_exchange_strong(&owner, &before, self) || before == self;
}

/* The device, opened by now; NULL if there is none. */
static tsr_device *get_device(void)
{
    if (!atomic_load(&device) && !atomic_load(&gone)) {
        pthread_mutex_lock(&lock);
        if (!atomic_load(&device) && !atomic_load(&gone))
            open_device();
        pthread_mutex_unlock(&lock);
    }
    return atomic_load(&gone) ? NULL : atomic_load(&device);
}

/* ---- Use ------------------------------------------------------------------------ */

/* A thread that is cancelled, by pthread_cancel(), must leave no lock of ours or of a
 * driver's behind; a BLAS is no place where programs expect that. */
tsr_device *tsr__device_enter(void)
{
    tsr_device *found;

    if (atomic_load(&gone) || !is_ours())
        return NULL;
    atomic_fetch_add(&users, 1);
    if (inside++ == 0)
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
    if ((found = get_device()))
        tsr__signals_note();
    else
        tsr__device_leave();
    return found;
}

void tsr__device_leave(void)
{
    tsr__signals_restore();
    atomic_fetch_sub(&users, 1);
    if (--inside == 0)
        pthread_setcancelstate(cancelling, NULL);
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
