/* options.h: the command line of perturb. */
#ifndef PERTURB_OPTIONS_H
#define PERTURB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera/perturb.h>

#include "failure.h"
#include "picture.h"

typedef enum action {
    ACTION_TRAIN,
    ACTION_PRODUCTS, /* what perturbed products cost */
    ACTION_HELP,
    ACTION_VERSION
} action;

typedef enum method { METHOD_COORDINATE, METHOD_DIRECTIONS } method;

/* Texts are lent from argv; NULL where the option was not given. */
typedef struct options {
    action action;
    method method;
    bool method_given;
    size_t steps;
    double sigma;
    size_t directions; /* pairs of trials for a step */
    tsr_noise noise;
    bool noise_given;
    uint64_t seed;
    const char *device, *data, *json, *plot;
    picture_format plot_format; /* of `plot` */
    bool quiet;
} options;

bool options_parse(int argc, char *argv[], options *out, failure *why);

const char *options_method_name(method m);
const char *options_noise_name(tsr_noise n);

/* The text of --help. */
extern const char options_help[];

#endif /* PERTURB_OPTIONS_H */
