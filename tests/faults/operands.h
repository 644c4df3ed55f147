/* operands.h: a scenario's matrices as tensors. */
#ifndef FAULTS_OPERANDS_H
#define FAULTS_OPERANDS_H

#include "work.h"

typedef struct operands {
    tsr_tensor *a, *b, *c;
    tsr_tensor *stored_a, *stored_b; /* what a and b are transposes of, or NULL */
} operands;

/* On the work's device; to be cleared, also after a failure. */
tsr_status operands_make(const work *w, operands *o);
void operands_clear(operands *o);

/* The scenario's options. */
tsr_matmul_options operands_options(const work *w);

#endif /* FAULTS_OPERANDS_H */
