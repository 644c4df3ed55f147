/* case.h: one conformance case, made from its number alone.
 *
 * All sizes M, N and K of the set in case.c meet in every combination within the first
 * 5832 numbers; everything else is drawn at random from the number, beyond these also a
 * third of the sizes. So the number is the seed, and there are as many cases as numbers.
 */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <tessera/tessera.h>

/* Where a matrix lies in a flat array of `length` elements: as tsr_tensor_view wants
 * it. */
typedef struct placement {
    int rank;
    size_t shape[3];
    size_t strides[3];
    size_t offset;
    size_t length;
    const char *layout; /* its name, for messages */
} placement;

typedef enum data_kind {
    DATA_INTEGERS, /* small ones: the result must be exact to the bit */
    DATA_UNIFORM,  /* in [-1, 1) */
    DATA_SPECIAL   /* the same with a few NaN and infinities among it */
} data_kind;

typedef struct test_case {
    unsigned long number;
    tsr_dtype dtype;
    size_t m, n, k, batch;
    placement a, b, c, bias;
    bool shared; /* B lies in A's array, over A or beside it */
    bool has_bias;
    double alpha, beta;
    tsr_activation activation;
    data_kind data;
    unsigned prepared; /* which of A (1) and B (2) are prepared tensors; mostly 0 */
    bool hidden_nan;   /* alpha == 0, and A and B are all NaN */
    bool lent;         /* the matrices are borrowed arrays of the host */
    bool whole;        /* see SIZES_TILES */
} test_case;

typedef enum case_sizes {
    SIZES_ALL,
    SIZES_THIN, /* up to 17 only */
    SIZES_LARGE, /* so many that the oracle judges some rows, and the whole by residuals */
    /* Up to 300 rows and columns, more than the largest tile has: for parameter sets, which
     * have a program for each way of loading operands. Every other case is whole: 16
     * divides its sizes and offsets, and its operands are dense. */
    SIZES_TILES,
    SIZES_THIN_TILES /* the same up to 40 */
} case_sizes;

/* "all", "small", ... */
const char *sizes_name(case_sizes sizes);

/* Case `number`. `fp64`: whether f64 may be drawn; without it the same case is f32. */
test_case make_case(unsigned long number, bool fp64, case_sizes sizes);

/* One line that says what the case is. */
void print_case(FILE *to, const test_case *c);

/* Element (t, i, j) of a matrix inside its flat array, as an oracle operand. `batch` and
 * the other axes that the placement lacks or has only once get a stride of 0. */
tsr_host_matrix host_view(const placement *p, const void *flat, tsr_dtype dtype);

/* A random number for each (number, key): splitmix64. */
uint64_t draw(unsigned long number, uint64_t key);

#endif /* CONFORMANCE_CASE_H */
