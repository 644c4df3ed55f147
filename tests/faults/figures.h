/* figures.h: what the walks found, added up. */
#ifndef FAULTS_FIGURES_H
#define FAULTS_FIGURES_H

#include <stdio.h>

#include "child.h"

#define MOST_SCENARIOS 64

typedef struct figures_row {
    const char *scenario;
    unsigned long points[FAULT_KINDS], named, absorbed, violations;
    double seconds;
} figures_row;

typedef struct figures {
    figures_row rows[MOST_SCENARIOS];
    size_t count;
    unsigned long points, violations;
    fail_count calls[MOST_CALLS];
    child_codes codes[MOST_CALLS][2]; /* from then on, and once */
    char names[MOST_CALLS][40];
} figures;

/* A scenario's row is begun, added to, and ended, which prints it. Violations are printed
 * as they come. */
void figures_begin(figures *f, const scenario *s);
void figures_add(figures *f, const child_walk *walk, const child_found *found);
void figures_end(figures *f);

/* The entry points that were called, how often, and how often they failed; and the sums. */
void figures_print(const figures *f);

/* All of it, as lines of figures.awk, which adds up those of many walks. */
bool figures_write(const figures *f, const char *path);

#endif /* FAULTS_FIGURES_H */
