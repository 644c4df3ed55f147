/* shapes.h: the --shapes file.
 *
 *     # the seed product, then a batch of small ones with B stored transposed
 *     1 5000 6400
 *     64 64 64 f32 n t 256
 *
 * One product a line: M N K [dtype] [ta] [tb] [batch]; ta and tb are n or t. Blank lines
 * and what follows a # are skipped. What a line leaves out is taken from `otherwise`.
 */
#ifndef COMMON_SHAPES_H
#define COMMON_SHAPES_H

#include "problem.h"

/* Where a line's product begins; both count from 1. */
typedef struct shape_place {
    size_t line, column;
} shape_place;

typedef struct problem_list {
    problem *items; /* owned */
    size_t count;
    const char *path;    /* lent: the file they are from; NULL: from none */
    shape_place *places; /* owned: of each in that file */
} problem_list;

/* Reads the file at `path`, or standard input for "-". A line that is not a product, or
 * cannot be counted, is a failure that begins with where it is, "FILE:LINE:COLUMN: "; so is,
 * without a place, a file that has none. */
bool shapes_read(const char *path, const problem *otherwise, problem_list *out,
                 failure *why);

bool problem_list_add(problem_list *list, const problem *p, failure *why);

/* A failure of one of them, `cause`, with which product it is before it and, if it is from
 * a file, "FILE:LINE:COLUMN: " before that. */
bool problem_list_blame(const problem_list *list, size_t index, const failure *cause,
                        failure *why);

void problem_list_free(problem_list *list);

#endif /* COMMON_SHAPES_H */
