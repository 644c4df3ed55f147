/* files.h: the files a run of perturb writes. */
#ifndef PERTURB_FILES_H
#define PERTURB_FILES_H

#include "report.h"

/* Whether each could be written, tried before anything slow begins. */
bool files_probe(const options *o, failure *why);

/* All or nothing, and standard output last (targets.h). */
bool files_write(const report *r, failure *why);

#endif /* PERTURB_FILES_H */
