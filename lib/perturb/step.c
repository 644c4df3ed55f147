/* step: W += sum_p c_p E_p (kernels/perturb.cl). */
#include "base/checked.h"
#include "base/error.h"
#include "memory/prepared.h"
#include "perturb/noise.h"
#include "program/launch.h"

#define HELD 32 /* rows of W for one work-item, as in the kernel file */
/* Directions for one launch: more would be too many turns of a loop (matmul/turns.h). */
#define MOST 256

static tsr_status check(const tsr_tensor *w, const tsr_perturbation *how, size_t count,
                        const void *coefficients)
{
    tsr_status status = tsr__noise_check(how);

    if (status)
        return status;
    if (!w || (!coefficients && count > 0))
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s",
                         w ? "the coefficients are NULL" : "W is NULL");
    if (w->rank != 2)
        return tsr__fail(TSR_ERROR_SHAPE, "W has rank %d; a matrix has 2", w->rank);
    if (w->shape[0] > UINT32_MAX || w->shape[1] > UINT32_MAX ||
        count > UINT32_MAX - how->first)
        return tsr__fail(TSR_ERROR_OVERFLOW,
                         "K, N and the numbers of the directions must be below 2^32");
    return tsr__tensor_check_result(w, "W");
}

/* Directions `begin` to `begin` + `count` of the call. */
static tsr_status launch(tsr_tensor *w, const tsr_perturbation *how, size_t begin,
                         size_t count, const tsr_tensor *coefficients)
{
    tsr_device *device = w->storage->device;
    const tsr__noise_program program =
        tsr__noise_program_of(&device->info, w->dtype, how->noise, "");
    const size_t columns = tsr__divide_up(w->shape[1], program.lanes);
    const size_t local[2] = {program.group, 1};
    const size_t global[2] = {tsr__round_up(columns, program.group),
                              tsr__divide_up(w->shape[0], HELD)};
    const cl_ulong4 sizes = {{w->shape[1], w->shape[0], count, begin}};
    const cl_uint2 key = {{(cl_uint)how->seed, (cl_uint)(how->seed >> 32)}};
    const cl_uint2 numbers = {{how->first + (cl_uint)begin, how->matrix}};
    const cl_ulong4 layout = {{w->offset, w->strides[0], w->strides[1], 0}};
    const tsr__arg args[] = {
        TSR__ARG(sizes),
        TSR__ARG(coefficients->storage->buffer),
        TSR__ARG(key),
        TSR__ARG(numbers),
        TSR__ARG(w->storage->buffer),
        TSR__ARG(layout),
    };
    tsr__sequence sequence = tsr__sequence_on(device);
    tsr__kernel *kernel;
    tsr_status status = tsr__kernel_get(device, "perturb", "descend", w->dtype,
                                        program.options, NULL, &kernel);

    return status ? status : tsr__launch(&sequence, kernel, 2, global, local, 6, args);
}

tsr_status tsr_perturb_step(tsr_tensor *w, const tsr_perturbation *how, size_t count,
                            const void *coefficients)
{
    tsr_tensor *held;
    tsr_status status = check(w, how, count, coefficients);

    if (status || w->count == 0 || count == 0)
        return status;
    status = tsr_tensor_from_host(w->storage->device, w->dtype, 1, &count, coefficients,
                                  &held);
    if (status)
        return status;
    for (size_t p = 0; p < count && !status; p += MOST)
        status = launch(w, how, p, count - p < MOST ? count - p : MOST, held);
    tsr__prepared_written(w);
    tsr_tensor_destroy(held);
    return status;
}
