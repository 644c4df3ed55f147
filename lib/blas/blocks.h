/* blocks.h: a product that is too large, cut into products that are not. */
#ifndef TSR_BLAS_BLOCKS_H
#define TSR_BLAS_BLOCKS_H

#include <tessera/device.h>

#include "product.h"

/* How much memory a block of one matrix may take. In place that is all from its first
 * element to its last; copied, its elements. */
typedef struct tsr__room {
    size_t bytes;
    bool in_place;
} tsr__room;

typedef struct tsr__blocks {
    const tsr__product *whole;
    tsr__room room;
    size_t m, n, k, batch; /* of a block; at the far ends what is left */
    size_t i, j, l, t;     /* where the next one begins */
} tsr__blocks;

/* One product of the whole; C is complete after all of its K. */
typedef struct tsr__block {
    tsr__product product; /* beta is 1 after the first piece of K */
    bool first, last;     /* of the pieces of K */
} tsr__block;

/* Bytes for a block of one matrix: three of them, the next block's, and what a strategy
 * makes of them have to be on the device together. */
size_t tsr__room_on(const tsr_device_info *info);

/* The same cuts for the same product and room. */
tsr__blocks tsr__blocks_cut(const tsr__product *whole, tsr__room room);

/* How many there are. */
double tsr__blocks_count(const tsr__blocks *blocks);

/* The next block; false after the last one. Pieces of K follow each other. */
bool tsr__blocks_next(tsr__blocks *blocks, tsr__block *block);

/* Elements from a matrix's first to its last, both counted. Strides are not negative. */
size_t tsr__extent(const tsr__matrix *matrix, size_t rows, size_t columns,
                   size_t batch);

#endif /* TSR_BLAS_BLOCKS_H */
