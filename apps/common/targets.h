/* targets.h: the files a run writes: all of them, or none. */
#ifndef COMMON_TARGETS_H
#define COMMON_TARGETS_H

#include <stddef.h>
#include <stdio.h>

#include "failure.h"

/* One file. `write` fails only for what is not the file's own failure. */
typedef struct target {
    const char *path; /* lent; NULL: not asked for; "-": standard output */
    bool (*write)(FILE *file, const void *data, failure *why);
} target;

#define TARGETS_MOST 4

/* Whether each could be written, tried now so that long work is not lost later. */
bool targets_probe(const target *targets, size_t count, failure *why);

/* Whether any is a file, standard output aside. */
bool targets_any(const target *targets, size_t count);

/* Writes them, each from `data`. Every file is whole before the first gets its name.
 * Standard output comes last, and so does the failure that something written there, by
 * whomever, was lost: files outlive a closed pipe. */
bool targets_write(const target *targets, size_t count, const void *data, failure *why);

/* Whether that is "-". */
bool target_is_stdout(const char *path);

/* Drivers may print while they are loaded or asked. Between these two what comes to
 * standard output goes to stderr, and standard output can be the JSON's alone; `kept` is
 * what the first gave, -1 if there is nothing to give back. */
int stdout_set_aside(void);
void stdout_give_back(int kept);

/* Flushes standard output; a failure if anything written to it was lost. */
bool stdout_flush(failure *why);

#endif /* COMMON_TARGETS_H */
