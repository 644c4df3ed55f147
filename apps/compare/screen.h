/* screen.h: the results for people, in 80 columns. */
#ifndef COMPARE_SCREEN_H
#define COMPARE_SCREEN_H

#include <stdio.h>

#include "results.h"

/* The versions, the device line and the roof line. */
void screen_head(FILE *file, const results *all);

/* The table of one problem and what it means: all of it, or for one of many (`brief`)
 * only a line. */
void screen_case(FILE *file, const case_result *c, bool brief);

/* How many rows were right, wrong, skipped, the roof at best, and tessera beside the
 * others: a line for each problem, and over all of it. For many problems. */
void screen_summary(FILE *file, const results *all);

#endif /* COMPARE_SCREEN_H */
