#include "race.h"

#include <math.h>
#include <stdlib.h>

#include "clock.h"
#include "plain.h"
#include "progress.h"

#define ROUNDS             7
#define FULL_FORWARD_TRIED 32

/* What runs: the same weights on both sides. */
typedef struct lanes {
    model *m;
    double sigma;
    gradient *device;
    plain *plain;
    float weights[MODEL_COUNT], by_device[MODEL_COUNT], by_plain[MODEL_COUNT];
} lanes;

static bool take_turns(lanes *l, race *out, failure *why)
{
    /* builds the kernels */
    if (!gradient_find(l->device, l->m, l->sigma, l->by_device, why))
        return false;
    out->device = out->plain = INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
        double start = clock_now();

        if (!gradient_find(l->device, l->m, l->sigma, l->by_device, why))
            return false;
        out->device = fmin(out->device, clock_now() - start);
        start = clock_now();
        plain_gradient(l->plain, l->weights, (float)l->sigma, l->by_plain);
        out->plain = fmin(out->plain, clock_now() - start);
        if (interrupt_seen())
            return fail_interrupted(why);
    }
    return true;
}

static void time_full_forward(lanes *l, race *out)
{
    const double start = clock_now();
    float slopes[FULL_FORWARD_TRIED];

    plain_full_forward(l->plain, l->weights, (float)l->sigma,
                       MODEL_COUNT / FULL_FORWARD_TRIED, FULL_FORWARD_TRIED, slopes);
    out->full_forward = (clock_now() - start) * MODEL_COUNT / FULL_FORWARD_TRIED;
    out->plain_level = plain_level(l->plain);
    out->full_forward_tried = FULL_FORWARD_TRIED;
}

static bool run(lanes *l, const digits *train, race *out, failure *why)
{
    if (!model_read(l->m, l->weights, why) || !take_turns(l, out, why))
        return false;
    time_full_forward(l, out);
    for (size_t n = 0; n < MODEL_COUNT; n++)
        out->plain_error = fmax(out->plain_error,
                                fabs((double)l->by_plain[n] - (double)l->by_device[n]));
    return check_gradient(train, l->weights, l->sigma, l->by_device, &out->check, why);
}

bool race_run(tsr_device *device, model *m, const digits *train, double sigma,
              race *out, failure *why)
{
    lanes *l = malloc(sizeof *l);
    gradient on_device;
    bool fine;

    *out = (race){0};
    if (!l)
        return fail_with(why, EXIT_INPUT, "no memory for the comparison");
    if (!gradient_create(device, &on_device, why)) {
        free(l);
        return false;
    }
    *l = (lanes){.m = m, .sigma = sigma, .device = &on_device};
    fine = plain_create(train, &l->plain, why) && run(l, train, out, why);
    plain_destroy(l->plain);
    gradient_destroy(&on_device);
    free(l);
    return fine;
}
