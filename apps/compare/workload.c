#include "workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "progress.h"
#include "timing.h"

/* Where element (t, i, j) of a rows x columns operand is. */
static tsr_host_matrix layout(const void *data, size_t rows, size_t columns,
                              bool transposed, bool shared)
{
    return (tsr_host_matrix){
        .data = data,
        .row_stride = transposed ? 1 : columns,
        .column_stride = transposed ? rows : 1,
        .batch_stride = shared ? 0 : rows * columns,
    };
}

static bool make_operand(void **data, npy_array *file, const problem *p, size_t count,
                         uint64_t seed, failure *why)
{
    const size_t bytes = count * tsr_dtype_size(p->dtype);
    tsr_status status;

    if (file->data) {
        *data = file->data;
        file->data = NULL;
        return true;
    }
    *data = memory_get(bytes);
    if (!*data)
        return fail_with(why, EXIT_INPUT, "out of host memory: an operand of %zu bytes",
                         bytes);
    status = tsr_random_uniform(p->dtype, seed, -1, 1, 0, count, *data);
    return !status || fail_call(why, status, "random numbers");
}

static bool make_host(workload *w, inputs *in, failure *why)
{
    const problem *p = &w->problem;

    if (!make_operand(&w->a, &in->a, p, problem_a_count(p), in->seed, why) ||
        !make_operand(&w->b, &in->b, p, problem_b_count(p), in->seed + 1, why))
        return false;
    w->c_bytes = problem_c_count(p) * tsr_dtype_size(p->dtype);
    w->c = memory_get(w->c_bytes);
    w->host_c = memory_get(w->c_bytes);
    if (!w->c || !w->host_c)
        return fail_with(why, EXIT_INPUT, "out of host memory: C of %zu bytes",
                         w->c_bytes);
    memset(w->c, 0xff, w->c_bytes);
    memset(w->host_c, 0xff, w->c_bytes);
    w->c_layout = layout(NULL, p->m, p->n, false, false);
    w->product = (tsr_host_product){
        .dtype = p->dtype,
        .m = p->m,
        .n = p->n,
        .k = p->k,
        .batch = p->batch,
        .a = layout(w->a, p->m, p->k, p->trans_a, p->shared_a),
        .b = layout(w->b, p->k, p->n, p->trans_b, p->shared_b),
        .alpha = 1,
    };
    return true;
}

/* ---- The device's side -------------------------------------------------------------- */

typedef tsr_status constructor(tsr_device *device, tsr_dtype dtype, int rank,
                               const size_t *shape, void *data, tsr_tensor **out);

static tsr_status copy_from_host(tsr_device *device, tsr_dtype dtype, int rank,
                                 const size_t *shape, void *data, tsr_tensor **out)
{
    return tsr_tensor_from_host(device, dtype, rank, shape, data, out);
}

/* A matrix or a batch as it lies in memory: rows and columns swapped if transposed. */
static tsr_status store(constructor *make, const workload *w, size_t rows,
                        size_t columns, bool transposed, bool shared, void *data,
                        tsr_tensor **out)
{
    const bool batched = w->problem.batch != 1 && !shared;
    const size_t shape[3] = {w->problem.batch, transposed ? columns : rows,
                             transposed ? rows : columns};

    return make(w->device, w->problem.dtype, batched ? 3 : 2,
                batched ? shape : shape + 1, data, out);
}

/* A and B to the device by `make`, until they are there. */
static tsr_status upload(constructor *make, const workload *w, tsr_tensor **a,
                         tsr_tensor **b, double *seconds)
{
    const problem *p = &w->problem;
    const double start = clock_now();
    tsr_status status;

    if ((status = store(make, w, p->m, p->k, p->trans_a, p->shared_a, w->a, a)) ||
        (status = store(make, w, p->k, p->n, p->trans_b, p->shared_b, w->b, b)) ||
        (status = tsr_device_finish(w->device)))
        return status;
    *seconds = clock_now() - start;
    return TSR_OK;
}

/* What copying A and B would have cost where they are used in place. A device without
 * room for a second copy leaves it unknown; that is no failure. */
static double time_copy(const workload *w)
{
    tsr_tensor *a = NULL, *b = NULL;
    double seconds = NAN;

    if (upload(copy_from_host, w, &a, &b, &seconds))
        seconds = NAN;
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(a);
    return seconds;
}

static tsr_status view_as_multiplied(tsr_tensor *base, bool transposed,
                                     tsr_tensor **out)
{
    if (transposed)
        return tsr_tensor_transpose(base, out);
    *out = base;
    return TSR_OK;
}

static tsr_status make_device(workload *w)
{
    const problem *p = &w->problem;
    tsr_status status;

    if ((status =
             upload(tsr_tensor_borrow_host, w, &w->base_a, &w->base_b, &w->upload_s)) ||
        (status = view_as_multiplied(w->base_a, p->trans_a, &w->tensor_a)) ||
        (status = view_as_multiplied(w->base_b, p->trans_b, &w->tensor_b)) ||
        (status = store(tsr_tensor_borrow_host, w, p->m, p->n, false, false, w->c,
                        &w->tensor_c)))
        return status;
    w->zero_copy =
        tsr_tensor_is_zero_copy(w->base_a) && tsr_tensor_is_zero_copy(w->base_b);
    w->copy_s = w->zero_copy ? time_copy(w) : NAN;
    return TSR_OK;
}

bool workload_create(workload *w, const problem *p, tsr_device *device, inputs *in,
                     failure *why)
{
    tsr_status status;

    *w = (workload){.problem = *p, .device = device};
    progress_say("making A and B");
    if (!make_host(w, in, why))
        goto fail;
    progress_say("uploading A and B");
    if ((status = make_device(w))) {
        fail_call(why, status, "uploading A and B");
        goto fail;
    }
    progress_say("working out what is right");
    if ((status = tsr_oracle_create(&w->product, in->seed, &w->oracle))) {
        fail_call(why, status, "the reference product");
        goto fail;
    }
    return true;

fail:
    workload_destroy(w);
    return false;
}

/* ---- Results ------------------------------------------------------------------------ */

void workload_poison_host(workload *w)
{
    memset(w->host_c, 0xff, w->c_bytes); /* all bits set is a NaN in f32 and f64 */
}

tsr_status workload_poison_device(workload *w)
{
    memset(w->c, 0xff, w->c_bytes);
    return tsr_tensor_write(w->tensor_c, w->c);
}

tsr_status workload_download(workload *w, double *seconds)
{
    const double start = clock_now();
    const tsr_status status = tsr_tensor_read(w->tensor_c, w->c);

    *seconds = clock_now() - start;
    return status;
}

tsr_verdict workload_judge(const workload *w, const void *c)
{
    tsr_host_matrix result = w->c_layout;
    tsr_verdict verdict = {0};

    result.data = c;
    if (tsr_oracle_check(w->oracle, &result, &verdict))
        return (tsr_verdict){.ok = false, .error_ratio = INFINITY};
    return verdict;
}

void workload_destroy(workload *w)
{
    tsr_oracle_destroy(w->oracle);
    tsr_tensor_destroy(w->tensor_c);
    if (w->tensor_b != w->base_b)
        tsr_tensor_destroy(w->tensor_b);
    if (w->tensor_a != w->base_a)
        tsr_tensor_destroy(w->tensor_a);
    tsr_tensor_destroy(w->base_b);
    tsr_tensor_destroy(w->base_a);
    if (w->device)
        tsr_device_finish(w->device); /* the driver may still use what was lent to it */
    free(w->host_c);
    free(w->c);
    free(w->b);
    free(w->a);
    *w = (workload){0};
}
