/* lines.h: a CPU's cache lines, in bytes, and which of them rows of a matrix share. */
#ifndef TSR_MATMUL_LINES_H
#define TSR_MATMUL_LINES_H

#include "matmul/problem.h"

#define TSR__LINE 64

/* A way of a first-level cache: what is this far apart meets in the same few lines. */
#define TSR__PAGE 4096

/* Whether rows that begin `row` elements apart are whole pages apart, or very nearly. */
static inline bool tsr__pages_apart(const tsr__problem *problem, size_t row)
{
    return (row * tsr_dtype_size(problem->dtype) + 16) % TSR__PAGE <= 32;
}

#endif /* TSR_MATMUL_LINES_H */
