/* host: a small product, computed by the calling thread in the operands' own arrays.
 *
 * To launch a kernel costs 5 to 50 us where a CPU's threads have to be woken for it, and a
 * product of 64 x 64 x 64 takes one core 3. So where the host may touch the operands
 * (problem.on_host), the thread that asks for such a product makes it. It first waits for
 * what was enqueued before, which keeps the queue's order, and when enqueue returns the
 * product is done. Whether that may be decides nothing that changes while a program runs as
 * before: never how busy the queue is.
 */
#include "matmul/host_loops.h"

#include "device/cl_error.h"
#include "matmul/cost.h"
#include "matmul/strategy.h"
#include "memory/tensor.h"

/* The calling thread is not held up for longer than a moment. */
#define MOST_FLOPS 16e6

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)info;
    if (!problem->on_host)
        return "not all of its matrices are the host's arrays, on a CPU whose queue is "
               "tessera's alone";
    if (problem->k > TSR__HOST_MOST_K)
        return "K is too large for a panel on the stack";
    if (problem->activation > TSR_ACTIVATION_RELU)
        return "its activation is made by the device";
    return tsr__problem_flops(problem) > MOST_FLOPS
               ? "it would keep the calling thread for too long"
               : NULL;
}

static size_t rounded(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

/* Whether C^T = B^T A^T has fewer columns that are none. */
static bool is_better_transposed(const tsr__problem *problem)
{
    return problem->n < 16 && problem->m > problem->n;
}

static const tsr__host_loops *best_loops(void)
{
    const tsr__host_loops *levels[TSR__HOST_MOST_LEVELS];

    tsr__host_levels(levels);
    return levels[0];
}

/* One core with its own vectors, of which drivers may say less, at 85% of its rate; rows and
 * columns come in whole tiles. The matrices are in its caches, or soon will be. */
static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    const bool transposed = is_better_transposed(problem);
    const size_t m = transposed ? problem->n : problem->m;
    const size_t n = transposed ? problem->m : problem->n;
    const size_t lanes = best_loops()->vector_bytes / tsr_dtype_size(problem->dtype);
    const double work = 2.0 * (double)rounded(m, TSR__HOST_ROWS) *
                        (double)rounded(n, TSR__HOST_VECTORS * lanes) *
                        (double)problem->k * (double)problem->batch;
    const double hz = tsr__cost_clock(info);

    return 1e-6 + work / (0.85 * hz * 2.0 * 2.0 * (double)lanes) +
           tsr__problem_bytes(problem) / 30e9;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    (void)device;
    plan->transposed = is_better_transposed(&plan->problem);
    if (plan->transposed)
        tsr__problem_transpose(&plan->problem);
    return TSR_OK;
}

static tsr_host_matrix matrix_of(const tsr_tensor *tensor, const tsr__layout *layout)
{
    const char *first = tensor->storage->host;

    return (tsr_host_matrix){first + layout->offset * tsr_dtype_size(tensor->dtype),
                             layout->row, layout->column, layout->batch};
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    const tsr_host_matrix c = matrix_of(operands->c, &p->c);
    tsr_host_product product = {
        .dtype = p->dtype,
        .m = p->m,
        .n = p->n,
        .k = p->k,
        .batch = p->batch,
        .a = matrix_of(operands->a, &p->a),
        .b = matrix_of(operands->b, &p->b),
        .alpha = p->alpha,
        .beta = p->beta,
        .activation = p->activation,
    };
    cl_int code = clFinish(sequence->queue);

    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clFinish", "before a product on the host");
    if (operands->bias)
        product.bias = matrix_of(operands->bias, &p->bias);
    (p->dtype == TSR_F64 ? best_loops()->f64 : best_loops()->f32)(&product, &c);
    return TSR_OK;
}

const tsr__strategy tsr__host = {"host", cannot_run, cost, plan, enqueue, NULL};
