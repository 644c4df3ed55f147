/* list.h: --list, the devices in brief. The program `devices` says more. */
#ifndef COMPARE_LIST_H
#define COMPARE_LIST_H

#include <stdio.h>

#include "failure.h"

/* Prints every device, marks the one `spec` (NULL: the default) chooses, and says why
 * the others cannot be used. Fails if `spec` chooses none. */
bool list_devices(FILE *file, const char *spec, failure *why);

#endif /* COMPARE_LIST_H */
