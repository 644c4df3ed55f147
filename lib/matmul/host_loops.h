/* host_loops.h: a small product on the calling thread, compiled for several levels of one
 * architecture. For host.c and host_loops.c only. */
#ifndef TSR_MATMUL_HOST_LOOPS_H
#define TSR_MATMUL_HOST_LOOPS_H

#include <tessera/oracle.h>

/* K at most: a panel of it is on the stack. */
#define TSR__HOST_MOST_K 512

/* Rows of a tile. */
#define TSR__HOST_ROWS 4

/* Vectors of a tile's row. */
#define TSR__HOST_VECTORS 2

typedef struct tsr__host_loops {
    const char *level; /* "x86-64-v4" */
    unsigned vector_bytes;

    /* C = activation(alpha * A @ B + beta * C + bias) into `c`; the product's c0 is not
     * looked at. K is 1 to TSR__HOST_MOST_K, the activation none or relu. Each element is
     * summed over k in order, so its bits do not depend on M, N, strides or batch. */
    void (*f32)(const tsr_host_product *product, const tsr_host_matrix *c);
    void (*f64)(const tsr_host_product *product, const tsr_host_matrix *c);
} tsr__host_loops;

/* For every CPU; and, where lib/CMakeLists.txt defines TSR__HOST_LEVELS, for those that
 * have all of x86-64-v3 (AVX2, FMA) or x86-64-v4 (AVX-512). */
extern const tsr__host_loops tsr__host_baseline, tsr__host_v3, tsr__host_v4;

/* Those that this CPU runs, the best first; gives back how many. */
#define TSR__HOST_MOST_LEVELS 3
size_t tsr__host_levels(const tsr__host_loops *levels[TSR__HOST_MOST_LEVELS]);

#endif /* TSR_MATMUL_HOST_LOOPS_H */
