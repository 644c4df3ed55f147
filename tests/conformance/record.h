/* record.h: what a run of conformance came to, as a line of a table.
 *
 * The table is text, a field after each tab, with a line of names at its top; runs add
 * lines. tools/update-testing reads it.
 */
#ifndef CONFORMANCE_RECORD_H
#define CONFORMANCE_RECORD_H

#include <stdbool.h>
#include <stdio.h>

#include <tessera/device.h>

typedef struct outcome {
    unsigned long first;    /* number of the first case */
    unsigned long cases[2]; /* of f32 and of f64 */
    const char *sizes;      /* "all", "small" or "large" */
    unsigned long products; /* judged: a case is one for each strategy */
    unsigned long failed;   /* cases */
    double worst;           /* largest error that was right, as a part of its bound */
    double seconds;
} outcome;

/* A table to add a line to; one that is new begins with `names`. NULL, and said, if it
 * cannot be written. */
FILE *open_table(const char *path, const char *names);

/* Ends the line with the date, the last of its fields. False, and said, if not all of it
 * could be written. */
bool close_table(const char *path, FILE *file);

/* Adds the line to the file, with the date; false, and said, if that failed. */
bool record_outcome(const char *path, const tsr_device_info *device,
                    const outcome *outcome);

#endif /* CONFORMANCE_RECORD_H */
