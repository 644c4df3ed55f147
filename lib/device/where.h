/* where.h: the few things of this library that base POSIX has no call for. */
#ifndef TSR_DEVICE_WHERE_H
#define TSR_DEVICE_WHERE_H

#include <stdbool.h>
#include <stddef.h>

/* The absolute path of the file this code was loaded from: libtessera.so, or the
 * program that has the static library in it. False, with errno, if it cannot be told. */
bool tsr__own_path(char *path, size_t size);

/* `path` from the root and without links. False, with errno, if there is no such file. */
bool tsr__absolute_path(const char *path, char *out, size_t size);

/* A pipe whose ends close when a program is executed, also one that another thread
 * starts at this moment. False if there are no descriptors left. */
bool tsr__pipe(int ends[2]);

#endif /* TSR_DEVICE_WHERE_H */
