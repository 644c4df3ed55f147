/* child.h: a program of ours that runs beside this one and writes records to a pipe.
 *
 * Started with posix_spawn: the caller may have many threads, and a driver's state does
 * not survive a fork that goes on in the same program. The child is always ended and
 * waited for, and cut off when its time is up.
 */
#ifndef TSR_DEVICE_CHILD_H
#define TSR_DEVICE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* The descriptor the child finds its end of the pipe on. Its standard input, output and
 * error are /dev/null, so that what drivers print goes nowhere. */
#define TSR__CHILD_FD 3

typedef struct tsr__child {
    pid_t pid;
    int fd;
    int milliseconds; /* what it was given */
    double left;      /* of that, in seconds */
    bool late;        /* nothing was left while reading */
} tsr__child;

/* Starts `path` with `arguments` (terminated by NULL, the first is the program's name).
 * `vendors` is its $OCL_ICD_VENDORS; NULL leaves that as it is here. False if the
 * program could not be started. */
bool tsr__child_start(tsr__child *child, const char *path, const char *const *arguments,
                      const char *vendors, int milliseconds);

/* Reads exactly `bytes`. False if the child ended or its time is up before. */
bool tsr__child_read(tsr__child *child, void *buffer, size_t bytes);

/* Ends the child, if it has not ended, and says how it went, in words that follow the
 * child's name: "crashed with SIGABRT", "ended with exit status 1", "did not answer
 * within 30 s". */
void tsr__child_end(tsr__child *child, char *how, size_t size);

#endif /* TSR_DEVICE_CHILD_H */
