#include "matmul/stage.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "matmul/oracle.h"
#include "memory/prepared.h"

enum { A, B, C, BIAS, TENSORS };

/* Reference work for one check: a tenth of a second on a slow core. Rows are sampled
 * beyond that, and the residual sees the rest. */
#define CHECK_FLOPS 1e8

/* ---- Tensors --------------------------------------------------------------------- */

/* A tensor of `batch` rows x columns (0: one for all), laid out like `l`: by rows, by
 * columns, or, for anything else, with gaps between neighbours. */
static tsr_status lay_out(tsr_device *device, tsr_dtype dtype, const tsr__layout *l,
                          size_t batch, size_t rows, size_t columns, tsr_tensor **out)
{
    bool by_rows = l->column == 1 || columns == 1;
    bool by_columns = !by_rows && (l->row == 1 || rows == 1);
    size_t gap = by_rows || (by_columns && rows > 1) ? 1 : 2;
    size_t lines = by_columns ? columns : rows, length = by_columns ? rows : columns;
    const size_t all[3] = {batch ? batch : 1, lines, gap * length};
    const size_t shape[3] = {all[0], rows, columns};
    const size_t strides[3] = {lines * gap * length, by_columns ? 1 : gap * length,
                               by_columns ? gap * length : gap};
    int skip = batch ? 0 : 1;
    tsr_tensor *base;
    tsr_status status = tsr_tensor_create(device, dtype, 3, all, &base);

    *out = NULL;
    if (status)
        return status;
    status = tsr_tensor_view(base, 3 - skip, shape + skip, strides + skip, 0, out);
    tsr_tensor_destroy(base);
    return status;
}

static tsr_status make_tensors(const tsr__problem *p, tsr__stage *s)
{
    size_t batch = p->batch == 1 ? 0 : p->batch;
    tsr__layout by_rows = {0, p->n, 1, 0};
    tsr_status status;

    if ((status = lay_out(s->device, p->dtype, &p->a, p->a.batch ? batch : 0, p->m,
                          p->k, &s->tensors[A])) ||
        (status = lay_out(s->device, p->dtype, &p->b, p->b.batch ? batch : 0, p->k,
                          p->n, &s->tensors[B])) ||
        (status =
             lay_out(s->device, p->dtype, &p->c, batch, p->m, p->n, &s->tensors[C])) ||
        (p->has_bias && (status = lay_out(s->device, p->dtype, &by_rows, 0, 1, p->n,
                                          &s->tensors[BIAS]))))
        return status;
    for (int i = 0; i < TENSORS; i++)
        if (s->tensors[i] && i != C &&
            (status =
                 tsr_tensor_fill_uniform(s->tensors[i], (uint64_t)i + 1, -1.0, 1.0)))
            return status;
    if ((p->a_prepared && (status = tsr_tensor_prepare(s->tensors[A]))) ||
        (p->b_prepared && (status = tsr_tensor_prepare(s->tensors[B]))))
        return status;
    return TSR_OK;
}

tsr_status tsr__stage_set(tsr_device *device, const tsr__problem *like, tsr__stage *out)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_status status;

    *out = (tsr__stage){.device = device};
    if (!(status = make_tensors(like, out))) {
        out->operands = (tsr__operands){out->tensors[A], out->tensors[B],
                                        out->tensors[C], out->tensors[BIAS]};
        options.bias = out->tensors[BIAS];
        options.activation = like->activation;
        status = tsr__problem_make(&out->operands, &options, &out->problem);
    }
    if (status)
        tsr__stage_clear(out);
    return status;
}

void tsr__stage_clear(tsr__stage *stage)
{
    tsr_oracle_destroy(stage->oracle);
    for (int i = 0; i < TENSORS; i++) {
        tsr_tensor_destroy(stage->tensors[i]);
        free(stage->host[i]);
    }
    *stage = (tsr__stage){0};
}

/* ---- The oracle ------------------------------------------------------------------ */

static tsr_status read_back(tsr__stage *s, int which)
{
    const tsr_tensor *tensor = s->tensors[which];

    if (!tensor)
        return TSR_OK;
    if (!s->host[which]) {
        size_t bytes = tensor->count * tsr_dtype_size(tensor->dtype);

        if (!(s->host[which] = malloc(bytes)))
            return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory to check results");
    }
    return tsr_tensor_read(tensor, s->host[which]);
}

static tsr_host_matrix dense(const void *data, size_t rows, size_t columns,
                             bool batched)
{
    return (tsr_host_matrix){data, columns, 1, batched ? rows * columns : 0};
}

static tsr_status make_oracle(tsr__stage *s)
{
    const tsr__problem *p = &s->problem;
    tsr_host_product product = {.dtype = p->dtype,
                                .m = p->m,
                                .n = p->n,
                                .k = p->k,
                                .batch = p->batch,
                                .alpha = p->alpha,
                                .activation = p->activation};
    tsr_status status;

    for (int i = 0; i < TENSORS; i++)
        if (i != C && (status = read_back(s, i)))
            return status;
    product.a = dense(s->host[A], p->m, p->k, p->a.batch != 0);
    product.b = dense(s->host[B], p->k, p->n, p->b.batch != 0);
    product.bias = (tsr_host_matrix){s->host[BIAS], 0, 1, 0};
    return tsr__oracle_create_within(&product, 1, CHECK_FLOPS, &s->oracle);
}

/* ---- Running --------------------------------------------------------------------- */

static tsr_status enqueue(tsr__stage *s, const tsr__plan *plan)
{
    tsr__operands seen =
        plan->transposed ? tsr__operands_transpose(&s->operands) : s->operands;
    tsr__sequence sequence = tsr__sequence_on(s->device);
    tsr_status status = plan->strategy->enqueue(plan, &seen, &sequence);

    tsr__prepared_written(s->tensors[C]);
    tsr__sequence_release(&sequence);
    return status;
}

tsr_status tsr__stage_check(tsr__stage *s, const tsr__plan *plan, bool *right)
{
    tsr_host_matrix c;
    tsr_verdict verdict;
    tsr_status status;

    *right = false;
    if ((!s->oracle && (status = make_oracle(s))) ||
        (status = tsr_tensor_fill_uniform(s->tensors[C], 9, 1e6, 2e6)) ||
        (status = enqueue(s, plan)) || (status = read_back(s, C)))
        return status;
    c = dense(s->host[C], s->problem.m, s->problem.n, true);
    if (!(status = tsr_oracle_check(s->oracle, &c, &verdict)))
        *right = verdict.ok;
    return status;
}

tsr_status tsr__stage_time(tsr__stage *s, const tsr__plan *plan, unsigned loops,
                           double *seconds)
{
    tsr_status status = tsr_device_finish(s->device);
    double start = tsr__seconds();

    for (unsigned i = 0; i < loops && !status; i++)
        status = enqueue(s, plan);
    if (!status)
        status = tsr_device_finish(s->device);
    *seconds = (tsr__seconds() - start) / (double)loops;
    return status;
}
