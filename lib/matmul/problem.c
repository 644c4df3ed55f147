#include "matmul/problem.h"

#include <math.h>
#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/round.h"
#include "memory/tensor.h"

/* "[2, 3, 4]" for a tensor's shape. */
static const char *shape_text(const tsr_tensor *tensor, char text[96])
{
    int length = snprintf(text, 96, "[");

    for (int axis = 0; axis < tensor->rank; axis++)
        length += snprintf(text + length, (size_t)(96 - length), "%s%zu",
                           axis ? ", " : "", tensor->shape[axis]);
    snprintf(text + length, (size_t)(96 - length), "]");
    return text;
}

static tsr_status fail_shapes(const tsr__operands *o, const char *why)
{
    char a[96], b[96], c[96];

    return tsr__fail(TSR_ERROR_SHAPE,
                     "%s: A is %s, B is %s, C is %s; [M, K] @ [K, N] = [M, N] is "
                     "needed, or the same with a batch in front",
                     why, shape_text(o->a, a), shape_text(o->b, b),
                     shape_text(o->c, c));
}

static size_t batch_of(const tsr_tensor *tensor)
{
    return tensor->rank == 3 ? tensor->shape[0] : 1;
}

/* Layout of a rank 2 or 3 tensor; one product's matrix repeats over a batch. */
static tsr__layout layout_of(const tsr_tensor *tensor)
{
    int rank = tensor->rank;

    return (tsr__layout){
        .offset = tensor->offset,
        .row = tensor->strides[rank - 2],
        .column = tensor->strides[rank - 1],
        .batch = batch_of(tensor) == 1 ? 0 : tensor->strides[0],
    };
}

/* ---- Checks --------------------------------------------------------------------- */

static tsr_status check_tensor(const char *name, const tsr_tensor *tensor,
                               const tsr_tensor *c)
{
    if (!tensor)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", name);
    if (tensor->dtype != c->dtype)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "%s is %s but C is %s; all must have one dtype", name,
                         tsr_dtype_name(tensor->dtype), tsr_dtype_name(c->dtype));
    if (tensor->storage->device != c->storage->device)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "%s and C are on different devices; tsr_tensor_to moves one",
                         name);
    return TSR_OK;
}

static tsr_status check_operands(const tsr__operands *o)
{
    tsr_status status;

    if (!o->c)
        return tsr__fail(TSR_ERROR_ARGUMENT, "C is NULL");
    if ((status = check_tensor("A", o->a, o->c)) ||
        (status = check_tensor("B", o->b, o->c)) ||
        (o->bias && (status = check_tensor("the bias", o->bias, o->c))))
        return status;
    if (o->a->rank < 2 || o->b->rank < 2 || o->c->rank < 2)
        return fail_shapes(o, "rank 1 is neither a row nor a column");
    if ((status = tsr__tensor_check_result(o->c, "C")))
        return status;
    if (tsr__tensors_overlap(o->c, o->a) || tsr__tensors_overlap(o->c, o->b) ||
        (o->bias && tsr__tensors_overlap(o->c, o->bias)))
        return tsr__fail(TSR_ERROR_ALIAS,
                         "C shares memory with %s; the product would overwrite what it "
                         "still reads",
                         tsr__tensors_overlap(o->c, o->a)   ? "A"
                         : tsr__tensors_overlap(o->c, o->b) ? "B"
                                                            : "the bias");
    return TSR_OK;
}

/* The bias as an M x N matrix per product: lengths of 1 and missing axes repeat. */
static tsr_status broadcast_bias(const tsr_tensor *bias, const tsr_tensor *c,
                                 tsr__layout *layout)
{
    size_t strides[TSR_MAX_RANK] = {0, 0, 0}; /* batch, row, column */

    if (bias->rank > c->rank)
        goto mismatch;
    for (int back = 1; back <= bias->rank; back++) {
        size_t length = bias->shape[bias->rank - back];

        if (length != 1 && length != c->shape[c->rank - back])
            goto mismatch;
        if (length != 1)
            strides[TSR_MAX_RANK - back] = bias->strides[bias->rank - back];
    }
    *layout = (tsr__layout){bias->offset, strides[1], strides[2], strides[0]};
    return TSR_OK;

mismatch:;
    char of_bias[96], of_c[96];

    return tsr__fail(TSR_ERROR_SHAPE, "a bias of %s does not broadcast to C's %s",
                     shape_text(bias, of_bias), shape_text(c, of_c));
}

/* ---- Make ----------------------------------------------------------------------- */

