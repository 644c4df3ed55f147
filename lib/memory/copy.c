#include "memory/copy.h"

#include <string.h>

#include "base/checked.h"
#include "device/cl_error.h"
#include "device/wait.h"
#include "memory/prepared.h"
#include "memory/shape.h"
#include "memory/tensor.h"

/* Work-items per group, and groups per launch in the second and third dimension: what
 * every device can do (NVIDIA's grids end at 65535 there). */
#define GROUP      64
#define MAX_GROUPS 32768

/* The same elements over exactly three axes, [0] the innermost of dst. */
typedef struct walk {
    size_t length[TSR_MAX_RANK];
    size_t from[TSR_MAX_RANK];
    size_t to[TSR_MAX_RANK];
} walk;

tsr__place tsr__tensor_place(const tsr_tensor *tensor)
{
    return (tsr__place){tensor->storage->buffer, tensor->offset, tensor->strides};
}

/* Sorts the axes by dst's strides, the ones of length 1 last. */
static walk sort_axes(int rank, const size_t *shape, const size_t *from,
                      const size_t *to)
{
    walk w = {{1, 1, 1}, {0}, {0}};
    int axes = 0;

    for (int axis = 0; axis < rank; axis++) {
        int place = axes;

        if (shape[axis] == 1)
            continue;
        for (; place > 0 && w.to[place - 1] > to[axis]; place--) {
            w.length[place] = w.length[place - 1];
            w.from[place] = w.from[place - 1];
            w.to[place] = w.to[place - 1];
        }
        w.length[place] = shape[axis];
        w.from[place] = from[axis];
        w.to[place] = to[axis];
        axes++;
    }
    return w;
}

static cl_ulong4 layout(size_t offset, const size_t *strides)
{
    return (cl_ulong4){{offset, strides[1], strides[0], strides[2]}};
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A group as wide as the innermost axis has use for, the rest in the second. */
static void group_shape(const walk *w, size_t group, size_t local[3])
{
    size_t wide = 1;

    while (wide < w->length[0] && 2 * wide <= group)
        wide *= 2;
    local[0] = wide;
    local[1] = group / wide;
    local[2] = 1;
}

tsr_status tsr__copy_enqueue(tsr__sequence *sequence, tsr_dtype dtype, int rank,
                             const size_t *shape, tsr__place src, tsr__place dst)
{
    walk w = sort_axes(rank, shape, src.strides, dst.strides);
    size_t local[3], most_rows;
    tsr__kernel *kernel;
    tsr_status status =
        tsr__kernel_get(sequence->device, "copy", "copy", dtype, "", NULL, &kernel);

    if (status)
        return status;
    group_shape(&w, smaller(GROUP, tsr__kernel_max_group(kernel)), local);
    most_rows = MAX_GROUPS * local[1];

    for (size_t t = 0; t < w.length[2]; t += MAX_GROUPS) {
        for (size_t i = 0; i < w.length[1]; i += most_rows) {
            size_t rows = smaller(most_rows, w.length[1] - i);
            size_t layers = smaller(MAX_GROUPS, w.length[2] - t);
            size_t global[3] = {tsr__round_up(w.length[0], local[0]),
                                tsr__round_up(rows, local[1]), layers};
            cl_ulong4 size = {{w.length[0], rows, layers, 0}};
            cl_ulong4 from = layout(src.offset + i * w.from[1] + t * w.from[2], w.from);
            cl_ulong4 to = layout(dst.offset + i * w.to[1] + t * w.to[2], w.to);
            tsr__arg args[] = {TSR__ARG(src.buffer), TSR__ARG(from),
                               TSR__ARG(dst.buffer), TSR__ARG(to), TSR__ARG(size)};

            status = tsr__launch(sequence, kernel, 3, global, local,
                                 sizeof args / sizeof args[0], args);
            if (status)
                return status;
        }
    }
    return TSR_OK;
}

static tsr_status copy_dense(const tsr_tensor *src, tsr_tensor *dst)
{
    tsr_device *device = src->storage->device;
    const bool told = tsr__device_wants_event(device, device->queue);
    size_t element = tsr_dtype_size(src->dtype);
    cl_event event = NULL;
    cl_int code =
        clEnqueueCopyBuffer(device->queue, src->storage->buffer, dst->storage->buffer,
                            src->offset * element, dst->offset * element,
                            src->count * element, 0, NULL, told ? &event : NULL);

    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueCopyBuffer", "%zu bytes",
                            src->count * element);
    if (told) {
        tsr__device_launched(device, event);
        clReleaseEvent(event);
    }
    return TSR_OK;
}

/* Whether dst = src is possible at all. */
static tsr_status check(const tsr_tensor *src, const tsr_tensor *dst)
{
    char from[TSR__SHAPE_TEXT_SIZE], to[TSR__SHAPE_TEXT_SIZE];
    tsr_status status;
    size_t bytes;

    if (!src || !dst)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s of the copy is NULL",
                         src ? "the destination" : "the source");
    if (src->dtype != dst->dtype)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the source is %s, the destination %s",
                         tsr_dtype_name(src->dtype), tsr_dtype_name(dst->dtype));
    if (src->storage->device != dst->storage->device)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the source is on %s, the destination on another device; "
                         "tsr_tensor_to copies between devices",
                         src->storage->device->info.name);
    bytes = (size_t)src->rank * sizeof *src->shape;
    if (src->rank != dst->rank || memcmp(src->shape, dst->shape, bytes) != 0)
        return tsr__fail(TSR_ERROR_SHAPE, "the source is %s, the destination %s",
                         tsr__shape_text(src->rank, src->shape, from),
                         tsr__shape_text(dst->rank, dst->shape, to));
    if ((status = tsr__tensor_check_result(dst, "the destination")))
        return status;
    if (tsr__tensors_overlap(src, dst))
        return tsr__fail(TSR_ERROR_ALIAS,
                         "the source and the destination share memory");
    return TSR_OK;
}

tsr_status tsr_tensor_copy(const tsr_tensor *src, tsr_tensor *dst)
{
    tsr__sequence sequence;
    tsr_status status = check(src, dst);

    if (status || src->count == 0)
        return status;
    if (tsr__tensor_is_dense(src) && tsr__tensor_is_dense(dst)) {
        status = copy_dense(src, dst);
    } else {
        sequence = tsr__sequence_on(src->storage->device);
        status = tsr__copy_enqueue(&sequence, src->dtype, src->rank, src->shape,
                                   tsr__tensor_place(src), tsr__tensor_place(dst));
    }
    tsr__prepared_written(dst);
    return status;
}
