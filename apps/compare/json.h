/* json.h: the results as one JSON object, for programs.
 *
 * The keys are a contract (compare(1) lists them); more may be added, none change. Times
 * are milliseconds. What there is no number for is null.
 */
#ifndef COMPARE_JSON_H
#define COMPARE_JSON_H

#include <stdio.h>

#include "failure.h"
#include "results.h"

/* Writes the object and a newline. Failures of the file are its owner's to see; this one
 * fails only without memory. */
bool json_write(FILE *file, const results *all, failure *why);

#endif /* COMPARE_JSON_H */
