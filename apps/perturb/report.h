/* report.h: what a run found, for people and as JSON. */
#ifndef PERTURB_REPORT_H
#define PERTURB_REPORT_H

#include <stdio.h>

#include "date.h"
#include "options.h"
#include "products.h"
#include "race.h"
#include "train.h"

/* A whole run. */
typedef struct report {
    const options *options;
    const tsr_device_info *device;
    char date[DATE_SIZE];     /* when it began */
    const products *products; /* NULL: it was training, and there is what follows */
    size_t train_count, held_out_count; /* images */
    race race;
    history history;
} report;

void report_race(const report *r);
void report_end(const report *r);

/* One object, to `file`. */
bool report_json(FILE *file, const report *r, failure *why);

#endif /* PERTURB_REPORT_H */
