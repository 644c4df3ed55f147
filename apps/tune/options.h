/* options.h: what the command line asks for. */
#ifndef TUNE_OPTIONS_H
#define TUNE_OPTIONS_H

#include <stdbool.h>

#include "failure.h"

typedef enum action {
    ACTION_TUNE,
    ACTION_SHOW,
    ACTION_EXPORT,
    ACTION_IMPORT,
    ACTION_CLEAR,
    ACTION_HELP,
    ACTION_VERSION
} action;

/* Texts are lent from argv; NULL where the option was not given. */
typedef struct options {
    action action;
    const char *file; /* of --export or --import */
    const char *device, *shapes, *strategy;
    double budget; /* seconds; 60 unless it was given */
    bool quiet;
} options;

/* Options that contradict each other are a failure too. */
bool options_parse(int argc, char *argv[], options *out, failure *why);

/* The text of --help. */
extern const char options_help[];

#endif /* TUNE_OPTIONS_H */
