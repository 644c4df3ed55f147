#include "matmul/tune_problem.h"

#include "base/checked.h"
#include "base/error.h"

/* Whether the elements can be counted. */
static bool countable(size_t rows, size_t columns, size_t batch)
{
    size_t count;

    return tsr__multiply(rows, columns, &count) &&
           tsr__multiply(count, batch, &count) &&
           tsr__multiply(count, sizeof(double), &count);
}

static tsr_status check(const tsr_tune_problem *p, size_t index)
{
    size_t batch = p->batch ? p->batch : 1, work;

    if (!p->m || !p->n || !p->k || tsr_dtype_size(p->dtype) == 0 ||
        (unsigned)p->activation > TSR_ACTIVATION_GELU)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "problem %zu, %zux%zux%zu %s, is none that can be tuned",
                         index, p->m, p->n, p->k, tsr_dtype_name(p->dtype));
    if (!countable(p->m, p->k, batch) || !countable(p->k, p->n, batch) ||
        !countable(p->m, p->n, batch) || !tsr__multiply(p->m, p->n, &work) ||
        !tsr__multiply(work, p->k, &work) || !tsr__multiply(work, batch, &work))
        return tsr__fail(TSR_ERROR_OVERFLOW, "problem %zu, %zux%zux%zu, is too large",
                         index, p->m, p->n, p->k);
    return TSR_OK;
}

tsr_status tsr__tune_problems_check(const tsr_tune_problem *problems, size_t count)
{
    tsr_status status = TSR_OK;

    for (size_t i = 0; i < count && !status; i++)
        status = check(&problems[i], i);
    return status;
}

static tsr__layout dense(size_t rows, size_t columns, size_t batch, bool transposed)
{
    return (tsr__layout){.row = transposed ? 1 : columns,
                         .column = transposed ? rows : 1,
                         .batch = batch > 1 ? rows * columns : 0};
}

tsr__problem tsr__tune_problem(const tsr_tune_problem *p)
{
    size_t batch = p->batch ? p->batch : 1;

    return (tsr__problem){
        .dtype = p->dtype,
        .m = p->m,
        .n = p->n,
        .k = p->k,
        .batch = batch,
        .a = dense(p->m, p->k, batch, p->trans_a),
        .b = dense(p->k, p->n, batch, p->trans_b),
        .c = dense(p->m, p->n, batch, p->trans_c),
        .bias = {0, 0, p->bias ? 1 : 0, 0},
        .has_bias = p->bias,
        .a_prepared = p->prepared_a,
        .b_prepared = p->prepared_b,
        .alpha = 1.0,
        .activation = p->activation,
    };
}
