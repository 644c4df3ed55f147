/* directions: the loss when both layers are perturbed (kernels/network.cl). */
#include "base/error.h"
#include "memory/prepared.h"
#include "memory/shape.h"
#include "perturb/network.h"
#include "perturb/noise.h"

static tsr_status check(const tsr_network *n, const tsr_perturbation *how,
                        const tsr_tensor *changes)
{
    char text[TSR__SHAPE_TEXT_SIZE];
    tsr_status status;

    if (!n || !changes)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL",
                         n ? "changes" : "the network");
    if ((status = tsr__perturbation_check(how)))
        return status;
    if ((how->matrix + 1) >> 24)
        return tsr__fail(TSR_ERROR_ARGUMENT, "W2's matrix is not below 2^24");
    if (changes->storage->device != n->device || changes->dtype != n->x->dtype)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the changes have another device or dtype than x");
    if (changes->rank != 1 || changes->count == 0)
        return tsr__fail(TSR_ERROR_SHAPE,
                         "the changes are %s: one for each direction, and at least one",
                         tsr__shape_text(changes->rank, changes->shape, text));
    if (tsr__tensors_overlap(changes, n->x) || tsr__tensors_overlap(changes, n->w1) ||
        tsr__tensors_overlap(changes, n->w2))
        return tsr__fail(TSR_ERROR_ALIAS, "the changes share memory with x, W1 or W2");
    if ((status = tsr__network_check_turns(n)))
        return status;
    return tsr__tensor_check_result(changes, "the tensor of changes");
}

/* Room for both layers of P networks; kept for the next call. */
static tsr_status make_room(tsr_network *n, size_t p)
{
    const size_t hidden[3] = {p, n->batch, n->hidden};
    const size_t logits[3] = {p, n->batch, n->classes};
    tsr_status status;

    if (n->z_p && n->z_p->shape[0] == p)
        return TSR_OK;
    tsr_tensor_destroy(n->hidden_p);
    tsr_tensor_destroy(n->z_p);
    n->z_p = NULL;
    status = tsr_tensor_create(n->device, n->x->dtype, 3, hidden, &n->hidden_p);
    return status ? status
                  : tsr_tensor_create(n->device, n->x->dtype, 3, logits, &n->z_p);
}

static tsr_status compare(tsr_network *n, tsr_tensor *changes)
{
    const cl_ulong4 sizes = {{n->batch, n->width, n->classes, 0}};
    const cl_ulong4 d = {{changes->offset, 0, changes->strides[0], 0}};
    const tsr__arg args[] = {
        TSR__ARG(sizes),
        TSR__ARG(n->z->storage->buffer),
        TSR__ARG(n->z_p->storage->buffer),
        TSR__ARG(n->labels->storage->buffer),
        TSR__ARG(n->shares->storage->buffer),
        TSR__ARG(changes->storage->buffer),
        TSR__ARG(d),
    };

    return tsr__network_groups(n, "changes", (size_t[]){changes->count, 1}, 7, args);
}

tsr_status tsr_network_try_directions(tsr_network *n, const tsr_perturbation *how,
                                      tsr_tensor *changes)
{
    tsr_perturbation second;
    tsr_status status = check(n, how, changes);

    if (status || (status = make_room(n, changes->count)) ||
        (status = tsr__network_forward(n)))
        return status;
    second = *how;
    second.matrix++;
    status = tsr_perturb_product(n->x, n->w1, n->hidden_p, how, TSR_ACTIVATION_TANH);
    if (!status)
        status = tsr_perturb_product(n->hidden_p, n->w2, n->z_p, &second,
                                     TSR_ACTIVATION_NONE);
    if (!status)
        status = compare(n, changes);
    tsr__prepared_written(changes);
    return status;
}
