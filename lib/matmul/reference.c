/* reference: the plain C product on the host; right for every problem, and slow.
 *
 * Brings the operands to the host, runs tsr_reference_matmul, and sends the result back.
 * Unlike the other strategies it waits: when enqueue returns, the product is done.
 */
#include <stdlib.h>

#include <tessera/oracle.h>

#include "base/checked.h"
#include "device/cl_error.h"
#include "matmul/cost.h"
#include "matmul/strategy.h"
#include "memory/tensor.h"

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)problem;
    (void)info;
    return NULL;
}

static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)info;
    return 1e-4 + tsr__problem_flops(problem) / 0.5e9 +
           tsr__problem_bytes(problem) / 2e9;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    (void)device;
    (void)plan;
    return TSR_OK;
}

/* A tensor's elements on the host, dense. */
typedef struct copy {
    void *data; /* NULL if there are none; to be freed */
    size_t strides[TSR_MAX_RANK];
} copy;

static tsr_status copy_make(const tsr_tensor *tensor, bool read, copy *out)
{
    size_t bytes = tensor->count * tsr_dtype_size(tensor->dtype);
    size_t stride = 1;
    tsr_status status;

    *out = (copy){NULL, {0, 0, 0}};
    for (int axis = tensor->rank; axis-- > 0; stride *= tensor->shape[axis])
        out->strides[TSR_MAX_RANK - tensor->rank + axis] =
            tensor->shape[axis] == 1 ? 0 : stride;
    if (bytes == 0)
        return TSR_OK;
    if (!(out->data = malloc(bytes)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu bytes", bytes);
    if (read && (status = tsr_tensor_read(tensor, out->data))) {
        free(out->data);
        out->data = NULL;
        return status;
    }
    return TSR_OK;
}

static tsr_host_matrix matrix_of(const copy *c)
{
    return (tsr_host_matrix){c->data, c->strides[1], c->strides[2], c->strides[0]};
}

static tsr_status multiply(const tsr__problem *p, const tsr__operands *operands,
                           copy *a, copy *b, copy *bias, copy *c)
{
    tsr_host_product product = {
        .dtype = p->dtype,
        .m = p->m,
        .n = p->n,
        .k = p->k,
        .batch = p->batch,
        .a = matrix_of(a),
        .b = matrix_of(b),
        .c0 = matrix_of(c),
        .bias = matrix_of(bias),
        .alpha = p->alpha,
        .beta = p->beta,
        .activation = p->activation,
    };
    tsr_status status = tsr_reference_matmul(&product, c->data, c->strides[1],
                                             c->strides[2], c->strides[0]);

    return status ? status : tsr_tensor_write(operands->c, c->data);
}

/* Everything enqueued before, and what the caller waits for, is done. */
static tsr_status wait_before(tsr__sequence *sequence)
{
    cl_int code = CL_SUCCESS;

    if (sequence->num_wait)
        code = clWaitForEvents(sequence->num_wait, sequence->wait);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clWaitForEvents", "%u events", sequence->num_wait);
    sequence->num_wait = 0;
    code = clFinish(sequence->queue);
    return code == CL_SUCCESS ? TSR_OK : tsr__fail_cl(code, "clFinish", NULL);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    copy a = {0}, b = {0}, c = {0}, bias = {0};
    tsr_status status;

    if (!(status = wait_before(sequence)) &&
        !(status = copy_make(operands->a, true, &a)) &&
        !(status = copy_make(operands->b, true, &b)) &&
        !(status = copy_make(operands->c, p->beta != 0.0, &c)) &&
        !(status = operands->bias ? copy_make(operands->bias, true, &bias) : TSR_OK))
        status = multiply(p, operands, &a, &b, &bias, &c);
    free(a.data);
    free(b.data);
    free(c.data);
    free(bias.data);
    return status;
}

const tsr__strategy tsr__reference = {"reference", cannot_run, cost,
                                      plan,        enqueue,    NULL};
