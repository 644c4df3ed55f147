/* work.h: the tuning itself. */
#ifndef TUNE_WORK_H
#define TUNE_WORK_H

#include <tessera/tune.h>

#include "options.h"

/* Tunes for what the options say and prints the table. The budget counts from `start`, by
 * clock_now(). What was found before a failure or an interrupt is kept, and shown. */
bool work(const options *o, tsr_device *device, double start, failure *why);

#endif /* TUNE_WORK_H */
