#include "model.h"

#include <math.h>

static bool make_weights(tsr_device *device, size_t rows, size_t columns, uint64_t seed,
                         tsr_tensor **out, failure *why)
{
    const double reach = 1 / sqrt((double)rows);
    tsr_status status;

    if ((status =
             tsr_tensor_create(device, TSR_F32, 2, (size_t[]){rows, columns}, out)) ||
        (status = tsr_tensor_fill_uniform(*out, seed, -reach, reach)))
        return fail_call(why, status, "making the weights");
    return true;
}

static bool make_network(tsr_device *device, const digits *d, const model *m,
                         tsr_network **out, failure *why)
{
    tsr_tensor *x;
    tsr_status status = tsr_tensor_from_host(
        device, TSR_F32, 2, (size_t[]){d->count, DIGITS_PIXELS}, d->pixels, &x);

    if (status)
        return fail_call(why, status, "uploading the images");
    status = tsr_network_create(x, d->labels, m->w1, m->w2, out);
    tsr_tensor_destroy(x);
    return !status || fail_call(why, status, "making the network");
}

bool model_create(tsr_device *device, const digits *train, const digits *held_out,
                  uint64_t seed, model *out, failure *why)
{
    *out = (model){.train_count = train->count, .held_out_count = held_out->count};
    /* Two seeds that no other seed has: the second is the first's negation. */
    if (make_weights(device, DIGITS_PIXELS, MODEL_HIDDEN, seed, &out->w1, why) &&
        make_weights(device, MODEL_HIDDEN, DIGITS_CLASSES, ~seed, &out->w2, why) &&
        make_network(device, train, out, &out->train, why) &&
        make_network(device, held_out, out, &out->held_out, why))
        return true;
    model_destroy(out);
    return false;
}

void model_destroy(model *m)
{
    tsr_network_destroy(m->held_out);
    tsr_network_destroy(m->train);
    tsr_tensor_destroy(m->w2);
    tsr_tensor_destroy(m->w1);
    *m = (model){0};
}

bool model_read(const model *m, float *weights, failure *why)
{
    tsr_status status;

    if ((status = tsr_tensor_read(m->w1, weights)) ||
        (status = tsr_tensor_read(m->w2, weights + MODEL_W1)))
        return fail_call(why, status, "reading the weights");
    return true;
}

bool model_write(model *m, const float *weights, failure *why)
{
    tsr_status status;

    if ((status = tsr_tensor_write(m->w1, weights)) ||
        (status = tsr_tensor_write(m->w2, weights + MODEL_W1)))
        return fail_call(why, status, "writing the weights");
    return true;
}

bool model_standing(const model *m, standing *out, failure *why)
{
    size_t right, right_held_out;
    tsr_status status;

    if ((status = tsr_network_loss(m->train, &out->loss, &right)) ||
        (status = tsr_network_loss(m->held_out, NULL, &right_held_out)))
        return fail_call(why, status, "looking at the loss");
    out->train_accuracy = (double)right / (double)m->train_count;
    out->test_accuracy = (double)right_held_out / (double)m->held_out_count;
    return true;
}
