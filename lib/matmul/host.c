/* host: a small product, computed by the calling thread in the operands' own arrays, and by
 * one of the device's threads if that is awake, or worth waking.
 *
 * To launch a kernel costs 5 to 50 us where a CPU's threads have to be woken for it, and a
 * product of 64 x 64 x 64 takes one core 3. So where the host may touch the operands
 * (problem.on_host), the thread that asks for such a product makes it. It first waits for
 * what was enqueued before, which keeps the queue's order, and when enqueue returns the
 * product is done. Whether that may be decides nothing that changes while a program runs as
 * before: never how busy the queue is.
 */
#include "matmul/host_parts.h"

#include "base/checked.h"
#include "device/cl_error.h"
#include "device/worker.h"
#include "matmul/cost.h"
#include "matmul/strategy.h"
#include "memory/tensor.h"

/* The calling thread is not held up for longer than a moment. */
#define MOST_FLOPS 34e6

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

/* What the calling thread takes: one core with its own vectors, of which drivers may say
 * less, at 85% of its rate; rows and columns come in whole tiles. The matrices are in its
 * caches, or soon will be. */
static double alone(const tsr__problem *problem, const tsr_device_info *info)
{
    const size_t lanes = best_loops()->vector_bytes / tsr_dtype_size(problem->dtype);
    const double work = 2.0 * (double)tsr__round_up(problem->m, TSR__HOST_ROWS) *
                        (double)tsr__round_up(problem->n, TSR__HOST_VECTORS * lanes) *
                        (double)problem->k * (double)problem->batch;
    const double hz = tsr__cost_clock(info);

    return 1e-6 + work / (0.85 * hz * 2.0 * 2.0 * (double)lanes) +
           tsr__problem_bytes(problem) / 60e9;
}

/* With a worker of the device's where it has one to give. */
static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__problem p = *problem;
    double seconds;

    if (is_better_transposed(&p))
        tsr__problem_transpose(&p);
    seconds = alone(&p, info);
    return info->compute_units > 1 && TSR__SHARED(seconds) < seconds
               ? TSR__SHARED(seconds)
               : seconds;
}

/* plan->numbers */
enum { BATCHES, ROWS, COLUMNS, ROW_PARTS, COLUMN_PARTS, COUNT, NANOSECONDS };

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    size_t *n = plan->numbers;
    tsr__host_parts parts;

    plan->transposed = is_better_transposed(&plan->problem);
    if (plan->transposed)
        tsr__problem_transpose(&plan->problem);
    parts = tsr__host_parts_of(&plan->problem, best_loops()->vector_bytes);
    n[BATCHES] = parts.batches;
    n[ROWS] = parts.rows;
    n[COLUMNS] = parts.columns;
    n[ROW_PARTS] = parts.row_parts;
    n[COLUMN_PARTS] = parts.column_parts;
    n[COUNT] = parts.count;
    n[NANOSECONDS] = (size_t)(1e9 * alone(&plan->problem, &device->info));
    return TSR_OK;
}

/* ---- Enqueue -------------------------------------------------------------------- */

/* What the threads share. */
typedef struct job {
    tsr_host_product product;
    tsr_host_matrix c;
    tsr__host_parts parts;
    void (*multiply)(const tsr_host_product *product, const tsr_host_matrix *c);
} job;

static void make_part(const void *data, size_t index)
{
    const job *j = data;
    tsr_host_product product = j->product;
    tsr_host_matrix c = j->c;

    tsr__host_part(&j->parts, index, &product, &c);
    j->multiply(&product, &c);
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
    const size_t *n = plan->numbers;
    job j = {.c = matrix_of(operands->c, &p->c),
             .parts = {n[BATCHES], n[ROWS], n[COLUMNS], n[ROW_PARTS], n[COLUMN_PARTS],
                       n[COUNT]},
             .multiply = p->dtype == TSR_F64 ? best_loops()->f64 : best_loops()->f32};
    cl_int code = clFinish(sequence->queue);

    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clFinish", "before a product on the host");
    j.product = (tsr_host_product){
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
    if (operands->bias)
        j.product.bias = matrix_of(operands->bias, &p->bias);
    tsr__share(sequence->device, 1e-9 * (double)n[NANOSECONDS], make_part, &j,
               n[COUNT]);
    return TSR_OK;
}

const tsr__strategy tsr__host = {"host", cannot_run, cost, plan, enqueue, NULL};
