/* network.h: what a tsr_network is made of. For lib/perturb only. */
#ifndef TSR_PERTURB_NETWORK_H
#define TSR_PERTURB_NETWORK_H

#include <tessera/perturb.h>

#include "program/launch.h"

/* Lengths as kernels/network.cl has them; `width` is B and zeros up to whole vectors. */
struct tsr_network {
    tsr_device *device; /* the tensors hold it */
    size_t batch, inputs, hidden, classes, width;
    size_t group;            /* work-items for one weight */
    char options[64];        /* of the program */
    tsr_tensor *x, *w1, *w2; /* views of the caller's */
    tsr_tensor *labels;      /* [width], as numbers; -1 behind the last */
    tsr_tensor *h, *z;       /* [B, H], [B, C] */
    tsr_tensor *units, *own; /* [H, width]: h transposed, and W2[j, label] */
    tsr_tensor *shares;      /* [C, width]: p */
    tsr_tensor *shifts;      /* [K, width]: tanh(sigma x) */
    tsr_tensor *losses;      /* [2, B]: loss, and whether it is right */
    tsr_tensor *hidden_p,
        *z_p; /* [P, B, H], [P, B, C] of the last directions, or NULL */
};

/* Enqueues what does not depend on a perturbation: h, z, units, own, shares, losses. */
tsr_status tsr__network_forward(tsr_network *network);

/* Enqueues a kernel of kernels/network.cl; `groups` of network->group work-items each. */
tsr_status tsr__network_groups(tsr_network *network, const char *entry,
                               const size_t groups[2], size_t num_args,
                               const tsr__arg *args);

/* The same for a kernel that goes through `width` inputs in runs of TSR__NETWORK_RUN, for
 * each of `rows`. */
#define TSR__NETWORK_RUN 64
tsr_status tsr__network_runs(tsr_network *network, const char *entry, size_t rows,
                             size_t num_args, const tsr__arg *args);

/* UNSUPPORTED where work-items that look at every input would make too many turns. */
tsr_status tsr__network_check_turns(const tsr_network *network);

#endif /* TSR_PERTURB_NETWORK_H */
