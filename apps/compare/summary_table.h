/* summary_table.h: many products, a line for each. */
#ifndef COMPARE_SUMMARY_TABLE_H
#define COMPARE_SUMMARY_TABLE_H

#include <stdio.h>

#include "results.h"

/* The product as a line of a shapes file; tessera's best time, by whom, of the roof; that
 * time over each other runner's. In 80 columns: runners that do not fit have a table of
 * their own below. Nothing without products. */
void summary_table_print(FILE *file, const results *all);

#endif /* COMPARE_SUMMARY_TABLE_H */
