/* plans.h: how the latest products of a device were made, so that the next one like them is
 * enqueued at once.
 *
 * To choose takes longer than a GPU's small product: a plan is kept with the problem it is
 * for, and found again by that alone: facts of an open device do not change. Any thread.
 */
#ifndef TSR_MATMUL_PLANS_H
#define TSR_MATMUL_PLANS_H

#include "matmul/strategy.h"

/* What was planned, for whom, and what it should take. */
typedef struct tsr__kept_plan {
    tsr__problem problem;       /* as it was asked for */
    const tsr__strategy *scope; /* the one that was forced; NULL: any */
    tsr__plan plan;             /* its parameters are not kept */
    double seconds;             /* as tsr__choice has it */
    unsigned long turn;         /* set by tsr__plans_find, for tsr__plans_keep */
} tsr__kept_plan;

/* Finds the plan for it->problem and it->scope. False if none is kept. Sets it->turn in any
 * case. */
bool tsr__plans_find(tsr_device *device, tsr__kept_plan *it);

/* Keeps it, in place of one for the same or else of the one kept for longest; unless tsr__plans_forget was called since
 * it->turn. Only what held for all of a device's time may be kept: not what CLBlast does
 * with parameters that another plan overrides. */
void tsr__plans_keep(tsr_device *device, const tsr__kept_plan *it);

/* Forgets all: what they were chosen by has changed. */
void tsr__plans_forget(tsr_device *device);

#endif /* TSR_MATMUL_PLANS_H */
