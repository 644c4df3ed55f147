/* network: two layers and a loss, made ready for trials (kernels/network.cl). */
#include "perturb/network.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/error.h"
#include "matmul/lanes.h"
#include "matmul/turns.h"
#include "memory/shape.h"
#include "memory/tensor.h"

#define WIDEST 16 /* lanes of any device, so that `width` fits all */

/* ---- Make ----------------------------------------------------------------------- */

static tsr_status check(const tsr_tensor *x, const uint32_t *labels,
                        const tsr_tensor *w1, const tsr_tensor *w2)
{
    char tx[TSR__SHAPE_TEXT_SIZE], t1[TSR__SHAPE_TEXT_SIZE], t2[TSR__SHAPE_TEXT_SIZE];

    if (!x || !labels || !w1 || !w2)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL",
                         !x        ? "x"
                         : !labels ? "labels"
                         : !w1     ? "W1"
                                   : "W2");
    if (x->storage->device != w1->storage->device ||
        x->storage->device != w2->storage->device)
        return tsr__fail(TSR_ERROR_ARGUMENT, "x, W1 and W2 are not on one device");
    if (x->dtype != w1->dtype || x->dtype != w2->dtype)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "x is %s, W1 is %s, W2 is %s: they must be one",
                         tsr_dtype_name(x->dtype), tsr_dtype_name(w1->dtype),
                         tsr_dtype_name(w2->dtype));
    if (x->rank != 2 || w1->rank != 2 || w2->rank != 2 || w1->shape[0] != x->shape[1] ||
        w2->shape[0] != w1->shape[1] || x->count == 0 || w1->count == 0 ||
        w2->count == 0)
        return tsr__fail(TSR_ERROR_SHAPE,
                         "x is %s, W1 is %s, W2 is %s: they must be BxK, KxH, HxC, and "
                         "no length 0",
                         tsr__shape_text(x->rank, x->shape, tx),
                         tsr__shape_text(w1->rank, w1->shape, t1),
                         tsr__shape_text(w2->rank, w2->shape, t2));
    for (size_t b = 0; b < x->shape[0]; b++)
        if (labels[b] >= w2->shape[1])
            return tsr__fail(TSR_ERROR_ARGUMENT,
                             "the label of input %zu is %u; there are %zu classes", b,
                             (unsigned)labels[b], w2->shape[1]);
    return TSR_OK;
}

/* The labels as numbers of the dtype, -1 up to the width. */
static tsr_status make_labels(tsr_network *n, const uint32_t *labels)
{
    const tsr_dtype dtype = n->x->dtype;
    void *numbers = malloc(n->width * tsr_dtype_size(dtype));
    tsr_status status;

    if (!numbers)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory for the labels");
    for (size_t b = 0; b < n->width; b++) {
        const double label = b < n->batch ? (double)labels[b] : -1;

        if (dtype == TSR_F32)
            ((float *)numbers)[b] = (float)label;
        else
            ((double *)numbers)[b] = label;
    }
    status = tsr_tensor_from_host(n->device, dtype, 1, &n->width, numbers, &n->labels);
    free(numbers);
    return status;
}

static tsr_status view(const tsr_tensor *of, tsr_tensor **out)
{
    return tsr_tensor_view(of, of->rank, of->shape, of->strides, 0, out);
}

static tsr_status make(tsr_network *n, size_t rows, size_t columns, tsr_tensor **out)
{
    return tsr_tensor_create(n->device, n->x->dtype, 2, (size_t[]){rows, columns}, out);
}

static void choose_program(tsr_network *n)
{
    const tsr_device_info *info = &n->device->info;

    n->group = 1;
    if (info->type == TSR_DEVICE_CPU) {
        snprintf(n->options, sizeof n->options, "-DLANES=%zu",
                 tsr__lanes(n->x->dtype, info));
        return;
    }
    if (info->max_group_size >= 64 && info->max_item_sizes[0] >= 64)
        n->group = 64;
    snprintf(n->options, sizeof n->options, "-DGROUP=%zu", n->group);
}

static tsr_status make_tensors(tsr_network *n, const uint32_t *labels)
{
    tsr_status status;

    if ((status = make_labels(n, labels)) ||
        (status = make(n, n->batch, n->hidden, &n->h)) ||
        (status = make(n, n->batch, n->classes, &n->z)) ||
        (status = make(n, n->hidden, n->width, &n->units)) ||
        (status = make(n, n->hidden, n->width, &n->own)) ||
        (status = make(n, n->classes, n->width, &n->shares)) ||
        (status = make(n, n->inputs, n->width, &n->shifts)))
        return status;
    return make(n, 2, n->batch, &n->losses);
}

