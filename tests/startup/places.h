/* places.h: a temporary folder that holds every cache of a process and its children. */
#ifndef STARTUP_PLACES_H
#define STARTUP_PLACES_H

#include <stdbool.h>

/* Makes a new folder in $TMPDIR and leads TESSERA_CACHE_DIR, POCL_CACHE_DIR,
 * XDG_CACHE_HOME and HOME, where other drivers keep theirs, into it. False, with a line on
 * stderr, if that cannot be. */
bool places_make(char path[4096]);

/* Removes the folder and all that is in it. */
void places_remove(const char *path);

#endif /* STARTUP_PLACES_H */
