/* child.h: one walk in a process of its own, which a fault may bring down or stop. */
#ifndef FAULTS_CHILD_H
#define FAULTS_CHILD_H

#include <stdatomic.h>

#include "fault.h"
#include "work.h"

#define MOST_SAID  8
#define MOST_CALLS 80
#define MOST_CODES 16

/* What a child is to do: the n-th call fails, for n = from, from + 1, ... until none is
 * left to fail. */
typedef struct child_walk {
    const scenario *s;
    fault_kind kind;
    bool once;
    const int *codes; /* each at every call */
    size_t num_codes;
    bool sample; /* one of the codes only, in turn, and not every call of some */
    long from;
} child_walk;

/* The codes that an entry point failed with. */
typedef struct child_codes {
    size_t count;
    int code[MOST_CODES];
} child_codes;

/* Adds one that is not there. */
void child_codes_add(child_codes *codes, int code);

/* What parent and child share. */
typedef struct child_found {
    atomic_long steps; /* goes up while the child is alive */
    long n;            /* at work */
    int code;
    bool done;
    unsigned long points;   /* runs in which something failed */
    unsigned long named;    /* that ended in a named error */
    unsigned long absorbed; /* that ended in success */
    unsigned long violations;
    char said[MOST_SAID][1024];
    fail_count counts[MOST_CALLS];
    child_codes codes[MOST_CALLS]; /* of the walk's kind: once, or from then on */
    char names[MOST_CALLS][40];
} child_found;

/* The layers, as OPENCL_LAYERS names them. */
typedef struct child_layers {
    const char *fail_nth, *ledger;
} child_layers;

/* Walks, and ends the process: with 0 if all was done, whatever was found. Standard output
 * must be an empty file. */
void child_run(const child_walk *walk, const child_layers *layers, child_found *found);

/* Adds a violation, with where it happened. */
void child_say(child_found *found, const child_walk *walk, const char *what,
               const char *more);

/* "the 17th call fails with CL_OUT_OF_RESOURCES", as words after "when". */
const char *child_point(const child_walk *walk, long n, int code);

#endif /* FAULTS_CHILD_H */