tsr_status tsr_network_create(const tsr_tensor *x, const uint32_t *labels,
                              const tsr_tensor *w1, const tsr_tensor *w2,
                              tsr_network **out)
{
    tsr_network *n;
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is nowhere to put the network");
    *out = NULL;
    if ((status = check(x, labels, w1, w2)))
        return status;
    if (!(n = calloc(1, sizeof *n)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory for a network");
    n->device = x->storage->device;
    n->batch = x->shape[0];
    n->inputs = x->shape[1];
    n->hidden = w1->shape[1];
    n->classes = w2->shape[1];
    n->width = tsr__round_up(n->batch, WIDEST);
    if (!(status = view(x, &n->x)) && !(status = view(w1, &n->w1)) &&
        !(status = view(w2, &n->w2))) {
        choose_program(n);
        status = make_tensors(n, labels);
    }
    if (status)
        tsr_network_destroy(n);
    else
        *out = n;
    return status;
}

void tsr_network_destroy(tsr_network *n)
{
    if (!n)
        return;

    tsr_tensor *const all[] = {n->z_p, n->hidden_p, n->losses, n->shifts, n->shares,
                               n->own, n->units,    n->z,      n->h,      n->labels,
                               n->w2,  n->w1,       n->x};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        tsr_tensor_destroy(all[i]);
    free(n);
}

/* ---- Launch ---------------------------------------------------------------------- */

tsr_status tsr__network_check_turns(const tsr_network *n)
{
    const double lanes = n->device->info.type == TSR_DEVICE_CPU
                             ? (double)tsr__lanes(n->x->dtype, &n->device->info)
                             : (double)n->group;
    const double turns = (double)n->width / lanes * ((double)n->classes + 1.0) + 64.0;
    const char *refused = tsr__turns_refused(turns, &n->device->info);

    return refused ? tsr__fail(TSR_ERROR_UNSUPPORTED, "%zu inputs of %zu classes: %s",
                               n->batch, n->classes, refused)
                   : TSR_OK;
}

static tsr_status launch(tsr_network *n, const char *entry, const size_t global[2],
                         const size_t local[2], size_t num_args, const tsr__arg *args)
{
    tsr__sequence sequence = tsr__sequence_on(n->device);
    tsr__kernel *kernel;
    tsr_status status = tsr__kernel_get(n->device, "network", entry, n->x->dtype,
                                        n->options, NULL, &kernel);

    return status ? status
                  : tsr__launch(&sequence, kernel, 2, global, local, num_args, args);
}

tsr_status tsr__network_groups(tsr_network *n, const char *entry,
                               const size_t groups[2], size_t num_args,
                               const tsr__arg *args)
{
    const size_t global[2] = {groups[0] * n->group, groups[1]};

    return launch(n, entry, global, (size_t[]){n->group, 1}, num_args, args);
}

tsr_status tsr__network_runs(tsr_network *n, const char *entry, size_t rows,
                             size_t num_args, const tsr__arg *args)
{
    const size_t global[2] = {tsr__divide_up(n->width, TSR__NETWORK_RUN), rows};

    return launch(n, entry, global, (size_t[]){1, 1}, num_args, args);
}

/* ---- Forward ------------------------------------------------------------------------ */

static tsr_status multiply(tsr_network *n)
{
    tsr_matmul_options squash = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_status status;

    squash.activation = TSR_ACTIVATION_TANH;
    status = tsr_matmul(n->x, n->w1, n->h, &squash);
    return status ? status : tsr_matmul(n->h, n->w2, n->z, NULL);
}

tsr_status tsr__network_forward(tsr_network *n)
{
    const cl_ulong run = TSR__NETWORK_RUN;
    const cl_ulong4 of_units = {{n->batch, n->width, n->hidden, 0}};
    const cl_ulong4 of_classes = {{n->batch, n->width, n->classes, 0}};
    const cl_ulong4 w2 = {{n->w2->offset, n->w2->strides[0], n->w2->strides[1], 0}};
    const tsr__arg units[] = {
        TSR__ARG(of_units),
        TSR__ARG(run),
        TSR__ARG(n->h->storage->buffer),
        TSR__ARG(n->labels->storage->buffer),
        TSR__ARG(n->w2->storage->buffer),
        TSR__ARG(w2),
        TSR__ARG(n->units->storage->buffer),
        TSR__ARG(n->own->storage->buffer),
    };
    const tsr__arg classes[] = {
        TSR__ARG(of_classes),
        TSR__ARG(run),
        TSR__ARG(n->z->storage->buffer),
        TSR__ARG(n->labels->storage->buffer),
        TSR__ARG(n->shares->storage->buffer),
        TSR__ARG(n->losses->storage->buffer),
    };
    tsr_status status = multiply(n);

    if (status || (status = tsr__network_runs(n, "units", n->hidden, 8, units)))
        return status;
    return tsr__network_runs(n, "classes", 1, 6, classes);
}

static double element(const void *array, tsr_dtype dtype, size_t i)
{
    return dtype == TSR_F32 ? (double)((const float *)array)[i]
                            : ((const double *)array)[i];
}

tsr_status tsr_network_loss(tsr_network *n, double *loss, size_t *right)
{
    void *losses;
    double sum = 0;
    size_t count = 0;
    tsr_status status;

    if (!n)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the network is NULL");
    if ((status = tsr__network_forward(n)))
        return status;
    if (!(losses = malloc(n->losses->count * tsr_dtype_size(n->x->dtype))))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory for the losses");
    status = tsr_tensor_read(n->losses, losses);
    for (size_t b = 0; b < n->batch && !status; b++) {
        sum += element(losses, n->x->dtype, b);
        count += element(losses, n->x->dtype, n->batch + b) != 0;
    }
    free(losses);
    if (status)
        return status;
    if (loss)
        *loss = sum / (double)n->batch;
    if (right)
        *right = count;
    return TSR_OK;
}
