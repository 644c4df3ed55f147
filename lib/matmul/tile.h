/* tile.h: the parameter sets of kernels/tile.cl, from facts alone. */
#ifndef TSR_MATMUL_TILE_H
#define TSR_MATMUL_TILE_H

#include "matmul/strategy.h"
#include "program/program.h"

/* The parameters, one per line, in the order of their values in a set: the name, whether
 * it is one of the kernel file's (or only says how it is launched), and what is searched.
 * A new one is a line here, its use there, and a column in the table of tile_sets.c. */
#define TSR__TILE_PARAMETERS(X)                                                        \
    X(TM, true, 16, 32, 64, 128, 256)                                                  \
    X(TN, true, 16, 32, 64, 128, 256)                                                  \
    X(TK, true, 8, 16, 32)                                                             \
    X(RM, true, 2, 4, 8)                                                               \
    X(RN, true, 2, 4, 8)                                                               \
    X(VW, true, 1, 2, 4)                                                               \
    X(UNROLL, true, 1, 2, 4, 8)                                                        \
    X(BUFFERS, true, 1, 2)                                                             \
    X(PAD, true, 0, 1, 2, 4)                                                           \
    X(GROUP_ROWS, true, 1, 8)                                                          \
    X(SPLIT, false, 1, 2, 4, 8, 16, 32, 64, 128) /* parts of K, at most */

#define TSR__TILE_INDEX(name, ...) TSR__TILE_##name,
enum { TSR__TILE_PARAMETERS(TSR__TILE_INDEX) TSR__TILE_COUNT };

/* A problem as the kernel sees it: C by rows if it can be. */
tsr__problem tsr__tile_oriented(const tsr__problem *problem);

/* How K is cut: the length of a slab, but for the last, and how many there are. Depends on
 * the problem and the set alone. */
size_t tsr__tile_slab(const tsr__problem *oriented, const tsr__parameters *set);
size_t tsr__tile_slabs(const tsr__problem *oriented, const tsr__parameters *set);

/* NULL, or why this set cannot run this problem on this device: the conditions of the
 * kernel file, and what the device has room for. Takes any values. */
const char *tsr__tile_refused(const tsr__problem *problem, const tsr_device_info *info,
                              const tsr__parameters *set);

/* The best of the sets that the library ships, by the cost model: *set. False if none can
 * run this; *set is then the smallest. */
bool tsr__tile_guess(const tsr__problem *problem, const tsr_device_info *info,
                     tsr__parameters *set);

/* The shipped sets, with SPLIT 1; NULL beyond the last. */
const tsr__parameters *tsr__tile_shipped(size_t index);

/* How the kernel may load operands and store C: along which stride neighbours are, and
 * whether in vectors; `far`: a tile spans more than 32 bits of bytes. */
typedef struct tsr__tile_loads {
    bool a_along_k, b_along_k;
    bool a_vector, b_vector, c_vector;
    bool far;
} tsr__tile_loads;

tsr__tile_loads tsr__tile_loads_of(const tsr__problem *oriented,
                                   const tsr__parameters *set);

/* The options that the kernel file is built with. */
void tsr__tile_options(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set, char options[TSR__OPTIONS_SIZE]);

/* ---- The cost model (tile_cost.c) ------------------------------------------------ */

/* Work-items of a group, and bytes of its local memory. */
size_t tsr__tile_items(const tsr__parameters *set);
size_t tsr__tile_local_bytes(const tsr__parameters *set, tsr_dtype dtype);

/* Registers of 32 bits that an item should take. */
unsigned tsr__tile_registers(const tsr__problem *oriented, const tsr__parameters *set);

/* How many groups a compute unit should hold at a time; 0 if the set's tile does not fit
 * its registers. */
unsigned tsr__tile_groups(const tsr__problem *oriented, const tsr_device_info *info,
                          const tsr__parameters *set);

/* Which part of what the innermost loop issues are multiply-adds. */
double tsr__tile_fma_share(const tsr__parameters *set, tsr_dtype dtype);

/* Seconds that a set that fits should take. */
double tsr__tile_estimate(const tsr__problem *problem, const tsr_device_info *info,
                          const tsr__parameters *set);

/* What a tuner may search. */
extern const tsr__space tsr__tile_space;

#endif /* TSR_MATMUL_TILE_H */
