/* stream.h: the two shapes of `stream`, one for CPUs and one for GPUs. For stream*.c. */
#ifndef TSR_MATMUL_STREAM_H
#define TSR_MATMUL_STREAM_H

#include "matmul/strategy.h"

/* Rows, or columns, that stream takes: more would not stay in registers, or in the nearest
 * caches. */
#define TSR__STREAM_ROWS 32

/* The problem with few rows: few columns are few rows of the transpose. */
tsr__problem tsr__stream_oriented(const tsr__problem *problem);

/* Strategies of their own, though in no table, for problems that are oriented, have at most
 * TSR__STREAM_ROWS rows, and a B with contiguous rows or columns. */
extern const tsr__strategy tsr__stream_sweep; /* kernels/stream.cl */
extern const tsr__strategy tsr__stream_lanes; /* kernels/stream_lanes.cl */

/* The parameters of stream_lanes.cl; no sets on a CPU. Takes problems as they come. */
extern const tsr__space tsr__stream_space;

#endif /* TSR_MATMUL_STREAM_H */
