/* files.h: the files a run of compare writes. */
#ifndef COMPARE_FILES_H
#define COMPARE_FILES_H

#include "options.h"
#include "results.h"

/* Whether each could be written, tried before anything slow begins. */
bool files_probe(const options *o, failure *why);

/* Whether any is to be written, standard output aside. */
bool files_any(const options *o);

/* Writes what the options name: all or nothing, and standard output last (targets.h).
 * `product` is C of the one case, for --out; NULL if it is not right, and then that file
 * is not written. */
bool files_write(const options *o, const results *all, const void *product,
                 failure *why);

#endif /* COMPARE_FILES_H */