static tsr_status fill_sizes(const tsr__operands *o, tsr__problem *p)
{
    const size_t *a = o->a->shape + (o->a->rank - 2);
    const size_t *b = o->b->shape + (o->b->rank - 2);
    const size_t *c = o->c->shape + (o->c->rank - 2);
    size_t work;

    p->m = c[0];
    p->n = c[1];
    p->k = a[1];
    p->batch = batch_of(o->c);
    if (a[0] != p->m || b[1] != p->n || b[0] != p->k)
        return fail_shapes(o, "the shapes do not fit");
    if ((batch_of(o->a) != p->batch && batch_of(o->a) != 1) ||
        (batch_of(o->b) != p->batch && batch_of(o->b) != 1))
        return fail_shapes(o, "the batches do not fit");
    if (!tsr__multiply(p->m, p->n, &work) || !tsr__multiply(work, p->k, &work) ||
        !tsr__multiply(work, p->batch, &work))
        return tsr__fail(
            TSR_ERROR_OVERFLOW,
            "%zu products of %zu x %zu x %zu are more multiplications than "
            "size_t can count",
            p->batch, p->m, p->n, p->k);
    return TSR_OK;
}

tsr_status tsr__problem_make(const tsr__operands *operands,
                             const tsr_matmul_options *options, tsr__problem *problem)
{
    tsr_status status = check_operands(operands);

    if (status || (status = fill_sizes(operands, problem)))
        return status;
    if ((unsigned)options->activation > TSR_ACTIVATION_GELU)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%d is no activation",
                         (int)options->activation);
    problem->dtype = operands->c->dtype;
    problem->a = layout_of(operands->a);
    problem->b = layout_of(operands->b);
    problem->c = layout_of(operands->c);
    problem->a_prepared = tsr_tensor_is_prepared(operands->a);
    problem->b_prepared = tsr_tensor_is_prepared(operands->b);
    problem->on_host = false;
    problem->has_bias = operands->bias != NULL;
    problem->bias = (tsr__layout){0, 0, 0, 0};
    problem->activation = options->activation;
    problem->alpha = options->alpha;
    problem->beta = options->beta;
    if (problem->dtype == TSR_F32) {
        problem->alpha = tsr__round_to_f32(options->alpha);
        problem->beta = tsr__round_to_f32(options->beta);
    }
    if (problem->has_bias)
        return broadcast_bias(operands->bias, operands->c, &problem->bias);
    return TSR_OK;
}

/* ---- Transpose ------------------------------------------------------------------ */

static bool layout_same(const tsr__layout *l, const tsr__layout *r)
{
    return l->offset == r->offset && l->row == r->row && l->column == r->column &&
           l->batch == r->batch;
}

bool tsr__problem_same(const tsr__problem *l, const tsr__problem *r)
{
    return l->m == r->m && l->n == r->n && l->k == r->k && l->batch == r->batch &&
           l->dtype == r->dtype && layout_same(&l->a, &r->a) &&
           layout_same(&l->b, &r->b) && layout_same(&l->c, &r->c) &&
           l->has_bias == r->has_bias && layout_same(&l->bias, &r->bias) &&
           l->a_prepared == r->a_prepared && l->b_prepared == r->b_prepared &&
           l->on_host == r->on_host && l->alpha == r->alpha && l->beta == r->beta &&
           l->activation == r->activation;
}

static tsr__layout layout_transpose(tsr__layout l)
{
    return (tsr__layout){l.offset, l.column, l.row, l.batch};
}

void tsr__problem_transpose(tsr__problem *p)
{
    tsr__layout a = p->a;
    bool a_prepared = p->a_prepared;
    size_t m = p->m;

    p->a_prepared = p->b_prepared;
    p->b_prepared = a_prepared;
    p->a = layout_transpose(p->b);
    p->b = layout_transpose(a);
    p->c = layout_transpose(p->c);
    p->bias = layout_transpose(p->bias);
    p->m = p->n;
    p->n = m;
}

tsr__operands tsr__operands_transpose(const tsr__operands *o)
{
    return (tsr__operands){.a = o->b, .b = o->a, .c = o->c, .bias = o->bias};
}

/* ---- Measures ------------------------------------------------------------------- */

double tsr__problem_flops(const tsr__problem *p)
{
    return 2.0 * (double)p->m * (double)p->n * (double)p->k * (double)p->batch;
}

double tsr__problem_bytes(const tsr__problem *p)
{
    double a = (double)p->m * (double)p->k * (p->a.batch ? (double)p->batch : 1.0);
    double b = (double)p->k * (double)p->n * (p->b.batch ? (double)p->batch : 1.0);
    double c = (double)p->m * (double)p->n * (double)p->batch;

    return (double)tsr_dtype_size(p->dtype) *
           (a + b + c * (p->beta != 0.0 ? 2.0 : 1.0));
}

const char *tsr__problem_text(const tsr__problem *p)
{
    static _Thread_local char text[160];
    char batch[32] = "";

    if (p->batch != 1)
        snprintf(batch, sizeof batch, "%zu times ", p->batch);
    snprintf(text, sizeof text, "%s%zux%zux%zu %s%s%s", batch, p->m, p->n, p->k,
             tsr_dtype_name(p->dtype),
             p->a.row == 1 && p->a.column != 1 ? " A transposed" : "",
             p->b.row == 1 && p->b.column != 1 ? " B transposed" : "");
    return text;
}
