/* known.h: what records say about a device's problems.
 *
 * Read from disk when they are first asked for, then kept with the device. A record that
 * cannot be read, or whose strategy or set cannot run the problem at hand, is none. Any
 * thread.
 *
 * Records are found by what the router was free to choose, the scope: any strategy, or
 * the one that was forced. So what is forced is tuned only by a search that was told to
 * look at nothing else, and a forced strategy without such a record always takes its own
 * best guess.
 */
#ifndef TSR_MATMUL_KNOWN_H
#define TSR_MATMUL_KNOWN_H

#include "matmul/known_record.h"

/* The record that speaks for the problem; `scope` is NULL for any strategy. Where there is
 * none of this device as it is, one shipped for such a device or another of its vendor and
 * generation: then *shipped. False if there is none. */
bool tsr__known_find(tsr_device *device, const tsr__problem *problem,
                     const tsr__strategy *scope, tsr__winner *out, bool *shipped);

/* The shipped record of the nearest device that has one for the problem, if only of the
 * same type: where to start searching. */
bool tsr__known_start(tsr_device *device, const tsr__problem *problem,
                      tsr__winner *out);

/* Whether there is a record of this device, also if it is of no use, or none is going to
 * be. */
bool tsr__known_has(tsr_device *device, const tsr__problem *problem,
                    const tsr__strategy *scope);

/* Takes note, for this process and on disk. Errors: HOST_MEMORY, and UNSUPPORTED if it is
 * known now but there is no place to keep it. */
tsr_status tsr__known_keep(tsr_device *device, tsr__class of,
                           const tsr__strategy *scope, const tsr__winner *winner);

/* Nothing is going to be found out about a class in this process; tsr__known_has says
 * that there is something. */
void tsr__known_give_up(tsr_device *device, tsr__class of);

/* One of this device's records, in no particular order; false beyond the last. */
bool tsr__known_at(tsr_device *device, size_t index, tsr__known_record *out);

/* Forgets all of this device's, here and on disk. */
tsr_status tsr__known_clear(tsr_device *device);

/* The same records as texts (tune/records.h); the caller's to free. */
tsr_status tsr__known_texts(tsr_device *device, tsr__records *out);

/* Adds a text's records to what is known, here and on disk. `name` is the text's in
 * details, NULL for none. Errors: ARGUMENT (the detail names the line, or what the text is
 * about), HOST_MEMORY, UNSUPPORTED. */
tsr_status tsr__known_add(tsr_device *device, const char *name, const char *text,
                          size_t length, size_t *count);

#endif /* TSR_MATMUL_KNOWN_H */
