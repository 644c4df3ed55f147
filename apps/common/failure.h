/* failure.h: what stops a run: a sentence for stderr and an exit status.
 *
 * A function that can fail returns bool and takes a failure to fill:
 * `return fail_with(why, EXIT_INPUT, "%s: not a .npy file", path);`
 */
#ifndef COMMON_FAILURE_H
#define COMMON_FAILURE_H

#include <stdbool.h>

#include <tessera/status.h>

/* Exit statuses; part of the programs' contracts. */
enum {
    EXIT_RIGHT = 0,        /* all went well; every result is right */
    EXIT_WRONG = 1,        /* a result is wrong */
    EXIT_INPUT = 2,        /* usage or bad input */
    EXIT_NO_DEVICE = 3,    /* no usable device */
    EXIT_DEVICE = 4,       /* a device or driver failed */
    EXIT_INTERRUPTED = 130 /* Ctrl-C, as shells count it */
};

typedef struct failure {
    int exit_status;
    char text[4608];
} failure;

/* Fills `why` and returns false. */
bool fail_with(failure *why, int exit_status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed tessera call: "what: the call's own detail", and the exit status
 * that fits its status. */
bool fail_call(failure *why, tsr_status status, const char *what);

/* A stop asked for by Ctrl-C. */
bool fail_interrupted(failure *why);

#endif /* COMMON_FAILURE_H */
