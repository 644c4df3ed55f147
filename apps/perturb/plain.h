/* plain.h: the same differences in sequential plain C, for the comparison. */
#ifndef PERTURB_PLAIN_H
#define PERTURB_PLAIN_H

#include "digits.h"
#include "model.h"

/* Everything that is laid out once and for all: pixels and labels by image. */
typedef struct plain plain;

bool plain_create(const digits *d, plain **out, failure *why);
void plain_destroy(plain *p);

/* What the functions below are compiled for: of the levels that the program has, the best
 * that this CPU runs: "x86-64-v4". */
const char *plain_level(const plain *p);

/* What gradient_find does, by the same formulas: a change of one weight is followed through
 * the one column that it touches. The loops are written so that a compiler makes vectors
 * of them. */
void plain_gradient(plain *p, const float *weights, float sigma, float *slopes);

/* The naive way, for `count` weights that are `step` apart: two whole forward passes for
 * each, and the difference of two losses. */
void plain_full_forward(plain *p, const float *weights, float sigma, size_t step,
                        size_t count, float *slopes);

#endif /* PERTURB_PLAIN_H */
