/* cache.h: built programs on disk, so that the next process need not build them.
 *
 * One file per program in $TESSERA_CACHE_DIR ("off": none), else
 * $XDG_CACHE_HOME/tessera, else $HOME/.cache/tessera. Not used where the driver keeps a
 * cache of its own that is as quick (NVIDIA).
 *
 * The directory must be the user's own and closed to others (mode 0700; made so when it
 * is missing). A file is written under a temporary name, flushed and renamed, so that it
 * is whole or absent. It holds the full key and a checksum of the binary; a file that is
 * a link, is not the user's, can be written by others, is cut short or does not match is
 * ignored and replaced. Nothing here ever fails an operation: the worst case is a build.
 */
#ifndef TSR_PROGRAM_CACHE_H
#define TSR_PROGRAM_CACHE_H

#include <stdbool.h>

#include "device/device.h"
#include "program/program.h"
#include "program/sources.h"

/* All that the binary depends on, as text: device, driver, options and source hash. */
typedef struct tsr__cache_key {
    char text[1024 + TSR__OPTIONS_SIZE];
    size_t length; /* bytes of text, without the terminator */
} tsr__cache_key;

void tsr__cache_key_make(tsr__cache_key *key, const tsr_device_info *info,
                         const tsr__source *common, const tsr__source *source,
                         const char *options);

/* True: *program is built from the cache and the caller's. False: build it. */
bool tsr__cache_load(const tsr__cache_key *key, tsr_device *device, const char *options,
                     cl_program *program);

/* Whether this driver's binaries are slow to get, so that storing waits until the device
 * goes (PoCL). */
bool tsr__cache_stores_late(const tsr_device_info *info);

/* Keeps the binary of a built program, if this device's programs are kept at all. */
void tsr__cache_store(const tsr__cache_key *key, tsr_device *device,
                      cl_program program);

#endif /* TSR_PROGRAM_CACHE_H */
