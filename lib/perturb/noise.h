/* noise.h: which random numbers, for lib/perturb. */
#ifndef TSR_PERTURB_NOISE_H
#define TSR_PERTURB_NOISE_H

#include <tessera/perturb.h>

#include "program/program.h"

/* Errors: ARGUMENT (NULL, no such noise, a matrix that is not below 2^24). */
tsr_status tsr__noise_check(const tsr_perturbation *how);

/* The same, and sigma. */
tsr_status tsr__perturbation_check(const tsr_perturbation *how);

/* kernels/perturb.cl as this device runs it: columns of one work-item, work-items of a
 * group, and the options of the program ("" or " -DEPILOGUE" for `more`). */
typedef struct tsr__noise_program {
    size_t lanes, group;
    char options[TSR__OPTIONS_SIZE];
} tsr__noise_program;

tsr__noise_program tsr__noise_program_of(const tsr_device_info *info, tsr_dtype dtype,
                                         tsr_noise noise, const char *more);

#endif /* TSR_PERTURB_NOISE_H */
