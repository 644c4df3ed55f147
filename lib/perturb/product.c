/* product: y_p = activation(x @ (W + sigma * E_p)) (kernels/perturb.cl). */
#include "base/checked.h"
#include "base/error.h"
#include "matmul/arguments.h"
#include "matmul/turns.h"
#include "memory/prepared.h"
#include "memory/scratch.h"
#include "memory/shape.h"
#include "perturb/noise.h"
#include "program/launch.h"

#define RUN        8   /* rows of E_p at a time, as in the kernel file */
#define SPREAD_RUN 256 /* columns that one work-item of a CPU finishes at a time */
#define LEAST_ROWS 64  /* of x for an item: below, numbers cost more than products */

/* ---- What is asked ---------------------------------------------------------------- */

/* The call in numbers. */
typedef struct task {
    const tsr_tensor *x, *w;
    tsr_tensor *y;
    const tsr_perturbation *how;
    tsr_activation activation;
    size_t m, n, k, p; /* p: products */
    bool shared;       /* x is one for all */
    size_t directions; /* different E_p */
    size_t rows;       /* of x that meet one E_p */
    size_t width;      /* K, padded */
    size_t columns;    /* N, padded */
} task;

static tsr_status check_shapes(const task *t)
{
    char x[TSR__SHAPE_TEXT_SIZE], w[TSR__SHAPE_TEXT_SIZE], y[TSR__SHAPE_TEXT_SIZE];
    const int last = t->x->rank - 1;

    if (t->w->rank != 2 || t->y->rank != 3 || last < 1 || t->x->shape[last] != t->k ||
        t->x->shape[last - 1] != t->m || t->w->shape[1] != t->n ||
        (last == 2 && t->x->shape[0] != t->p))
        return tsr__fail(TSR_ERROR_SHAPE,
                         "x is %s, W is %s, y is %s: they must be MxK or PxMxK, KxN, "
                         "PxMxN",
                         tsr__shape_text(t->x->rank, t->x->shape, x),
                         tsr__shape_text(t->w->rank, t->w->shape, w),
                         tsr__shape_text(t->y->rank, t->y->shape, y));
    if (t->p == 0)
        return tsr__fail(TSR_ERROR_SHAPE, "P is 0: there are no directions");
    if (t->how->antithetic && t->p % 2)
        return tsr__fail(TSR_ERROR_SHAPE, "P is %zu; antithetic pairs want an even one",
                         t->p);
    return TSR_OK;
}

static tsr_status check_tensors(const task *t)
{
    const tsr_device *device = t->y->storage->device;

    if (t->x->storage->device != device || t->w->storage->device != device)
        return tsr__fail(TSR_ERROR_ARGUMENT, "x, W and y are not on one device");
    if (t->x->dtype != t->y->dtype || t->w->dtype != t->y->dtype)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "x is %s, W is %s, y is %s: they must be one",
                         tsr_dtype_name(t->x->dtype), tsr_dtype_name(t->w->dtype),
                         tsr_dtype_name(t->y->dtype));
    if (tsr__tensors_overlap(t->x, t->y) || tsr__tensors_overlap(t->w, t->y))
        return tsr__fail(TSR_ERROR_ALIAS, "y shares memory with x or W");
    return tsr__tensor_check_result(t->y, "y");
}

/* Counters of the generator have 32 bits for each. */
static tsr_status check_sizes(const task *t)
{
    if (t->n > UINT32_MAX || t->k > UINT32_MAX ||
        t->directions > UINT32_MAX - t->how->first)
        return tsr__fail(TSR_ERROR_OVERFLOW,
                         "K, N and the numbers of the directions must be below 2^32");
    return TSR_OK;
}

static tsr_status make_task(const tsr_tensor *x, const tsr_tensor *w, tsr_tensor *y,
                            const tsr_perturbation *how, tsr_activation activation,
                            task *out)
{
    tsr_status status = tsr__perturbation_check(how);
    task *t = out;

    if (status)
        return status;
    if (!x || !w || !y)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", !x ? "x" : !w ? "W" : "y");
    if ((unsigned)activation > TSR_ACTIVATION_GELU)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%d is no tsr_activation",
                         (int)activation);
    *t = (task){.x = x, .w = w, .y = y, .how = how, .activation = activation};
    t->p = y->shape[0];
    t->m = y->shape[1];
    t->n = y->shape[2];
    t->k = w->shape[0];
    t->shared = x->rank == 2;
    t->directions = how->antithetic ? t->p / 2 : t->p;
    t->rows = how->antithetic && !t->shared ? 2 * t->m : t->m;
    if ((status = check_shapes(t)) || (status = check_tensors(t)))
        return status;
    return check_sizes(t);
}

