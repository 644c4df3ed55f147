/* race.h: one gradient by trying every weight, on the device and in plain C. */
#ifndef PERTURB_RACE_H
#define PERTURB_RACE_H

#include "check.h"
#include "gradient.h"

/* Seconds for one gradient, the best of several turns, and whether it is right. */
typedef struct race {
    double device, plain;
    double full_forward;       /* for all weights, by those that were tried */
    size_t full_forward_tried; /* weights */
    check check;               /* of the device's */
    double plain_error;        /* largest |plain C - device| */
    const char *plain_level;   /* what plain C is compiled for */
} race;

/* Ctrl-C ends it early: false, with that failure. */
bool race_run(tsr_device *device, model *m, const digits *train, double sigma,
              race *out, failure *why);

#endif /* PERTURB_RACE_H */
