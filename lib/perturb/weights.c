/* weights: the loss under each single-weight change (kernels/network.cl). */
#include <math.h>

#include "base/error.h"
#include "matmul/arguments.h"
#include "memory/prepared.h"
#include "memory/shape.h"
#include "perturb/network.h"

/* `name` is [2, rows, columns] and can be written. */
static tsr_status check_result(const tsr_network *n, const tsr_tensor *d,
                               const char *name, size_t rows, size_t columns)
{
    char text[TSR__SHAPE_TEXT_SIZE];

    if (!d)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", name);
    if (d->storage->device != n->device || d->dtype != n->x->dtype)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s has another device or dtype than x",
                         name);
    if (d->rank != 3 || d->shape[0] != 2 || d->shape[1] != rows ||
        d->shape[2] != columns)
        return tsr__fail(TSR_ERROR_SHAPE, "%s is %s; it must be 2x%zux%zu", name,
                         tsr__shape_text(d->rank, d->shape, text), rows, columns);
    if (tsr__tensors_overlap(d, n->x) || tsr__tensors_overlap(d, n->w1) ||
        tsr__tensors_overlap(d, n->w2))
        return tsr__fail(TSR_ERROR_ALIAS, "%s shares memory with x, W1 or W2", name);
    return tsr__tensor_check_result(d, name);
}

static cl_ulong4 layout_of(const tsr_tensor *t)
{
    const size_t *stride = t->strides + t->rank - 2;

    return (cl_ulong4){
        {t->offset, stride[0], stride[1], t->rank == 3 ? t->strides[0] : 0}};
}

static tsr_status shift_inputs(tsr_network *n, double sigma)
{
    const cl_ulong run = TSR__NETWORK_RUN;
    const cl_ulong4 sizes = {{n->batch, n->width, n->inputs, 0}};
    const cl_ulong4 layout = layout_of(n->x);
    const tsr__real by = tsr__real_of(n->x->dtype, sigma);
    const tsr__arg args[] = {
        TSR__ARG(sizes),   TSR__ARG(run),
        TSR__ARG_REAL(by), TSR__ARG(n->x->storage->buffer),
        TSR__ARG(layout),  TSR__ARG(n->shifts->storage->buffer),
    };

    return tsr__network_runs(n, "shifts", n->inputs, 6, args);
}

static tsr_status first_layer(tsr_network *n, tsr_tensor *d1)
{
    const cl_ulong4 sizes = {{n->batch, n->width, n->classes, 0}};
    const cl_ulong4 w2 = layout_of(n->w2), d = layout_of(d1);
    const tsr__arg args[] = {
        TSR__ARG(sizes),
        TSR__ARG(n->shifts->storage->buffer),
        TSR__ARG(n->units->storage->buffer),
        TSR__ARG(n->own->storage->buffer),
        TSR__ARG(n->shares->storage->buffer),
        TSR__ARG(n->w2->storage->buffer),
        TSR__ARG(w2),
        TSR__ARG(d1->storage->buffer),
        TSR__ARG(d),
    };

    return tsr__network_groups(n, "first_layer", (size_t[]){n->inputs, n->hidden}, 9,
                               args);
}

static tsr_status second_layer(tsr_network *n, double sigma, tsr_tensor *d2)
{
    const cl_ulong4 sizes = {{n->batch, n->width, n->classes, 0}};
    const cl_ulong4 d = layout_of(d2);
    const tsr__real by = tsr__real_of(n->x->dtype, sigma);
    const tsr__arg args[] = {
        TSR__ARG(sizes),
        TSR__ARG_REAL(by),
        TSR__ARG(n->units->storage->buffer),
        TSR__ARG(n->labels->storage->buffer),
        TSR__ARG(n->shares->storage->buffer),
        TSR__ARG(d2->storage->buffer),
        TSR__ARG(d),
    };

    return tsr__network_groups(n, "second_layer", (size_t[]){n->classes, n->hidden}, 7,
                               args);
}

tsr_status tsr_network_try_weights(tsr_network *n, double sigma, tsr_tensor *d1,
                                   tsr_tensor *d2)
{
    tsr_status status;

    if (!n)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the network is NULL");
    if (!isfinite(sigma) || sigma == 0)
        return tsr__fail(TSR_ERROR_ARGUMENT, "sigma is %g; it must be finite and not 0",
                         sigma);
    if ((status = check_result(n, d1, "d1", n->inputs, n->hidden)) ||
        (status = check_result(n, d2, "d2", n->hidden, n->classes)))
        return status;
    if (tsr__tensors_overlap(d1, d2))
        return tsr__fail(TSR_ERROR_ALIAS, "d1 shares memory with d2");
    if ((status = tsr__network_check_turns(n)) || (status = tsr__network_forward(n)) ||
        (status = shift_inputs(n, sigma)) || (status = first_layer(n, d1)))
        return status;
    status = second_layer(n, sigma, d2);
    tsr__prepared_written(d1);
    tsr__prepared_written(d2);
    return status;
}