/* ---- Commands ------------------------------------------------------------------------ */

static bool is_cpu(const tsr__sequence *sequence)
{
    return sequence->device->info.type == TSR_DEVICE_CPU;
}

/* x @ W, into y[0] if it serves all. */
static tsr_status unperturbed(const task *t)
{
    tsr_tensor *first;
    tsr_status status;

    if (!t->shared)
        return tsr_matmul(t->x, t->w, t->y, NULL);
    status = tsr_tensor_view(t->y, 2, t->y->shape + 1, t->y->strides + 1, 0, &first);
    if (status)
        return status;
    status = tsr_matmul(t->x, t->w, first, NULL);
    tsr_tensor_destroy(first);
    return status;
}

static cl_ulong4 layout3(const tsr_tensor *t)
{
    const size_t *stride = t->strides + t->rank - 2;

    return (cl_ulong4){
        {t->offset, stride[0], stride[1], t->rank == 3 ? t->strides[0] : 0}};
}

static tsr_status pad(const task *t, const tsr__noise_program *program, cl_mem rows,
                      tsr__sequence *sequence)
{
    const size_t local[3] = {program->group, 1, 1};
    const size_t global[3] = {tsr__round_up(t->width, program->group), t->m,
                              t->shared ? 1 : t->p};
    const cl_ulong width = t->width, k = t->k, m = t->m;
    const cl_ulong4 layout = layout3(t->x);
    tsr__kernel *kernel;
    tsr_status status = tsr__kernel_get(sequence->device, "perturb", "pad", t->x->dtype,
                                        program->options, NULL, &kernel);
    const cl_mem x = t->x->storage->buffer ? t->x->storage->buffer : rows; /* K is 0 */
    const tsr__arg args[] = {TSR__ARG(width), TSR__ARG(k),      TSR__ARG(m),
                             TSR__ARG(x),     TSR__ARG(layout), TSR__ARG(rows)};

    return status ? status : tsr__launch(sequence, kernel, 3, global, local, 6, args);
}

/* Rows of x for one work-item: all, but that every compute unit has several items, and
 * that no driver cuts their loops short. 0: it would even so. */
static size_t rows_of_item(const task *t, const tsr_device_info *info)
{
    const double runs = (double)(t->width / RUN),
                 other = 40.0; /* loops that make noise */
    const size_t units = info->compute_units;
    const size_t items = t->columns * t->directions / 8;
    size_t rows = t->rows;

    while (rows > LEAST_ROWS && items * (t->rows / rows) < 8 * units)
        rows = tsr__divide_up(rows, 2);
    while (rows > 0 && tsr__turns_refused(runs * ((double)rows + other), info))
        rows /= 2;
    return rows;
}

static tsr_status multiply(const task *t, const tsr__noise_program *program, cl_mem x,
                           cl_mem sums, tsr__sequence *sequence)
{
    const tsr_perturbation *how = t->how;
    const size_t rows = rows_of_item(t, &sequence->device->info);
    const size_t local[3] = {program->group, 1, 1};
    const size_t global[3] = {
        tsr__round_up(t->columns / program->lanes, program->group),
        tsr__divide_up(t->rows, rows ? rows : 1), t->directions};
    const cl_ulong4 sizes = {{t->columns, t->rows, t->width, rows}};
    const cl_ulong step = t->shared ? 0 : t->rows * t->width;
    const cl_uint2 key = {{(cl_uint)how->seed, (cl_uint)(how->seed >> 32)}};
    const cl_uint2 numbers = {{how->first, how->matrix}};
    const tsr__arg args[] = {TSR__ARG(sizes), TSR__ARG(step),    TSR__ARG(x),
                             TSR__ARG(key),   TSR__ARG(numbers), TSR__ARG(sums)};
    tsr__kernel *kernel;
    tsr_status status;

    if (rows == 0)
        return tsr__fail(TSR_ERROR_UNSUPPORTED,
                         "K of %zu: this driver silently stops loops as long as that",
                         t->k);
    status = tsr__kernel_get(sequence->device, "perturb", "multiply", t->x->dtype,
                             program->options, NULL, &kernel);
    return status ? status : tsr__launch(sequence, kernel, 3, global, local, 6, args);
}

