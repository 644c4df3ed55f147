#include "gradient.h"

#include <stdlib.h>

bool gradient_create(tsr_device *device, gradient *out, failure *why)
{
    const size_t first[3] = {2, DIGITS_PIXELS, MODEL_HIDDEN};
    const size_t second[3] = {2, MODEL_HIDDEN, DIGITS_CLASSES};
    tsr_status status;

    *out = (gradient){.changes = malloc(2 * MODEL_COUNT * sizeof(float))};
    if (!out->changes)
        return fail_with(why, EXIT_INPUT, "no memory for the gradient");
    if ((status = tsr_tensor_create(device, TSR_F32, 3, first, &out->d1)) ||
        (status = tsr_tensor_create(device, TSR_F32, 3, second, &out->d2))) {
        gradient_destroy(out);
        return fail_call(why, status, "making room for the gradient");
    }
    return true;
}

void gradient_destroy(gradient *g)
{
    tsr_tensor_destroy(g->d2);
    tsr_tensor_destroy(g->d1);
    free(g->changes);
    *g = (gradient){0};
}

/* d[0] is with the weight up, d[1] with it down. */
static void differences(const float *d, size_t count, double sigma, float *slopes)
{
    for (size_t i = 0; i < count; i++)
        slopes[i] = (float)(((double)d[i] - (double)d[count + i]) / (2 * sigma));
}

bool gradient_find(gradient *g, model *m, double sigma, float *slopes, failure *why)
{
    tsr_status status;

    if ((status = tsr_network_try_weights(m->train, sigma, g->d1, g->d2)) ||
        (status = tsr_tensor_read(g->d1, g->changes)) ||
        (status = tsr_tensor_read(g->d2, g->changes + 2 * MODEL_W1)))
        return fail_call(why, status, "trying every weight");
    differences(g->changes, MODEL_W1, sigma, slopes);
    differences(g->changes + 2 * MODEL_W1, MODEL_W2, sigma, slopes + MODEL_W1);
    return true;
}
