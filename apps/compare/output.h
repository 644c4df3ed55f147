/* output.h: files that are either whole or not there.
 *
 * What is written goes to a temporary name beside the target and is renamed at the end.
 * A target that exists and is no regular file (/dev/null, a pipe) is written directly;
 * a symbolic link keeps pointing where it did.
 */
#ifndef COMPARE_OUTPUT_H
#define COMPARE_OUTPUT_H

#include <limits.h>
#include <stdio.h>

#include "failure.h"

typedef struct output {
    FILE *file; /* write here */
    char target[PATH_MAX];
    char temporary[PATH_MAX + 32]; /* "" when the target is written directly */
} output;

/* Whether `path` could be written, tried now so that long work is not lost later. Leaves
 * nothing behind. */
bool output_probe(const char *path, failure *why);

bool output_open(output *out, const char *path, failure *why);

/* Makes the file appear under its name, or removes what there is of it. */
bool output_commit(output *out, failure *why);
void output_abandon(output *out);

#endif /* COMPARE_OUTPUT_H */
