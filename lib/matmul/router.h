/* router.h: which strategy a problem gets. */
#ifndef TSR_MATMUL_ROUTER_H
#define TSR_MATMUL_ROUTER_H

#include "matmul/strategy.h"

/* The strategy called `forced` if that is not NULL, else the one $TESSERA_STRATEGY named
 * when the device was opened, else the cheapest that can run. *cost is its cost in
 * seconds, 0 if forced.
 * Errors: ARGUMENT (no such strategy; the detail lists them), UNSUPPORTED (it cannot run
 * this problem; the detail says why). */
tsr_status tsr__route(tsr_device *device, const tsr__problem *problem,
                      const char *forced, const tsr__strategy **out, double *cost);

#endif /* TSR_MATMUL_ROUTER_H */
