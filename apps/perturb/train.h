/* train.h: gradient descent without backpropagation. */
#ifndef PERTURB_TRAIN_H
#define PERTURB_TRAIN_H

#include "model.h"
#include "options.h"

/* Where training was before its first step and after each. */
typedef struct history {
    standing *items; /* owned; count + 1 of them */
    size_t count;    /* steps done */
    double seconds;  /* spent on steps, looking at the loss apart */
    bool interrupted;
} history;

/* Trains as the options say, printing a row now and then unless --quiet. Ctrl-C ends it
 * after the step that is being done, which is no failure. */
bool train_run(const options *o, tsr_device *device, model *m, history *out,
               failure *why);
void history_free(history *h);

#endif /* PERTURB_TRAIN_H */
