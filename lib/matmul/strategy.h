/* strategy.h: one way to solve a problem is one row of a table.
 *
 * To add a strategy: a file NAME.c that defines `const tsr__strategy tsr__NAME`, a file
 * kernels/NAME.cl, a line here and one in strategies.c. The conformance suite then runs
 * it by itself. Strategies do not know each other.
 */
#ifndef TSR_MATMUL_STRATEGY_H
#define TSR_MATMUL_STRATEGY_H

#include "matmul/problem.h"
#include "program/launch.h"

#define TSR__PLAN_KERNELS 4
#define TSR__PLAN_NUMBERS 12

typedef struct tsr__strategy tsr__strategy;

/* A strategy with its parameters fixed for one problem on one device. A plain value:
 * its kernels belong to the device. */
typedef struct tsr__plan {
    const tsr__strategy *strategy;
    tsr__problem problem; /* as the strategy sees it */
    bool transposed;      /* that is C^T = B^T A^T of what was asked */
    tsr__kernel *kernels[TSR__PLAN_KERNELS];
    size_t numbers[TSR__PLAN_NUMBERS]; /* the strategy's own; it names the places */
    double build_seconds;
} tsr__plan;

struct tsr__strategy {
    const char *name;

    /* NULL if it can run this problem on this device, else why not, in words. Called
     * for M, N, K, batch >= 1 only, as all the others. */
    const char *(*cannot_run)(const tsr__problem *problem, const tsr_device_info *info);

    /* Seconds it should take, by the roof of a device with these facts. Only the order
     * among strategies matters. */
    double (*cost)(const tsr__problem *problem, const tsr_device_info *info);

    /* Fixes the parameters and gets the kernels. plan->strategy and ->problem are set;
     * the problem may be transposed here.
     * Errors: BUILD, OPENCL, HOST_MEMORY, CLBLAST, WRONG_RESULT. */
    tsr_status (*plan)(tsr_device *device, tsr__plan *plan);

    /* Puts the plan's commands on the sequence. `operands` match plan->problem, so they
     * are swapped if the plan is transposed. */
    tsr_status (*enqueue)(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence);
};

extern const tsr__strategy tsr__stream;
extern const tsr__strategy tsr__panel;
extern const tsr__strategy tsr__tile;
extern const tsr__strategy tsr__clblast;
extern const tsr__strategy tsr__reference;

/* The table: the strategies of this build. NULL beyond the last. */
const tsr__strategy *tsr__strategy_at(size_t index);

/* By name; NULL if there is none. */
const tsr__strategy *tsr__strategy_find(const char *name);

#endif /* TSR_MATMUL_STRATEGY_H */
