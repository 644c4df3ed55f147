/* Products, by force or as the router has it. */
#include <string.h>

#include "operands.h"
#include "scenarios.h"

/* A rows x columns matrix, or a batch of them; stored by columns if `transposed`. */
static tsr_status make(const work *w, size_t rows, size_t columns, const float *data,
                       tsr_tensor **stored, tsr_tensor **out)
{
    const bool transposed = w->s->transposed;
    const size_t shape[3] = {w->s->batch, transposed ? columns : rows,
                             transposed ? rows : columns};
    const int skip = shape[0] == 1;
    tsr_status status = tsr_tensor_from_host(w->device, TSR_F32, 3 - skip, shape + skip,
                                             data, transposed ? stored : out);

    return status || !transposed ? status : tsr_tensor_transpose(*stored, out);
}

tsr_status operands_make(const work *w, operands *o)
{
    const scenario *s = w->s;
    const size_t shape[3] = {s->batch, s->m, s->n};
    const int skip = s->batch == 1;
    tsr_status status;

    *o = (operands){0};
    if ((status = make(w, s->m, s->k, w->a, &o->stored_a, &o->a)) ||
        (status = make(w, s->k, s->n, w->b, &o->stored_b, &o->b)))
        return status;
    return tsr_tensor_from_host(w->device, TSR_F32, 3 - skip, shape + skip, w->c,
                                &o->c);
}

void operands_clear(operands *o)
{
    tsr_tensor_destroy(o->c);
    tsr_tensor_destroy(o->b);
    tsr_tensor_destroy(o->a);
    tsr_tensor_destroy(o->stored_b);
    tsr_tensor_destroy(o->stored_a);
}

tsr_matmul_options operands_options(const work *w)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    options.beta = w->s->beta;
    options.strategy = w->s->strategy;
    return options;
}

tsr_status run_product(work *w)
{
    const tsr_matmul_options options = operands_options(w);
    operands o;
    tsr_status status;

    if (!(status = operands_make(w, &o)) &&
        !(status = tsr_matmul(o.a, o.b, o.c, &options)))
        status = work_read(w, o.c);
    operands_clear(&o);
    return status;
}

/* Of arrays that are lent: small enough, the calling thread makes it. */
tsr_status run_lent(work *w)
{
    const scenario *s = w->s;
    const tsr_matmul_options options = operands_options(w);
    const size_t of_a[2] = {s->m, s->k}, of_b[2] = {s->k, s->n}, of_c[2] = {s->m, s->n};
    operands o = {0};
    tsr_status status;

    memcpy(w->lent, w->c, w->count * sizeof *w->lent);
    if (!(status = tsr_tensor_borrow_host(w->device, TSR_F32, 2, of_a, w->a, &o.a)) &&
        !(status = tsr_tensor_borrow_host(w->device, TSR_F32, 2, of_b, w->b, &o.b)) &&
        !(status =
              tsr_tensor_borrow_host(w->device, TSR_F32, 2, of_c, w->lent, &o.c)) &&
        !(status = tsr_matmul(o.a, o.b, o.c, &options)))
        status = work_read(w, o.c);
    operands_clear(&o);
    return status;
}

/* With all that may come after the sum. */
tsr_status run_epilogue(work *w)
{
    tsr_matmul_options options = operands_options(w);
    tsr_tensor *bias = NULL;
    operands o;
    tsr_status status;

    options.activation = TSR_ACTIVATION_TANH;
    if (!(status = operands_make(w, &o)) &&
        !(status =
              tsr_tensor_from_host(w->device, TSR_F32, 1, &w->s->n, w->c, &bias))) {
        options.bias = bias;
        if (!(status = tsr_matmul(o.a, o.b, o.c, &options)))
            status = work_read(w, o.c);
    }
    tsr_tensor_destroy(bias);
    operands_clear(&o);
    return status;
}

/* The second product finds what the first has made of B; the third does not. */
tsr_status run_prepared(work *w)
{
    const tsr_matmul_options options = operands_options(w);
    operands o;
    tsr_status status;

    if (!(status = operands_make(w, &o)) && !(status = tsr_tensor_prepare(o.b)) &&
        !(status = tsr_matmul(o.a, o.b, o.c, &options)) &&
        !(status = work_read(w, o.c)) &&
        !(status = tsr_matmul(o.a, o.b, o.c, &options)) &&
        !(status = work_read(w, o.c)) && !(status = tsr_tensor_write(o.b, w->b)) &&
        !(status = tsr_matmul(o.a, o.b, o.c, &options)))
        status = work_read(w, o.c);
    operands_clear(&o);
    return status;
}

tsr_status run_timed(work *w)
{
    const tsr_matmul_options options = operands_options(w);
    operands o;
    double seconds;
    tsr_status status;

    if (!(status = operands_make(w, &o)) &&
        !(status = tsr_matmul_device_time(o.a, o.b, o.c, &options, &seconds)))
        status = work_read(w, o.c);
    operands_clear(&o);
    return status;
}
