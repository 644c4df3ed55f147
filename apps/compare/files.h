/* files.h: the files a run writes: all of them, or none. */
#ifndef COMPARE_FILES_H
#define COMPARE_FILES_H

#include "options.h"
#include "results.h"

/* Whether each could be written, tried before anything slow begins. */
bool files_probe(const options *o, failure *why);

/* Writes what the options name. `product` is C of the one case, for --out; NULL if it is
 * not right, and then that file is not written. Every file is whole before the first gets
 * its name. "-" of --json is standard output and comes last; so does the failure that
 * something written there was lost, for files are to outlive a closed pipe. */
bool files_write(const options *o, const results *all, const void *product,
                 failure *why);

/* Whether --json is standard output. */
bool files_json_is_stdout(const options *o);

/* Flushes it; a failure if anything written to it was lost. */
bool files_flush_stdout(failure *why);

/* Whether any file is to be written, standard output aside. */
bool files_any(const options *o);

#endif /* COMPARE_FILES_H */
