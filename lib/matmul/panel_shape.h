/* panel_shape.h: how the panel strategy cuts a problem up. */
#ifndef TSR_MATMUL_PANEL_SHAPE_H
#define TSR_MATMUL_PANEL_SHAPE_H

#include "matmul/problem.h"

/* How an operand's panels come about: the numbers of kernels/panel.cl. */
typedef enum tsr__way { TSR__PACKED = 0, TSR__LOCAL = 1, TSR__IN_PLACE = 2 } tsr__way;

/* All that a plan fixes. Lengths are elements, blocks are in panels. */
typedef struct tsr__panel_shape {
    bool transposed;         /* C^T = B^T A^T is solved */
    bool few;                /* few rows or columns: an operand is used once or twice */
    tsr__way a, b;           /* of the problem as it is solved */
    size_t lanes, mr, nv;    /* a tile: MR rows of NV vectors of so many lanes */
    size_t nr;               /* its columns, nv * lanes */
    size_t kc, local_a;      /* -DKC and -DLOCAL_A */
    size_t block_m, block_n; /* panels of a block of C, one work-item's */
    size_t slab, slabs;      /* how K is cut; depends on M, N and K alone */
} tsr__panel_shape;

/* Everything but the blocks. Cheap: the router asks for every problem. */
tsr__panel_shape tsr__panel_shape_of(const tsr__problem *problem,
                                     const tsr_device_info *info);

/* What may be chosen otherwise (panel_space.h); the ways are those of the problem as it is
 * solved. */
typedef struct tsr__panel_set {
    size_t mr, nv, kc, slabs;
    tsr__way a, b;
} tsr__panel_set;

tsr__panel_set tsr__panel_set_of(const tsr__panel_shape *shape);

/* The shape with that chosen. */
tsr__panel_shape tsr__panel_shape_with(const tsr__problem *problem,
                                       const tsr_device_info *info,
                                       const tsr__panel_set *set);

/* The blocks: as many as keep all compute units busy to the end, each large enough to pay
 * for what it packs. `problem` is as it is solved. */
void tsr__panel_blocks(const tsr__problem *problem, const tsr_device_info *info,
                       tsr__panel_shape *shape);

/* How much more is computed than asked for, as tiles reach beyond C: 1 or more. */
double tsr__panel_waste(const tsr__problem *problem, const tsr__panel_shape *shape);

/* Loop turns of one work-item (turns.h), at most. */
double tsr__panel_turns(const tsr__panel_shape *shape);

#endif /* TSR_MATMUL_PANEL_SHAPE_H */
