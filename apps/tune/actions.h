/* actions.h: what can be done with records besides making them. */
#ifndef TUNE_ACTIONS_H
#define TUNE_ACTIONS_H

#include <tessera/tune.h>

#include "failure.h"

/* Writes the device's records to the file, whole or not at all; "-" is stdout. */
bool export_records(tsr_device *device, const char *path, failure *why);

/* Adds a file's records, or with "-" those from standard input, to the device's, and says
 * how many on stdout, unless `quiet`. */
bool import_records(tsr_device *device, const char *path, bool quiet, failure *why);

/* Forgets the device's records, and says how many there were. */
bool clear_records(tsr_device *device, bool quiet, failure *why);

#endif /* TUNE_ACTIONS_H */
