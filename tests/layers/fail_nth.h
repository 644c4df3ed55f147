/* fail_nth.h: an OpenCL layer (OPENCL_LAYERS) under which a device dies, or stumbles.
 *
 * It counts every call of the process, those of its libraries too, and makes the n-th
 * fail. By the environment:
 *
 *     FAIL_NTH=n      the n-th call fails, and so does every later one
 *     FAIL_ONCE=1     only the n-th does
 *     FAIL_CODE=c     with this OpenCL code; CL_OUT_OF_RESOURCES if unset
 *     FAIL_REPORT=F   when the process exits, appends to the file F how often each entry
 *                     point was called and how often it failed
 *
 * or by the program itself, which finds these functions in the layer with dlsym.
 *
 * A call that fails does nothing, but for two kinds: releases and unmaps are done, and
 * what waits has waited, so that a dead device writes nothing more.
 */
#ifndef LAYERS_FAIL_NTH_H
#define LAYERS_FAIL_NTH_H

#include <stdbool.h>
#include <stddef.h>

typedef enum fail_kind {
    FAIL_CALL, /* the call gives the code */
    /* The n-th enqueue succeeds; when the process has been asleep at so many `looks`
     * (asleep.h), as it waits for all that it enqueued, the command ends with the code
     * (which is negative), by an event that it waits for. With 0 it has ended so when the
     * enqueue returns, unless that blocks. */
    FAIL_EVENT,
    FAIL_DELAY /* as FAIL_EVENT, but then it runs */
} fail_kind;

typedef struct fail_plan {
    fail_kind kind;
    long nth; /* of the calls, or of the enqueues, from now on; 0: none fails */
    bool once;
    int code;
    int looks;
} fail_plan;

/* One entry point since the layer was loaded. */
typedef struct fail_count {
    const char *name;
    unsigned long calls, failed;
} fail_count;

/* Counts from 1 again; NULL lets all calls pass. Returns when no command is held back any
 * more. */
void fail_nth_arm(const fail_plan *plan);

/* Calls between pause(true) and pause(false) are neither counted nor do they fail. */
void fail_nth_pause(bool pause);

/* Until break(false), what is built of its source has an error in it, which the driver
 * finds: the build fails with CL_BUILD_PROGRAM_FAILURE and leaves a log. */
void fail_nth_break(bool builds);

/* How many calls, or enqueues, were counted since the plan was made. */
long fail_nth_counted(void);

/* The entry points; false beyond the last. */
bool fail_nth_count(size_t index, fail_count *out);

#endif /* LAYERS_FAIL_NTH_H */
