/* stream_shape.h: how stream_lanes.cl cuts a product up, and what that should cost. By the
 * problem, the facts and a parameter set alone. Problems here are oriented (stream.h). */
#ifndef TSR_MATMUL_STREAM_SHAPE_H
#define TSR_MATMUL_STREAM_SHAPE_H

#include "matmul/arguments.h"
#include "matmul/strategy.h"

/* A parameter set, in the order of its values; named as in the kernel file. */
typedef struct tsr__lanes_set {
    unsigned in, ik, rm, rn, vw, uk, tk;
    unsigned slabs; /* of K; fewer where they would be empty */
    unsigned once;  /* the last group adds the slabs, else a second launch does */
} tsr__lanes_set;

tsr__lanes_set tsr__lanes_set_of(const tsr__parameters *set);

/* What a set makes of one problem. */
typedef struct tsr__lanes_shape {
    bool dots;                  /* B's columns are contiguous, not its rows */
    unsigned vw;                /* the set's, or narrower, as B's strides allow */
    size_t slab, slabs;         /* of K */
    size_t tiles, blocks;       /* of columns, of rows */
    size_t items, local_memory; /* of a group; bytes */
} tsr__lanes_shape;

tsr__lanes_shape tsr__lanes_shape_of(const tsr__problem *problem,
                                     const tsr__lanes_set *set);

/* Whether the device can run the set; as the kernel file says, and `turns.h`. */
bool tsr__lanes_fits(const tsr__problem *problem, const tsr_device_info *info,
                     const tsr__lanes_set *set);

/* Whether another group's sums can be seen in the launch that makes them (the kernel file
 * has the reasons). */
bool tsr__lanes_once(const tsr_device_info *info);

/* Seconds, by the cost model, of a set that fits. */
double tsr__lanes_estimate(const tsr__problem *problem, const tsr_device_info *info,
                           const tsr__lanes_set *set);

/* The best guess; false if no set fits. */
bool tsr__lanes_guess(const tsr__problem *problem, const tsr_device_info *info,
                      tsr__lanes_set *out);

/* As tsr__space's. */
size_t tsr__lanes_sets(const tsr__problem *problem, const tsr_device_info *info,
                       tsr__parameters *out, size_t room);

/* What the kernel file is built with (stream_lanes.c). */
void tsr__lanes_options(const tsr__problem *problem, const tsr_device_info *info,
                        const tsr__lanes_set *set, char options[TSR__OPTIONS_SIZE]);

#endif /* TSR_MATMUL_STREAM_SHAPE_H */
