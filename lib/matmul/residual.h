/* residual.h: a whole product judged by one vector (Freivalds 1977).
 *
 *     C t  against  alpha * A (B t) + beta * C0 t + bias t,     t of -1 and 1
 *
 * costs n^2, not n^3. One wrong element moves its row's sum by its whole error, so it is
 * seen when it is off by more than the row's bounds together.
 */
#ifndef TSR_MATMUL_RESIDUAL_H
#define TSR_MATMUL_RESIDUAL_H

#include "matmul/bound.h"

/* What the sum of one row of C t should be. */
typedef struct tsr__residual {
    size_t rows;        /* m * batch, counted over the batch */
    double *t;          /* [n], -1 or 1 */
    tsr__expected *row; /* [rows] */
} tsr__residual;

/* The right-hand sides. Without activation only; `product` is rounded and not empty.
 * Errors: HOST_MEMORY. */
tsr_status tsr__residual_create(const tsr_host_product *product, uint64_t seed,
                                tsr__residual *out);

/* The sum of row `row` of batch `batch` of C t. */
long double tsr__residual_of(const tsr__residual *residual,
                             const tsr_host_product *product, const tsr_host_matrix *c,
                             size_t batch, size_t row);

void tsr__residual_destroy(tsr__residual *residual);

/* A well-mixed number for each (seed, i) (splitmix64: Steele, Lea, Flood, 2014). */
static inline uint64_t tsr__mix(uint64_t seed, uint64_t i)
{
    uint64_t x = seed + (i + 1) * UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

#endif /* TSR_MATMUL_RESIDUAL_H */
