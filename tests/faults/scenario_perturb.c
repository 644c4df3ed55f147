/* Perturbed products and trials of a network. */
#include <stdlib.h>

#include "scenarios.h"

static const tsr_perturbation how = {TSR_NOISE_RADEMACHER, .seed = 3,
                                     .antithetic = true, .sigma = 0.5};

static tsr_status matrix(work *w, size_t rows, size_t columns, const float *data,
                         tsr_tensor **out)
{
    const size_t shape[2] = {rows, columns};

    return tsr_tensor_from_host(w->device, TSR_F32, 2, shape, data, out);
}

tsr_status run_noise(work *w)
{
    const scenario *s = w->s;
    const size_t shape[3] = {s->batch, s->m, s->n};
    tsr_tensor *x = NULL, *weights = NULL, *y = NULL;
    tsr_status status;

    if (!(status = matrix(w, s->m, s->k, w->a, &x)) &&
        !(status = matrix(w, s->k, s->n, w->b, &weights)) &&
        !(status = tsr_tensor_create(w->device, TSR_F32, 3, shape, &y)) &&
        !(status = tsr_perturb_product(x, weights, y, &how, TSR_ACTIVATION_RELU)))
        status = work_read(w, y);
    tsr_tensor_destroy(y);
    tsr_tensor_destroy(weights);
    tsr_tensor_destroy(x);
    return status;
}

tsr_status run_step(work *w)
{
    tsr_tensor *weights = NULL;
    tsr_status status;

    if (!(status = matrix(w, w->s->m, w->s->n, w->c, &weights)) &&
        !(status = tsr_perturb_step(weights, &how, w->s->n, w->b)))
        status = work_read(w, weights);
    tsr_tensor_destroy(weights);
    return status;
}

/* Eight inputs of ten numbers, five hidden units, three classes. */
enum { INPUTS = 8, LENGTH = 10, HIDDEN = 5, CLASSES = 3 };

typedef struct net {
    tsr_tensor *x, *w1, *w2;
    tsr_network *network;
} net;

static tsr_status make_net(work *w, net *n)
{
    static const uint32_t labels[INPUTS] = {0, 1, 2, 0, 1, 2, 0, 1};
    static float small[LENGTH * INPUTS];
    tsr_status status;

    for (size_t i = 0; i < LENGTH * INPUTS; i++)
        small[i] = (float)(i % 7) / 10.0f - 0.3f;
    *n = (net){0};
    if ((status = matrix(w, INPUTS, LENGTH, small, &n->x)) ||
        (status = matrix(w, LENGTH, HIDDEN, small, &n->w1)) ||
        (status = matrix(w, HIDDEN, CLASSES, small, &n->w2)))
        return status;
    return tsr_network_create(n->x, labels, n->w1, n->w2, &n->network);
}

static void clear_net(net *n)
{
    tsr_network_destroy(n->network);
    tsr_tensor_destroy(n->w2);
    tsr_tensor_destroy(n->w1);
    tsr_tensor_destroy(n->x);
}

/* The loss, and then under each change of a weight; d1 is what is looked at. */
tsr_status run_weights(work *w)
{
    const size_t first[3] = {2, LENGTH, HIDDEN}, second[3] = {2, HIDDEN, CLASSES};
    tsr_tensor *d1 = NULL, *d2 = NULL;
    double loss;
    net n;
    tsr_status status;

    if (!(status = make_net(w, &n)) &&
        !(status = tsr_network_loss(n.network, &loss, NULL)) &&
        !(status = tsr_tensor_create(w->device, TSR_F32, 3, first, &d1)) &&
        !(status = tsr_tensor_create(w->device, TSR_F32, 3, second, &d2)) &&
        !(status = tsr_network_try_weights(n.network, 1e-2, d1, d2)))
        status = work_read(w, d1);
    tsr_tensor_destroy(d2);
    tsr_tensor_destroy(d1);
    clear_net(&n);
    return status;
}

tsr_status run_directions(work *w)
{
    tsr_tensor *changes = NULL;
    net n;
    tsr_status status;

    if (!(status = make_net(w, &n)) &&
        !(status = tsr_tensor_create(w->device, TSR_F32, 1, &w->s->n, &changes)) &&
        !(status = tsr_network_try_directions(n.network, &how, changes)))
        status = work_read(w, changes);
    tsr_tensor_destroy(changes);
    clear_net(&n);
    return status;
}
