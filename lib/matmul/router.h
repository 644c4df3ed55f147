/* router.h: which strategy a problem gets. */
#ifndef TSR_MATMUL_ROUTER_H
#define TSR_MATMUL_ROUTER_H

#include "matmul/strategy.h"

/* A set of strategies: bit i is the one at place i of the table. */
typedef unsigned long tsr__strategies;

/* Who solves a problem. */
typedef struct tsr__choice {
    const tsr__strategy *strategy;
    bool forced;
    bool has_set; /* false: with the strategy's own best guess */
    tsr__parameters set;
    double seconds; /* by a record or the cost model; 0 if forced without a record */
} tsr__choice;

/* The strategy called `forced` if that is not NULL, else the one $TESSERA_STRATEGY named
 * when the device was opened, else what a record says (known.h), else the cheapest that
 * can run. Never one in `except`, unless it is forced.
 * Errors: ARGUMENT (no such strategy; the detail lists them), UNSUPPORTED (it cannot run
 * this problem; the detail says why). */
tsr_status tsr__route(tsr_device *device, const tsr__problem *problem,
                      const char *forced, tsr__strategies except, tsr__choice *out);

/* The cheapest by the cost model, whatever records say; NULL if none can run. */
const tsr__strategy *tsr__route_by_cost(const tsr__problem *problem,
                                        const tsr_device_info *info,
                                        tsr__strategies except, double *cost);

/* Whether the host multiplies this itself, by the cost model. No record is of that. */
bool tsr__is_for_host(const tsr__problem *problem, const tsr_device_info *info);

/* The set of one. */
tsr__strategies tsr__strategies_of(const tsr__strategy *strategy);

#endif /* TSR_MATMUL_ROUTER_H */
