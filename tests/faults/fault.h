/* fault.h: one interface to all that can go wrong in a walk: OpenCL's calls
 * (../layers/fail_nth.h), the host's (host.h), and the books of what is left of them. */
#ifndef FAULTS_FAULT_H
#define FAULTS_FAULT_H

#include "host.h"

typedef enum fault_kind {
    FAULT_CALL,    /* an OpenCL call fails */
    FAULT_EVENT,   /* a command ends negative, when others are enqueued behind it */
    FAULT_AT_ONCE, /* or before */
    FAULT_DELAY,   /* a command completes late */
    FAULT_MEMORY,  /* malloc and its like give NULL */
    FAULT_FILE,    /* a call on a file fails, or moves half */
    FAULT_KINDS
} fault_kind;

typedef struct fault {
    fault_kind kind;
    bool once; /* else from then on */
    int code;  /* OpenCL's; errno; 0: a half for FAULT_FILE */
} fault;

/* What happened while it was armed. */
typedef struct fault_seen {
    bool any;               /* something failed */
    size_t count;           /* entry points that did */
    const char *failed[80]; /* their names */
    size_t index[80];       /* of fault_count */
} fault_seen;

/* Finds the layers in this process, whose loader has loaded them. Ends the process if they
 * are not there. */
void fault_open(const char *fail_nth, const char *ledger);

/* From the n-th call of the fault's kind on. */
void fault_arm(const fault *f, long nth);
void fault_disarm(fault_seen *seen);

/* Around calls that are not the library's. */
void fault_pause(bool pause);

/* Until break(false) the compiler finds an error in every source. */
void fault_break_builds(bool fail);

/* Every entry point, by index; false beyond the last. */
bool fault_count(size_t index, fail_count *out);

/* The books: a mark, and what is left since it, in words; "" if all was given back. */
typedef struct fault_books {
    unsigned long objects;
    long blocks, files;
} fault_books;

fault_books fault_mark(void);
const char *fault_left(const fault_books *mark);

#endif /* FAULTS_FAULT_H */
