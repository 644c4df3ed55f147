/* plain_loops.h: what of plain C is timed, compiled for several levels of one architecture,
 * as -march=native would be for one machine. For plain.c and plain_loops.c only. */
#ifndef PERTURB_PLAIN_LOOPS_H
#define PERTURB_PLAIN_LOOPS_H

#include "plain.h"

#define PLAIN_STRIP 16 /* images at a time: a vector, or several */

/* The two functions of plain.h. */
typedef struct plain_loops {
    const char *level; /* "x86-64-v4" */
    void (*gradient)(plain *p, const float *weights, float sigma, float *slopes);
    void (*full_forward)(plain *p, const float *weights, float sigma, size_t step,
                         size_t count, float *slopes);
} plain_loops;

/* For every CPU; and, where CMakeLists.txt defines PLAIN_LEVELS, for those that have all of
 * x86-64-v3 (AVX2, FMA) or x86-64-v4 (AVX-512). */
extern const plain_loops plain_baseline, plain_v3, plain_v4;

/* Those that this CPU runs, the best first; gives back how many. */
#define PLAIN_MOST_LEVELS 3
size_t plain_levels(const plain_loops *levels[PLAIN_MOST_LEVELS]);

/* Rows of `width` images, zeros behind the last up to whole strips. */
struct plain {
    const plain_loops *loops; /* the best level */
    size_t count, width;
    const uint32_t *labels;     /* lent */
    float *x, *t, *h, *p, *own; /* [64], [64], [32], [10], [32] rows; parts of `rows` */
    float *label;               /* one row; -1 behind the last */
    float *rows;                /* owned */
    float weights[MODEL_COUNT]; /* of plain_full_forward, as they are tried */
};

#endif /* PERTURB_PLAIN_LOOPS_H */
