/* report.h: the results as one HTML page that needs no other file and no network. */
#ifndef COMPARE_REPORT_H
#define COMPARE_REPORT_H

#include <stdio.h>

#include "failure.h"
#include "results.h"

/* Fails only without memory; failures of the file are its owner's to see. */
bool report_write(FILE *file, const results *all, failure *why);

/* Its style sheet. */
extern const char report_style[];

#endif /* COMPARE_REPORT_H */
