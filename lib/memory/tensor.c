#include "memory/tensor.h"

#include <stdlib.h>
#include <string.h>

#include <tessera/interop.h>

#include "base/error.h"
#include "memory/prepared.h"
#include "memory/shape.h"
#include "memory/storage.h"

/* ---- Make ----------------------------------------------------------------------- */

tsr_status tsr__tensor_make(tsr__storage *storage, tsr_dtype dtype, int rank,
                            const size_t *shape, const size_t *strides, size_t offset,
                            size_t count, tsr_tensor **out)
{
    tsr_tensor *tensor = calloc(1, sizeof *tensor);
    size_t bytes = (size_t)rank * sizeof *shape;

    if (!tensor) {
        tsr__storage_release(storage);
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory for a tensor");
    }
    tensor->storage = storage;
    tensor->dtype = dtype;
    tensor->rank = rank;
    memcpy(tensor->shape, shape, bytes);
    if (strides)
        memcpy(tensor->strides, strides, bytes);
    else
        tsr__shape_dense_strides(rank, shape, tensor->strides);
    tensor->offset = offset;
    tensor->count = count;
    *out = tensor;
    return TSR_OK;
}

/* What all constructors check first. */
static tsr_status check(const tsr_device *device, tsr_dtype dtype, int rank,
                        const size_t *shape, tsr_tensor **out, size_t *count)
{
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is nowhere to put the tensor: out "
                                             "is NULL");
    *out = NULL;
    if (!device)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the device is NULL");
    status = tsr__shape_count(dtype, rank, shape, count);
    if (status)
        return status;
    if (dtype == TSR_F64 && !device->info.fp64)
        return tsr__fail(TSR_ERROR_UNSUPPORTED,
                         "%s has no double precision (cl_khr_fp64); use f32 or another "
                         "device",
                         device->info.name);
    return TSR_OK;
}

/* Says whose memory could not be had. */
static tsr_status explain(tsr_status status, tsr_dtype dtype, int rank,
                          const size_t *shape)
{
    char text[TSR__SHAPE_TEXT_SIZE];

    return tsr__explain(status, "a tensor of %s %s", tsr__shape_text(rank, shape, text),
                        tsr_dtype_name(dtype));
}

tsr_status tsr_tensor_create(tsr_device *device, tsr_dtype dtype, int rank,
                             const size_t *shape, tsr_tensor **out)
{
    tsr__storage *storage;
    size_t count;
    tsr_status status = check(device, dtype, rank, shape, out, &count);

    if (status)
        return status;
    status = tsr__storage_create(device, count * tsr_dtype_size(dtype), &storage);
    if (status)
        return explain(status, dtype, rank, shape);
    return tsr__tensor_make(storage, dtype, rank, shape, NULL, 0, count, out);
}

/* Copies `data` into the tensor just made, or undoes it. */
static tsr_status fill(tsr_tensor **out, const void *data)
{
    tsr_status status = tsr_tensor_write(*out, data);

    if (status) {
        tsr_tensor_destroy(*out);
        *out = NULL;
    }
    return status;
}

tsr_status tsr_tensor_from_host(tsr_device *device, tsr_dtype dtype, int rank,
                                const size_t *shape, const void *data, tsr_tensor **out)
{
    tsr_status status = tsr_tensor_create(device, dtype, rank, shape, out);

    return status ? status : fill(out, data);
}

tsr_status tsr_tensor_borrow_host(tsr_device *device, tsr_dtype dtype, int rank,
                                  const size_t *shape, void *data, tsr_tensor **out)
{
    size_t element = tsr_dtype_size(dtype), count;
    tsr_status status = check(device, dtype, rank, shape, out, &count);
    tsr__storage *storage;

    if (status)
        return status;
    if (!data && count > 0)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the array to borrow is NULL");
    status = tsr__storage_borrow(device, count * element, data, element, &storage);
    if (status)
        return explain(status, dtype, rank, shape);
    status = tsr__tensor_make(storage, dtype, rank, shape, NULL, 0, count, out);
    if (status || storage->zero_copy)
        return status;
    return fill(out, data);
}

tsr_status tsr_tensor_adopt(tsr_device *device, cl_mem buffer, tsr_dtype dtype,
                            int rank, const size_t *shape, const size_t *strides,
                            size_t offset, tsr_tensor **out)
{
    tsr_tensor *whole = NULL;
    size_t count;
    tsr_status status = check(device, dtype, rank, shape, out, &count);
    tsr__storage *storage;

    if (status)
        return status;
    if (!buffer && count > 0)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the buffer to adopt is NULL");
    status = tsr__storage_adopt(device, buffer, &storage);
    if (status)
        return status;
    /* The buffer as a tensor, and the one asked for as a view of it. */
    count = storage->bytes / tsr_dtype_size(dtype);
    status = tsr__tensor_make(storage, dtype, 1, &count, NULL, 0, count, &whole);
    if (status)
        return status;
    status = tsr_tensor_view(whole, rank, shape, strides, offset, out);
    tsr_tensor_destroy(whole);
    return status;
}

void tsr_tensor_destroy(tsr_tensor *tensor)
{
    if (!tensor)
        return;
    tsr__prepared_destroy(tensor);
    tsr__storage_release(tensor->storage);
    free(tensor);
}

/* ---- Look ----------------------------------------------------------------------- */

tsr_dtype tsr_tensor_get_dtype(const tsr_tensor *tensor)
{
    return tensor->dtype;
}

int tsr_tensor_get_rank(const tsr_tensor *tensor)
{
    return tensor->rank;
}

const size_t *tsr_tensor_get_shape(const tsr_tensor *tensor)
{
    return tensor->shape;
}

const size_t *tsr_tensor_get_strides(const tsr_tensor *tensor)
{
    return tensor->strides;
}

size_t tsr_tensor_get_count(const tsr_tensor *tensor)
{
    return tensor->count;
}

tsr_device *tsr_tensor_get_device(const tsr_tensor *tensor)
{
    return tensor->storage->device;
}

bool tsr_tensor_is_zero_copy(const tsr_tensor *tensor)
{
    return tensor->storage->zero_copy;
}

cl_mem tsr_tensor_get_cl_mem(const tsr_tensor *tensor, size_t *offset)
{
    if (offset)
        *offset = tensor->offset;
    return tensor->count > 0 ? tensor->storage->buffer : NULL;
}

bool tsr__tensor_is_dense(const tsr_tensor *tensor)
{
    size_t stride = 1;

    if (tensor->count == 0)
        return true;
    for (int axis = tensor->rank - 1; axis >= 0; axis--) {
        if (tensor->shape[axis] != 1 && tensor->strides[axis] != stride)
            return false;
        stride *= tensor->shape[axis];
    }
    return true;
}
