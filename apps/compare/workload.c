#include "workload.h"

#include <math.h>
#include <stdint.h>
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

/* ---- Sets --------------------------------------------------------------------------- */

/* Where a set may begin: at a multiple of this many bytes, for the kernels' vectors. */
#define SET_ALIGNMENT 256

/* More would take longer to make than they are worth. */
#define MAX_SETS 65536

static size_t count_sets(const problem *p, double cold_bytes)
{
    const double bytes = problem_bytes(p, p->dtype);
    const double sets = bytes > 0 ? ceil(cold_bytes / bytes) : 1;

    return sets < 1 ? 1 : sets > MAX_SETS ? MAX_SETS : (size_t)sets;
}

/* Elements from one set to the next. A single one needs no padding. */
static size_t set_stride(const workload *w, size_t count)
{
    const size_t unit = SET_ALIGNMENT / tsr_dtype_size(w->problem.dtype);

    return w->set_count == 1 ? count : (count + unit - 1) / unit * unit;
}

const operand_set *workload_next(workload *w)
{
    w->turn = (w->turn + 1) % w->set_count;
    return &w->sets[w->turn];
}

const operand_set *workload_last(const workload *w)
{
    return &w->sets[w->turn];
}

/* ---- The host's side ---------------------------------------------------------------- */

static void *element(const workload *w, void *array, size_t index)
{
    return (char *)array + index * tsr_dtype_size(w->problem.dtype);
}

static bool get_array(const workload *w, void **data, size_t stride, failure *why)
{
    const size_t size = tsr_dtype_size(w->problem.dtype);

    *data = stride <= SIZE_MAX / size / w->set_count
                ? memory_get(stride * w->set_count * size)
                : NULL;
    return *data || fail_with(why, EXIT_INPUT,
                              "out of host memory: %zu times an operand of %zu bytes",
                              w->set_count, stride * size);
}

/* Every set is the first one again. */
static bool make_operand(const workload *w, void **data, npy_array *file, size_t count,
                         size_t stride, uint64_t seed, failure *why)
{
    const tsr_dtype dtype = w->problem.dtype;
    tsr_status status;

    if (file->data && w->set_count == 1) {
        *data = file->data;
        file->data = NULL;
        return true;
    }
    if (!get_array(w, data, stride, why))
        return false;
    if (file->data)
        memcpy(*data, file->data, count * tsr_dtype_size(dtype));
    else if ((status = tsr_random_uniform(dtype, seed, -1, 1, 0, count, *data)))
        return fail_call(why, status, "random numbers");
    for (size_t i = 1; i < w->set_count; i++)
        memcpy(element(w, *data, i * stride), *data, count * tsr_dtype_size(dtype));
    return true;
}

/* All bits set is a NaN in f32 and f64. */
static void poison(const workload *w, void *c)
{
    memset(c, 0xff, w->set_count * w->c_stride * tsr_dtype_size(w->problem.dtype));
}

static bool make_host(workload *w, inputs *in, failure *why)
{
    const problem *p = &w->problem;
    const size_t a = problem_a_count(p), b = problem_b_count(p), c = problem_c_count(p);
    const size_t size = tsr_dtype_size(p->dtype);

    w->a_stride = set_stride(w, a);
    w->b_stride = set_stride(w, b);
    w->c_stride = set_stride(w, c);
    w->c_bytes = c * size;
    w->c_layout = layout(NULL, p->m, p->n, false, false);
    w->sets = calloc(w->set_count, sizeof *w->sets);
    if (!w->sets)
        return fail_with(why, EXIT_INPUT, "out of host memory");
    if (!make_operand(w, &w->a, &in->a, a, w->a_stride, in->seed, why) ||
        !make_operand(w, &w->b, &in->b, b, w->b_stride, in->seed + 1, why) ||
        !get_array(w, &w->c, w->c_stride, why) ||
        !get_array(w, &w->host_c, w->c_stride, why))
        return false;
    poison(w, w->c);
    poison(w, w->host_c);
    for (size_t i = 0; i < w->set_count; i++) {
        operand_set *set = &w->sets[i];

        set->product = (tsr_host_product){
            .dtype = p->dtype,
            .m = p->m,
            .n = p->n,
            .k = p->k,
            .batch = p->batch,
            .a = layout(element(w, w->a, i * w->a_stride), p->m, p->k, p->trans_a,
                        p->shared_a),
            .b = layout(element(w, w->b, i * w->b_stride), p->k, p->n, p->trans_b,
                        p->shared_b),
            .alpha = 1,
        };
        set->device_c = element(w, w->c, i * w->c_stride);
        set->host_c = element(w, w->host_c, i * w->c_stride);
    }
    return true;
}

/* ---- The device's side -------------------------------------------------------------- */

