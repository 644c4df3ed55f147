/* output.h: files that are either whole or not there.
 *
 * What is written goes to a temporary name beside the target and is renamed at the end.
 * A file that is replaced hands its permissions on.
 * A device (/dev/null, a pipe, /dev/stdout) is written directly; a symbolic link keeps
 * pointing where it did.
 */
#ifndef COMMON_OUTPUT_H
#define COMMON_OUTPUT_H

#include <limits.h>
#include <stdio.h>

#include "failure.h"

typedef struct output {
    FILE *file; /* write here */
    char target[PATH_MAX];
    char temporary[PATH_MAX + 32]; /* "" when the target is written directly */
} output;

/* Whether `path` is there and neither a file nor a folder, or is /dev/stdout, /dev/stderr or
 * below /dev/fd, whatever these are connected with. */
bool output_is_device(const char *path);

/* Whether the name ends so, and is more than that. */
bool output_ends_in(const char *path, const char *end);

/* Whether `path` could be written, tried now so that long work is not lost later. Leaves
 * nothing behind. */
bool output_probe(const char *path, failure *why);

/* `out` must stay where it is until it is committed or abandoned. */
bool output_open(output *out, const char *path, failure *why);

/* Ends the writing; the file is whole but not yet under its name. */
bool output_finish(output *out, failure *why);

/* Makes the file appear under its name, after output_finish if that was not called. Where
 * these two fail, what there is of the file is removed. */
bool output_commit(output *out, failure *why);
void output_abandon(output *out);

/* Removes what output_open has made and nothing has committed or abandoned: for a program
 * about to end in another thread. */
void output_remove_temporaries(void);

#endif /* COMMON_OUTPUT_H */
