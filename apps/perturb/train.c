#include "train.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "gradient.h"
#include "progress.h"
#include "targets.h"

#define ROWS     20  /* of the table, about */
#define RATE     0.5 /* of coordinate descent, with momentum */
#define MOMENTUM 0.9
/* Of directions. An estimate from P of them is (1 + N / P) times as long as the gradient,
 * so the rate is by as much smaller than what the gradient would bear. */
#define DIRECTIONS_RATE 4.0

/* What a method keeps from step to step. */
typedef struct trainer {
    const options *o;
    model *m;
    gradient by_weights;
    float *weights, *slopes, *velocity; /* coordinate: MODEL_COUNT each */
    tsr_tensor *changes;                /* directions: one for each trial */
    float *trials, *coefficients;
} trainer;

/* ---- Coordinate ----------------------------------------------------------------------- */

static bool step_by_weights(trainer *t, failure *why)
{
    if (!gradient_find(&t->by_weights, t->m, t->o->sigma, t->slopes, why))
        return false;
    for (size_t n = 0; n < MODEL_COUNT; n++) {
        t->velocity[n] = (float)MOMENTUM * t->velocity[n] - (float)RATE * t->slopes[n];
        t->weights[n] += t->velocity[n];
    }
    return model_write(t->m, t->weights, why);
}

/* ---- Directions ----------------------------------------------------------------------- */

/* W -= rate / P * sum over p of (change up - change down) / (2 sigma) * E_p. */
static bool step_by_directions(trainer *t, size_t step, failure *why)
{
    const size_t p = t->o->directions;
    const double rate = DIRECTIONS_RATE / (1 + (double)MODEL_COUNT / (double)p);
    tsr_perturbation how = {.noise = t->o->noise,
                            .seed = t->o->seed,
                            .first = (uint32_t)(step * p),
                            .antithetic = true,
                            .sigma = t->o->sigma};
    tsr_status status;

    if ((status = tsr_network_try_directions(t->m->train, &how, t->changes)) ||
        (status = tsr_tensor_read(t->changes, t->trials)))
        return fail_call(why, status, "trying directions");
    for (size_t q = 0; q < p; q++)
        t->coefficients[q] = (float)(-rate / (double)p / (2 * how.sigma) *
                                     ((double)t->trials[2 * q] - t->trials[2 * q + 1]));
    status = tsr_perturb_step(t->m->w1, &how, p, t->coefficients);
    how.matrix = 1; /* as tsr_network_try_directions perturbs W2 */
    if (!status)
        status = tsr_perturb_step(t->m->w2, &how, p, t->coefficients);
    return !status || fail_call(why, status, "taking a step");
}

/* ---- Both ------------------------------------------------------------------------------- */

static bool prepare(trainer *t, tsr_device *device, failure *why)
{
    const size_t trials = 2 * t->o->directions;
    tsr_status status;

    if (t->o->method == METHOD_COORDINATE) {
        t->weights = malloc(MODEL_COUNT * sizeof(float));
        t->slopes = malloc(MODEL_COUNT * sizeof(float));
        t->velocity = calloc(MODEL_COUNT, sizeof(float));
        if (!t->weights || !t->slopes || !t->velocity)
            return fail_with(why, EXIT_INPUT, "no memory for training");
        return gradient_create(device, &t->by_weights, why) &&
               model_read(t->m, t->weights, why);
    }
    t->trials = malloc(trials * sizeof(float));
    t->coefficients = malloc(t->o->directions * sizeof(float));
    if (!t->trials || !t->coefficients)
        return fail_with(why, EXIT_INPUT, "no memory for training");
    status = tsr_tensor_create(device, TSR_F32, 1, &trials, &t->changes);
    return !status || fail_call(why, status, "making room for the trials");
}

static void release(trainer *t)
{
    gradient_destroy(&t->by_weights);
    tsr_tensor_destroy(t->changes);
    free(t->weights);
    free(t->slopes);
    free(t->velocity);
    free(t->trials);
    free(t->coefficients);
}

static bool print_row(const options *o, size_t step, const standing *s, failure *why)
{
    const size_t every = o->steps > ROWS ? o->steps / ROWS : 1;

    if (o->quiet || (step % every && step != o->steps))
        return true;
    progress_clear();
    printf("%8zu  %8.4f  %14.1f%%  %13.1f%%\n", step, s->loss, 100 * s->train_accuracy,
           100 * s->test_accuracy);
    return stdout_flush(why) || o->json || o->plot;
}

/* After the step with that number: where training is, and a row of it. */
static bool take_stock(trainer *t, moment *now, size_t step, failure *why)
{
    return model_standing(t->m, &now->standing, why) &&
           print_row(t->o, step, &now->standing, why);
}

static bool take_steps(trainer *t, history *h, failure *why)
{
    const options *o = t->o;

    h->items[0].seconds = 0;
    if (!take_stock(t, &h->items[0], 0, why))
        return false;
    progress_part(0, 1);
    while (h->count < o->steps && !interrupt_seen()) {
        const moment *before = &h->items[h->count];
        const double start = clock_now();

        if (!(o->method == METHOD_COORDINATE ? step_by_weights(t, why)
                                             : step_by_directions(t, h->count, why)))
            return false;
        h->count++;
        h->items[h->count].seconds = before->seconds + clock_now() - start;
        if (!take_stock(t, &h->items[h->count], h->count, why))
            return false;
        progress_at((double)h->count / (double)o->steps);
        progress_say("step %zu of %zu", h->count, o->steps);
    }
    progress_clear();
    h->interrupted = h->count < o->steps;
    return true;
}

bool train_run(const options *o, tsr_device *device, model *m, history *out,
               failure *why)
{
    trainer t = {.o = o, .m = m};
    bool fine;

    *out = (history){.items = malloc((o->steps + 1) * sizeof *out->items)};
    if (!out->items)
        return fail_with(why, EXIT_INPUT, "no memory for %zu steps", o->steps);
    if (!o->quiet)
        printf("\n    step      loss  learnt digits   right  held out   right\n");
    fine = prepare(&t, device, why) && take_steps(&t, out, why);
    release(&t);
    if (!fine)
        history_free(out);
    return fine;
}

void history_free(history *h)
{
    free(h->items);
    *h = (history){0};
}
