/* train.h: gradient descent without backpropagation. */
#ifndef PERTURB_TRAIN_H
#define PERTURB_TRAIN_H

#include "model.h"
#include "options.h"

typedef struct moment {
    standing standing;
    double seconds; /* spent on steps until then, looking at the loss apart */
} moment;

/* Where training was before its first step and after each. */
typedef struct history {
    moment *items; /* owned; count + 1 of them */
    size_t count;  /* steps done */
    bool interrupted;
} history;

/* Trains as the options say, printing a row now and then unless --quiet. Ctrl-C ends it
 * after the step that is being done, which is no failure; standard output that nobody
 * reads is one, unless there are files to write. */
bool train_run(const options *o, tsr_device *device, model *m, history *out,
               failure *why);
void history_free(history *h);

#endif /* PERTURB_TRAIN_H */
