/* exit: has the device left alone before a process's exit tears anything down.
 *
 * A driver has thousands of static objects (LLVM's). exit() destroys the latest first, so
 * that no handler of atexit comes before those of a driver that is just being loaded, or
 * that has gone on making some. But before them all, exit() destroys the thread-local
 * objects of the thread that calls it. The thread that loads this library, in most
 * programs the first, gets such an object here. They are C++'s; the C library has them,
 * by the name that C++'s ABI gives it. */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"

/* Calls the function with the object when this thread ends. `place` is any address in
 * the library that the function is in. */
typedef int at_thread_exit(void (*function)(void *), void *object, void *place);

/* The thread may end without the process. Then what is registered here is for later;
 * else it comes next, as the latest that there is: nothing is being opened, nothing else
 * registers any. */
static void end_of_thread(void *unused)
{
    (void)unused;
    tsr__device_wait_until_open();
    atexit(tsr__device_wait_at_exit);
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
