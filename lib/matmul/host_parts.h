/* host_parts.h: a product on the host, in parts that two threads can share. */
#ifndef TSR_MATMUL_HOST_PARTS_H
#define TSR_MATMUL_HOST_PARTS_H

#include "matmul/host_loops.h"
#include "matmul/problem.h"

/* A part is `batches` products, and of each C a block of rows x columns; at the ends of the
 * batch and of a matrix it may be less. */
typedef struct tsr__host_parts {
    size_t batches, rows, columns;
    size_t row_parts, column_parts; /* of a matrix */
    size_t count;                   /* of all */
} tsr__host_parts;

/* How to cut a problem, as it is solved, for loops with such vectors. */
tsr__host_parts tsr__host_parts_of(const tsr__problem *problem, unsigned vector_bytes);

/* A part of a product, as a product, and where its C is. */
void tsr__host_part(const tsr__host_parts *parts, size_t index,
                    tsr_host_product *product, tsr_host_matrix *c);

#endif /* TSR_MATMUL_HOST_PARTS_H */
