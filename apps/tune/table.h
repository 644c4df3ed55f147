/* table.h: what was found, for people, in 80 columns. */
#ifndef TUNE_TABLE_H
#define TUNE_TABLE_H

#include <stdio.h>

#include <tessera/tune.h>

#include "shapes.h"

/* A row for each problem, and the geometric mean of the gains over stock. */
void table_results(FILE *file, const problem_list *problems,
                   const tsr_tune_result *results);

/* All records of the device. */
void table_records(FILE *file, tsr_device *device);

#endif /* TUNE_TABLE_H */
