/* against.h: this run beside an earlier one, case by case, on the screen. */
#ifndef COMPARE_AGAINST_H
#define COMPARE_AGAINST_H

#include <stdio.h>

#include "results.h"

/* For results with an earlier run. */
void against_print(FILE *file, const results *all);

#endif /* COMPARE_AGAINST_H */
