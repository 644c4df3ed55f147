/* problem.h: one product in numbers, and whether it can be counted. */
#ifndef COMMON_PROBLEM_H
#define COMMON_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include <tessera/tensor.h>

#include "failure.h"

/* C[M,N] = A[M,K] @ B[K,N], `batch` times. */
typedef struct problem {
    size_t m, n, k, batch;
    tsr_dtype dtype;
    bool trans_a, trans_b; /* stored transposed, passed as a view */
    bool shared_a;         /* one A for the whole batch (only from a file) */
    bool shared_b;
} problem;

/* The product that is meant where none is named. */
problem problem_default(void);

/* Elements of each operand in memory. */
size_t problem_a_count(const problem *p);
size_t problem_b_count(const problem *p);
size_t problem_c_count(const problem *p);

/* 2 * M * N * K * batch, and the bytes of A, B and C each once, as the roof counts them,
 * with elements of `dtype`. */
double problem_flops(const problem *p);
double problem_bytes(const problem *p, tsr_dtype dtype);

/* "A[1,6400] @ B[6400,5000] f32", with "x256" for a batch and ^T for stored transposed. */
void problem_describe(const problem *p, char *text, size_t size);

/* Whether M*N*K*batch and the bytes of each operand can be counted. */
bool problem_check(const problem *p, failure *why);

/* Decimal digits only: "12", not "-1", "1e3" or "". `what` names it in the failure. */
bool parse_size(const char *text, const char *what, size_t *out, failure *why);
bool parse_dtype(const char *text, tsr_dtype *out);

#endif /* COMMON_PROBLEM_H */
