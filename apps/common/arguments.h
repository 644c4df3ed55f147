/* arguments.h: a command line of options, read with getopt_long. */
#ifndef COMMON_ARGUMENTS_H
#define COMMON_ARGUMENTS_H

#include <getopt.h>

#include "failure.h"

typedef struct arguments {
    int count;
    char **words;
    const char *letters; /* options of one letter, as getopt takes them: "m:h" */
    const struct option *options; /* the long ones; `val` from ARGUMENTS_LONG on */
} arguments;

#define ARGUMENTS_LONG 256

/* What came of one option. A parser's true and false are the first two. */
typedef enum taken {
    TAKEN_NOT, /* a failure */
    TAKEN,
    TAKEN_LAST /* --help: what follows does not matter any more */
} taken;

/* Takes one option, by its letter or `val`, into `options`; `value` is what was given to
 * it, or NULL. */
typedef taken arguments_take(void *options, int option, const char *value,
                             failure *why);

/* Gives each option to `take`. False after a failure: its own, no such option, one that
 * lacks its value or has one too many, a word that belongs to none. One command line is
 * read at a time. */
bool arguments_read(const arguments *a, arguments_take *take, void *options,
                    failure *why);

#endif /* COMMON_ARGUMENTS_H */
