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

/* The next option's letter or `val`, and in *value what was given to it, or NULL; 0 after
 * the last. -1 is a failure: no such option, one that lacks its value or has one too many,
 * a word that belongs to none. Only one command line is read at a time, from its beginning
 * after arguments_begin. */
int arguments_next(const arguments *a, const char **value, failure *why);

/* `letters` and `options` are lent. */
arguments arguments_begin(int argc, char *argv[], const char *letters,
                          const struct option *options);

#endif /* COMMON_ARGUMENTS_H */
