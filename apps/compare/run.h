/* run.h: one run: what it holds, and what is done with it. */
#ifndef COMPARE_RUN_H
#define COMPARE_RUN_H

#include <stdio.h>

#include <tessera/tessera.h>

#include "earlier.h"
#include "lineup.h"
#include "options.h"
#include "results.h"

typedef struct run {
    options options;
    inputs inputs;
    problem_list problems;
    blas_library blas;
    earlier_run *earlier;
    tsr_device *device;
    tsr_roof_probe *probe;
    results results;
    lineup lineup;
    char *command; /* owned */
    void *product; /* owned: tessera's, for --out */
    FILE *screen;  /* NULL: nothing is shown */
} run;

/* Does all that the options and the command line, which become the run's, ask for. Gives
 * back the exit status, having said on stderr what it is for; frees what the run holds. */
int run_all(run *r);

/* Everything that can be refused: files, sizes, the device. What is slow comes last, and
 * nothing is measured but the roof. */
bool run_prepare(run *r, failure *why);

/* Measures each product, and shows it. Ctrl-C leaves what is finished: a failure only if
 * that is nothing. */
bool run_measure(run *r, failure *why);

#endif /* COMPARE_RUN_H */