static tsr_status spread(const task *t, const tsr__noise_program *program, cl_mem sums,
                         tsr__sequence *sequence)
{
    const cl_ulong run = is_cpu(sequence) ? SPREAD_RUN : 1;
    const size_t local[3] = {program->group, 1, 1};
    const size_t global[3] = {tsr__round_up(tsr__divide_up(t->n, run), program->group),
                              t->m, 1};
    const cl_ulong4 sizes = {{t->n, t->m, t->p, t->columns}};
    const cl_uint flags = (t->shared ? 1u : 0u) | (t->how->antithetic ? 2u : 0u);
    const tsr__real sigma = tsr__real_of(t->y->dtype, t->how->sigma);
    const cl_ulong4 layout = layout3(t->y);
    const cl_uint activation = t->activation;
    const tsr__arg args[] = {TSR__ARG(sizes),  TSR__ARG(run),
                             TSR__ARG(flags),  TSR__ARG_REAL(sigma),
                             TSR__ARG(sums),   TSR__ARG(t->y->storage->buffer),
                             TSR__ARG(layout), TSR__ARG(activation)};
    tsr__kernel *kernel;
    tsr_status status = tsr__kernel_get(sequence->device, "perturb", "spread",
                                        t->y->dtype, program->options, NULL, &kernel);

    return status ? status : tsr__launch(sequence, kernel, 3, global, local, 8, args);
}

static tsr_status count_bytes(size_t a, size_t b, size_t c, tsr_dtype dtype,
                              size_t *bytes)
{
    if (tsr__multiply(a, b, bytes) && tsr__multiply(*bytes, c, bytes) &&
        tsr__multiply(*bytes, tsr_dtype_size(dtype), bytes))
        return TSR_OK;
    return tsr__fail(TSR_ERROR_OVERFLOW,
                     "the sums of the directions are beyond size_t");
}

static tsr_status run(const task *t, const tsr__noise_program *program,
                      tsr__sequence *sequence)
{
    cl_mem rows = NULL, sums = NULL;
    size_t row_bytes, sum_bytes;
    tsr_status status;

    if ((status = count_bytes(t->shared ? 1 : t->p, t->m, t->width, t->x->dtype,
                              &row_bytes)) ||
        (status =
             count_bytes(t->directions, t->rows, t->columns, t->x->dtype, &sum_bytes)))
        return status;
    if (!(status = unperturbed(t)) &&
        !(status = tsr__scratch_take(sequence, row_bytes, &rows)) &&
        !(status = tsr__scratch_take(sequence, sum_bytes, &sums)) &&
        !(status = pad(t, program, rows, sequence)) &&
        !(status = multiply(t, program, rows, sums, sequence)))
        status = spread(t, program, sums, sequence);
    tsr__scratch_give(sequence, rows);
    tsr__scratch_give(sequence, sums);
    return status;
}

tsr_status tsr_perturb_product(const tsr_tensor *x, const tsr_tensor *w, tsr_tensor *y,
                               const tsr_perturbation *how, tsr_activation activation)
{
    tsr__noise_program program;
    tsr__sequence sequence;
    task t = {0};
    tsr_status status = make_task(x, w, y, how, activation, &t);

    if (status || y->count == 0)
        return status;
    program = tsr__noise_program_of(&y->storage->device->info, y->dtype, how->noise,
                                    activation ? " -DEPILOGUE" : "");
    t.width = t.k ? tsr__round_up(t.k, RUN) : RUN;
    t.columns = tsr__round_up(t.n, program.lanes);
    sequence = tsr__sequence_on(y->storage->device);
    status = run(&t, &program, &sequence);
    tsr__prepared_written(y);
    return status;
}
