/* model.h: the network that learns to read digits, on the host and on a device. */
#ifndef PERTURB_MODEL_H
#define PERTURB_MODEL_H

#include <tessera/perturb.h>

#include "digits.h"

#define MODEL_HIDDEN 32
#define MODEL_W1     (DIGITS_PIXELS * MODEL_HIDDEN)
#define MODEL_W2     (MODEL_HIDDEN * DIGITS_CLASSES)
#define MODEL_COUNT  (MODEL_W1 + MODEL_W2)

/* 64-32-10: two matrices on a device, and the networks over both parts of the data that
 * they are the weights of. */
typedef struct model {
    tsr_tensor *w1, *w2;
    tsr_network *train, *held_out;
    size_t train_count, held_out_count;
} model;

/* Weights uniform in +-1/sqrt(inputs of a unit), the same for a seed on every device. */
bool model_create(tsr_device *device, const digits *train, const digits *held_out,
                  uint64_t seed, model *out, failure *why);
void model_destroy(model *m);

/* All MODEL_COUNT weights, W1's first. */
bool model_read(const model *m, float *weights, failure *why);
bool model_write(model *m, const float *weights, failure *why);

/* Where training is. Accuracies are fractions of 1. */
typedef struct standing {
    double loss, train_accuracy, test_accuracy;
} standing;

bool model_standing(const model *m, standing *out, failure *why);

#endif /* PERTURB_MODEL_H */
