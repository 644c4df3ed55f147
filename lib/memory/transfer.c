/* transfer: between host arrays and tensors.
 *
 * A dense tensor is one command. Any other goes through a dense buffer on the device and
 * the copy kernel. When the host array is the tensor's own storage, nothing moves. */
#include "memory/tensor.h"

#include <stdint.h>

#include "base/trace.h"
#include "device/cl_error.h"
#include "device/wait.h"
#include "memory/copy.h"
#include "memory/prepared.h"
#include "memory/scratch.h"
#include "memory/shape.h"

/* Where the tensor's first element is in the borrowed array that is its storage. */
static char *own_place(const tsr_tensor *tensor)
{
    return (char *)tensor->storage->host +
           tensor->offset * tsr_dtype_size(tensor->dtype);
}

static bool is_own_array(const tsr_tensor *tensor, const void *data)
{
    return tensor->storage->zero_copy && tsr__tensor_is_dense(tensor) &&
           data == own_place(tensor);
}

/* What both directions ask first. */
static tsr_status check(const tsr_tensor *tensor, const void *data)
{
    uintptr_t first, own;

    if (!tensor)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the tensor is NULL");
    if (tensor->count == 0)
        return TSR_OK;
    if (!data)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the host array is NULL");
    if (!tensor->storage->zero_copy || is_own_array(tensor, data))
        return TSR_OK;
    first = (uintptr_t)data;
    own = (uintptr_t)tensor->storage->host;
    if (first < own + tensor->storage->bytes &&
        own < first + tensor->count * tsr_dtype_size(tensor->dtype))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the host array lies inside the borrowed array that is the "
                         "tensor's storage, but is not the tensor's own place in it");
    return TSR_OK;
}

/* The device's results become visible in the array: a map does that without a copy
 * wherever the memory is truly shared. */
static tsr_status pass_to_host(const tsr_tensor *tensor, size_t first, size_t bytes)
{
    tsr_device *device = tensor->storage->device;
    cl_command_queue queue = device->queue;
    cl_event done = NULL;
    tsr_status status;
    cl_int code;
    void *mapped;

    tsr__device_wait_a_moment(device);
    mapped = clEnqueueMapBuffer(queue, tensor->storage->buffer, CL_TRUE, CL_MAP_READ,
                                first, bytes, 0, NULL, &done, &code);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueMapBuffer", "%zu bytes", bytes);
    if ((status = tsr__device_waited(device, done, "clEnqueueMapBuffer")))
        return status;
    done = NULL;
    code =
        clEnqueueUnmapMemObject(queue, tensor->storage->buffer, mapped, 0, NULL, &done);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueUnmapMemObject", NULL);
    code = clFinish(queue);
    status = tsr__device_waited(device, done, "clEnqueueUnmapMemObject");
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clFinish", "after unmapping %zu bytes", bytes);
    return status ? status : tsr__device_ended(device);
}

static tsr_status read_buffer(tsr_device *device, cl_mem buffer, size_t first,
                              size_t bytes, void *data)
{
    cl_event done = NULL;
    tsr_status status;
    cl_int code;

    tsr__device_wait_a_moment(device);
    code = clEnqueueReadBuffer(device->queue, buffer, CL_TRUE, first, bytes, data, 0,
                               NULL, &done);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueReadBuffer", "%zu bytes", bytes);
    status = tsr__device_waited(device, done, "clEnqueueReadBuffer");
    return status ? status : tsr__device_ended(device);
}

/* With `data` the borrowed array itself this is still right, and the only way that is:
 * OpenCL 1.2, 5.2.2, makes such a write pass the array's bits to the device, where a map
 * for writing would first fetch the device's over the caller's changes. */
static tsr_status write_buffer(tsr_device *device, cl_mem buffer, size_t first,
                               size_t bytes, const void *data)
{
    cl_event done = NULL;
    cl_int code = clEnqueueWriteBuffer(device->queue, buffer, CL_TRUE, first, bytes,
                                       data, 0, NULL, &done);

    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueWriteBuffer", "%zu bytes", bytes);
    return tsr__device_waited(device, done, "clEnqueueWriteBuffer");
}

