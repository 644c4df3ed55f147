/* exit: has the device left alone before a process's exit tears anything down.
 *
 * A driver has thousands of static objects (LLVM's). exit() destroys the latest first, so
 * that no handler of atexit comes before those of a driver that is just being loaded, or
 * that has gone on making some. Two things do:
 *
 * The thread-local objects of the thread that calls exit() are destroyed before them all.
 * The thread that loads this library, in most programs the first, gets such an object
 * here. They are C++'s; the C library has them, by the name that C++'s ABI gives it. This
 * is what a return from main() comes by.
 *
 * Other threads call exit() by its name, which the dynamic linker finds here first if the
 * library is preloaded or linked first. */
#define _GNU_SOURCE /* RTLD_DEFAULT, RTLD_NEXT */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "entries.h"

/* What comes next is what is registered last: nothing is being opened, nothing else
 * registers any. */
static void come_before_drivers(void)
{
    tsr__device_wait_until_open();
    atexit(tsr__device_wait_at_exit);
}

/* ---- By a return from main() ----------------------------------------------------- */

/* Calls the function with the object when this thread ends. `place` is any address in
 * the library that the function is in. */
typedef int at_thread_exit(void (*function)(void *), void *object, void *place);

/* The thread may end without the process; then it is for later. */
static void end_of_thread(void *unused)
{
    (void)unused;
    come_before_drivers();
}

#if defined(__GNUC__) || defined(__clang__)
__attribute__((constructor)) static void be_told_of_exit(void)
{
    static char place;
    void *address = dlsym(RTLD_DEFAULT, "__cxa_thread_atexit_impl");
    at_thread_exit *call_at_exit;

    memcpy(&call_at_exit, &address, sizeof address);
    if (address)
        call_at_exit(end_of_thread, NULL, &place);
}
#endif

/* ---- By its name ----------------------------------------------------------------- */

void exit(int status)
{
    void *address = dlsym(RTLD_NEXT, "exit");
    void (*next)(int);

    come_before_drivers();
    memcpy(&next, &address, sizeof address);
    if (address)
        next(status);
    _Exit(status); /* for the compiler: every C library has one */
}
