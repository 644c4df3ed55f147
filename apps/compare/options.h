/* options.h: what the command line asks for. */
#ifndef COMPARE_OPTIONS_H
#define COMPARE_OPTIONS_H

#include <stdint.h>

#include "picture.h"
#include "problem.h"
#include "sweep.h"

typedef enum action { ACTION_COMPARE, ACTION_HELP, ACTION_VERSION, ACTION_LIST } action;

/* Texts are lent from argv; NULL where the option was not given. */
typedef struct options {
    action action;
    problem problem; /* with the defaults where nothing was said */
    bool m_given, n_given, k_given, batch_given, dtype_given;
    const char *device;
    const char *shapes;
    const char *a, *b, *out;
    const char *json;
    const char *plot;
    picture_format plot_format; /* of `plot` */
    const char *report;
    const char *earlier; /* --compare */
    double fail_above;   /* a fraction; NAN: not given */
    const char *blas;
    sweep sweep, sweep_rows; /* high is 0 where not given */
    size_t cold_bytes;       /* --cold=MB; 0: not said */
    uint64_t seed;
    size_t repeat; /* batches, at least 1 */
    bool all, prepared, quiet, cold;
} options;

/* Options that contradict each other are a failure too. */
bool options_parse(int argc, char *argv[], options *out, failure *why);

/* Whether they ask for a table of products instead of one. */
bool options_many(const options *o);

/* The text of --help. */
extern const char options_help[];

#endif /* COMPARE_OPTIONS_H */
