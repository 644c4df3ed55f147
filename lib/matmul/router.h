/* router.h: which strategy a problem gets. */
#ifndef TSR_MATMUL_ROUTER_H
#define TSR_MATMUL_ROUTER_H

#include "matmul/strategy.h"

/* A set of strategies: bit i is the one at place i of the table. */
typedef unsigned long tsr__strategies;

/* The strategy called `forced` if that is not NULL, else the one $TESSERA_STRATEGY named
 * when the device was opened, else the cheapest that can run and is not in `except`.
 * *cost is its cost in seconds, 0 if forced.
 * Errors: ARGUMENT (no such strategy; the detail lists them), UNSUPPORTED (it cannot run
 * this problem; the detail says why). */
tsr_status tsr__route(tsr_device *device, const tsr__problem *problem,
                      const char *forced, tsr__strategies except,
                      const tsr__strategy **out, double *cost);

/* The set of one. */
tsr__strategies tsr__strategies_of(const tsr__strategy *strategy);

#endif /* TSR_MATMUL_ROUTER_H */
