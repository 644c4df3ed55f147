/* problem.h: one product in numbers, without device pointers.
 *
 *     C = activation(alpha * A @ B + beta * C + bias)
 *
 * A is M x K, B is K x N, C is M x N, the bias is M x N with strides of 0 where it
 * repeats; `batch` of each. Everything a strategy decides, it decides from this and the
 * device's facts.
 */
#ifndef TSR_MATMUL_PROBLEM_H
#define TSR_MATMUL_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include <tessera/matmul.h>

/* Where a matrix is in its buffer, in elements: element (t, i, j) is at
 * offset + t * batch + i * row + j * column. The same formula as in common.cl. */
typedef struct tsr__layout {
    size_t offset, row, column, batch;
} tsr__layout;

typedef struct tsr__problem {
    tsr_dtype dtype;
    size_t m, n, k, batch;
    tsr__layout a, b, c;
    tsr__layout bias;
    bool has_bias;
    bool a_prepared, b_prepared; /* a form of the operand may be kept with it */
    /* The host may read the operands and write C once the queue is empty, and may wait for
     * that (host.c). tsr__problem_make leaves it false. */
    bool on_host;
    double alpha, beta; /* rounded to the dtype */
    tsr_activation activation;
} tsr__problem;

/* The tensors of a problem. */
typedef struct tsr__operands {
    const tsr_tensor *a, *b;
    tsr_tensor *c;
    const tsr_tensor *bias; /* NULL for none */
} tsr__operands;

/* Checks everything tsr_matmul promises to check and fills *problem.
 * Errors: ARGUMENT, SHAPE, OVERFLOW, ALIAS. */
tsr_status tsr__problem_make(const tsr__operands *operands,
                             const tsr_matmul_options *options, tsr__problem *problem);

/* The same problem seen from the other side: C^T = B^T @ A^T. Swap the operands too. */
void tsr__problem_transpose(tsr__problem *problem);
tsr__operands tsr__operands_transpose(const tsr__operands *operands);

/* Whether they are one problem in every number. */
bool tsr__problem_same(const tsr__problem *left, const tsr__problem *right);

/* Floating-point operations, and bytes that have to move at least once. */
double tsr__problem_flops(const tsr__problem *problem);
double tsr__problem_bytes(const tsr__problem *problem);

/* "16 x (8x5000x6400) f32, B transposed", for traces and errors; lent until this thread's
 * next call. */
const char *tsr__problem_text(const tsr__problem *problem);

#endif /* TSR_MATMUL_PROBLEM_H */
