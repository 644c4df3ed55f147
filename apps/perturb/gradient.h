/* gradient.h: the loss's slope in every weight, by trying each on the device. */
#ifndef PERTURB_GRADIENT_H
#define PERTURB_GRADIENT_H

#include "model.h"

/* Where the device puts what it finds. */
typedef struct gradient {
    tsr_tensor *d1, *d2;
    float *changes; /* owned; both tensors', up and down */
} gradient;

bool gradient_create(tsr_device *device, gradient *out, failure *why);
void gradient_destroy(gradient *g);

/* Central differences, into `slopes`: MODEL_COUNT of them. Waits. */
bool gradient_find(gradient *g, model *m, double sigma, float *slopes, failure *why);

#endif /* PERTURB_GRADIENT_H */
