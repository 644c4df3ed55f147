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

#define TSR__PARAMETERS   20
#define TSR__PLAN_KERNELS 4
#define TSR__PLAN_NUMBERS 12

typedef struct tsr__strategy tsr__strategy;

/* Values of a strategy's parameters, in the order of space->names; 0 beyond them. */
typedef struct tsr__parameters {
    unsigned values[TSR__PARAMETERS];
} tsr__parameters;

/* What may be searched (search.h). Everything here is by facts alone and enqueues
 * nothing. */
typedef struct tsr__space {
    /* As the kernel file, or CLBlast, calls them, NULL after the last; at most
     * TSR__PARAMETERS of them. Records on disk hold them by these names. */
    const char *const *names;

    /* The sets that can run this problem on this device, the best guess first: as many as
     * there are, at most `room`; none where there is nothing to choose. */
    size_t (*sets)(const tsr__problem *problem, const tsr_device_info *info,
                   tsr__parameters *out, size_t room);

    /* Seconds it should take with a set that fits. */
    double (*estimate)(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set);

    /* Whether this set, which may come from another device or an edited file, can run
     * this problem on this device. */
    bool (*fits)(const tsr__problem *problem, const tsr_device_info *info,
                 const tsr__parameters *set);

    /* NULL where every set, and the best guess, can be had at any time. Otherwise the best
     * guess is none of the sets; a set overrides it for the rest of the process, and
     * another set costs a build. Says whether that was done for such problems. */
    bool (*overridden)(tsr_device *device, const tsr__problem *problem);
} tsr__space;

/* A strategy with its parameters fixed for one problem on one device. A plain value:
 * its kernels belong to the device. */
typedef struct tsr__plan {
    const tsr__strategy *strategy;
    tsr__problem problem;              /* as the strategy sees it */
    bool transposed;                   /* that is C^T = B^T A^T of what was asked */
    const tsr__parameters *parameters; /* lent; a set that fits. NULL: the best guess */
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

    /* Fixes the parameters and gets the kernels. plan->strategy, ->problem and
     * ->parameters are set; the problem may be transposed here. A strategy without a
     * space is given no parameters.
     * Errors: BUILD, OPENCL, HOST_MEMORY, CLBLAST, WRONG_RESULT. */
    tsr_status (*plan)(tsr_device *device, tsr__plan *plan);

    /* Puts the plan's commands on the sequence. `operands` match plan->problem, so they
     * are swapped if the plan is transposed. */
    tsr_status (*enqueue)(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence);

    const tsr__space *space; /* NULL: there is nothing to choose */
};

extern const tsr__strategy tsr__host;
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