/* All sets of A and B to the device by lending them, until they are there. */
static tsr_status upload(workload *w)
{
    const size_t a = w->set_count * w->a_stride, b = w->set_count * w->b_stride;
    const double start = clock_now();
    tsr_status status;

    if ((status = tsr_tensor_borrow_host(w->device, w->problem.dtype, 1, &a, w->a,
                                         &w->all_a)) ||
        (status = tsr_tensor_borrow_host(w->device, w->problem.dtype, 1, &b, w->b,
                                         &w->all_b)) ||
        (status = tsr_device_finish(w->device)))
        return status;
    w->upload_s = (clock_now() - start) / (double)w->set_count;
    return TSR_OK;
}

/* What copying one A and B would have cost where they are used in place. A device without
 * room for a second copy leaves it unknown; that is no failure. */
static double time_copy(const workload *w)
{
    const size_t a_count = problem_a_count(&w->problem),
                 b_count = problem_b_count(&w->problem);
    const tsr_dtype dtype = w->problem.dtype;
    const double start = clock_now();
    tsr_tensor *a = NULL, *b = NULL;
    double seconds = NAN;

    if (!tsr_tensor_from_host(w->device, dtype, 1, &a_count, w->a, &a) &&
        !tsr_tensor_from_host(w->device, dtype, 1, &b_count, w->b, &b) &&
        !tsr_device_finish(w->device))
        seconds = clock_now() - start;
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(a);
    return seconds;
}

/* A matrix or a batch as it is multiplied: a view of all sets. */
static tsr_status view(const workload *w, const tsr_tensor *all, size_t rows,
                       size_t columns, bool transposed, bool shared, size_t offset,
                       tsr_tensor **out)
{
    const tsr_host_matrix at = layout(NULL, rows, columns, transposed, shared);
    const bool batched = w->problem.batch != 1 && !shared;
    const size_t shape[3] = {w->problem.batch, rows, columns};
    const size_t strides[3] = {at.batch_stride, at.row_stride, at.column_stride};

    return tsr_tensor_view(all, batched ? 3 : 2, batched ? shape : shape + 1,
                           batched ? strides : strides + 1, offset, out);
}

static tsr_status make_device(workload *w)
{
    const problem *p = &w->problem;
    const size_t c = w->set_count * w->c_stride;
    tsr_status status;

    if ((status = upload(w)) ||
        (status = tsr_tensor_borrow_host(w->device, p->dtype, 1, &c, w->c, &w->all_c)))
        return status;
    for (size_t i = 0; i < w->set_count; i++) {
        operand_set *set = &w->sets[i];

        if ((status = view(w, w->all_a, p->m, p->k, p->trans_a, p->shared_a,
                           i * w->a_stride, &set->a)) ||
            (status = view(w, w->all_b, p->k, p->n, p->trans_b, p->shared_b,
                           i * w->b_stride, &set->b)) ||
            (status =
                 view(w, w->all_c, p->m, p->n, false, false, i * w->c_stride, &set->c)))
            return status;
    }
    w->zero_copy =
        tsr_tensor_is_zero_copy(w->all_a) && tsr_tensor_is_zero_copy(w->all_b);
    w->copy_s = w->zero_copy ? time_copy(w) : NAN;
    return TSR_OK;
}

bool workload_create(workload *w, const problem *p, tsr_device *device, inputs *in,
                     failure *why)
{
    tsr_status status;

    *w = (workload){
        .problem = *p, .device = device, .set_count = count_sets(p, in->cold_bytes)};
    progress_say("making A and B");
    if (!make_host(w, in, why))
        goto fail;
    progress_say("uploading A and B");
    if ((status = make_device(w))) {
        fail_call(why, status, "uploading A and B");
        goto fail;
    }
    progress_say("working out what is right");
    if ((status = tsr_oracle_create(&w->sets[0].product, in->seed, &w->oracle))) {
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
    poison(w, w->host_c);
}

tsr_status workload_poison_device(workload *w)
{
    poison(w, w->c);
    return tsr_tensor_write(w->all_c, w->c);
}

tsr_status workload_download(workload *w, double *seconds)
{
    const operand_set *set = workload_last(w);
    const double start = clock_now();
    const tsr_status status = tsr_tensor_read(set->c, set->device_c);

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
    for (size_t i = 0; w->sets && i < w->set_count; i++) {
        tsr_tensor_destroy(w->sets[i].c);
        tsr_tensor_destroy(w->sets[i].b);
        tsr_tensor_destroy(w->sets[i].a);
    }
    tsr_tensor_destroy(w->all_c);
    tsr_tensor_destroy(w->all_b);
    tsr_tensor_destroy(w->all_a);
    if (w->device)
        tsr_device_finish(w->device); /* the driver may still use what was lent to it */
    free(w->sets);
    free(w->host_c);
    free(w->c);
    free(w->b);
    free(w->a);
    *w = (workload){0};
}