/* A dense buffer with room for the tensor's elements. */
static tsr_status take_dense(const tsr__sequence *sequence, const tsr_tensor *tensor,
                             size_t bytes, cl_mem *out)
{
    char text[TSR__SHAPE_TEXT_SIZE];
    tsr_status status = tsr__scratch_take(sequence, bytes, out);

    if (status)
        return tsr__explain(status, "room to gather a strided tensor of %s",
                            tsr__shape_text(tensor->rank, tensor->shape, text));
    return TSR_OK;
}

static tsr_status read_strided(const tsr_tensor *tensor, size_t bytes, void *data)
{
    tsr_device *device = tensor->storage->device;
    tsr__sequence sequence = tsr__sequence_on(device);
    size_t strides[TSR_MAX_RANK];
    cl_mem dense;
    tsr_status status = take_dense(&sequence, tensor, bytes, &dense);

    if (status)
        return status;
    tsr__shape_dense_strides(tensor->rank, tensor->shape, strides);
    status =
        tsr__copy_enqueue(&sequence, tensor->dtype, tensor->rank, tensor->shape,
                          tsr__tensor_place(tensor), (tsr__place){dense, 0, strides});
    if (!status)
        status = read_buffer(device, dense, 0, bytes, data);
    tsr__scratch_give(&sequence, dense);
    return status;
}

static tsr_status write_strided(tsr_tensor *tensor, size_t bytes, const void *data)
{
    tsr_device *device = tensor->storage->device;
    tsr__sequence sequence = tsr__sequence_on(device);
    size_t strides[TSR_MAX_RANK];
    cl_mem dense;
    tsr_status status = take_dense(&sequence, tensor, bytes, &dense);

    if (status)
        return status;
    tsr__shape_dense_strides(tensor->rank, tensor->shape, strides);
    status = write_buffer(device, dense, 0, bytes, data);
    if (!status)
        status = tsr__copy_enqueue(&sequence, tensor->dtype, tensor->rank,
                                   tensor->shape, (tsr__place){dense, 0, strides},
                                   tsr__tensor_place(tensor));
    tsr__scratch_give(&sequence, dense);
    return status;
}

tsr_status tsr_tensor_read(const tsr_tensor *tensor, void *data)
{
    tsr_status status = check(tensor, data);
    size_t element, first, bytes;

    if (status || tensor->count == 0)
        return status;
    element = tsr_dtype_size(tensor->dtype);
    first = tensor->offset * element;
    bytes = tensor->count * element;
    if (is_own_array(tensor, data)) {
        tsr__trace(TSR__TRACE_MEMORY, "read %zu bytes: in place, nothing moves", bytes);
        return pass_to_host(tensor, first, bytes);
    }
    if (!tsr__tensor_is_dense(tensor)) {
        tsr__trace(TSR__TRACE_MEMORY, "read %zu bytes: gathered, then copied", bytes);
        return read_strided(tensor, bytes, data);
    }
    tsr__trace(TSR__TRACE_MEMORY, "read %zu bytes: copied", bytes);
    return read_buffer(tensor->storage->device, tensor->storage->buffer, first, bytes,
                       data);
}

tsr_status tsr_tensor_write(tsr_tensor *tensor, const void *data)
{
    tsr_status status = check(tensor, data);
    size_t element, bytes;

    if (status || tensor->count == 0)
        return status;
    /* A read-only buffer may be written by the host, but not by the copy kernel. */
    if ((tsr__tensor_overlaps_itself(tensor) || !tsr__tensor_is_dense(tensor)) &&
        (status = tsr__tensor_check_result(tensor, "the tensor to write")))
        return status;
    element = tsr_dtype_size(tensor->dtype);
    bytes = tensor->count * element;
    if (!tsr__tensor_is_dense(tensor)) {
        tsr__trace(TSR__TRACE_MEMORY, "write %zu bytes: copied, then spread", bytes);
        status = write_strided(tensor, bytes, data);
    } else {
        tsr__trace(TSR__TRACE_MEMORY, "write %zu bytes: %s", bytes,
                   is_own_array(tensor, data) ? "in place, nothing moves" : "copied");
        status = write_buffer(tensor->storage->device, tensor->storage->buffer,
                              tensor->offset * element, bytes, data);
    }
    tsr__prepared_written(tensor);
    return status;
}
