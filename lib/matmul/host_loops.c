/* One level of host_loops.h: LOOPS is its name, LEVEL the architecture's for it. */
#include "matmul/host_loops.h"

#if defined __AVX512F__
#define VECTOR_BYTES 64
#elif defined __AVX__
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#define REAL     float
#define SUM      sum_f32
#define PACK     pack_f32
#define FINISH   finish_f32
#define COLUMNS  columns_f32
#define MULTIPLY multiply_f32
#include "matmul/host_tiles.h"

#undef REAL
#undef SUM
#undef PACK
#undef FINISH
#undef COLUMNS
#undef MULTIPLY
#undef WIDE
#define REAL     double
#define SUM      sum_f64
#define PACK     pack_f64
#define FINISH   finish_f64
#define COLUMNS  columns_f64
#define MULTIPLY multiply_f64
#include "matmul/host_tiles.h"

const tsr__host_loops LOOPS = {LEVEL, VECTOR_BYTES, multiply_f32, multiply_f64};
