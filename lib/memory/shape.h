/* shape.h: lengths and strides as numbers, before there is any memory. */
#ifndef TSR_MEMORY_SHAPE_H
#define TSR_MEMORY_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include <tessera/tensor.h>

/* Room for "6400x5000" with the largest lengths and rank, and the terminator. */
#define TSR__SHAPE_TEXT_SIZE 64

/* The shape as people write it, into `text`, which is given back. */
const char *tsr__shape_text(int rank, const size_t *shape,
                            char text[TSR__SHAPE_TEXT_SIZE]);

/* Checks rank, shape and dtype and counts the elements; 0 if any length is 0, however
 * long the others are. Errors: ARGUMENT, OVERFLOW (elements or bytes beyond size_t). */
tsr_status tsr__shape_count(tsr_dtype dtype, int rank, const size_t *shape,
                            size_t *count);

/* The strides of a dense tensor. For an empty shape they mean nothing and may wrap. */
void tsr__shape_dense_strides(int rank, const size_t *shape, size_t *strides);

/* How many elements lie from the first to the last in memory, both counted; 0 for an
 * empty shape. Errors: OVERFLOW. */
tsr_status tsr__shape_extent(int rank, const size_t *shape, const size_t *strides,
                             size_t *extent);

#endif /* TSR_MEMORY_SHAPE_H */
