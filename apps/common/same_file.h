/* same_file.h: one file by two names. */
#ifndef COMMON_SAME_FILE_H
#define COMMON_SAME_FILE_H

#include <stddef.h>

#include "failure.h"

/* Whether two names are of one file, there or to be made. */
bool same_file(const char *path, const char *other);

typedef struct named_file {
    const char *option, *path; /* NULL: not given */
} named_file;

/* Fails if a file is written twice, or written and read. The first `read` of `count` are
 * read. */
bool files_differ(const named_file *files, size_t read, size_t count, failure *why);

#endif /* COMMON_SAME_FILE_H */
