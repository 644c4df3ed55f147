/* lineup.h: which runners a run has, in the order of the table. */
#ifndef COMPARE_LINEUP_H
#define COMPARE_LINEUP_H

#include "options.h"
#include "runner.h"

typedef struct lineup {
    runner *runners; /* owned */
    size_t count;
} lineup;

/* `blas` is lent, and used where the options ask for it. */
bool lineup_create(lineup *out, const options *o, const blas_library *blas,
                   failure *why);

/* Gives the library as many threads as a CPU device has; beside another device, as many
 * as the host has. Says what it then is. */
blas_facts lineup_pin_blas(const blas_library *blas, const tsr_device_info *device);

void lineup_free(lineup *l);

#endif /* COMPARE_LINEUP_H */
