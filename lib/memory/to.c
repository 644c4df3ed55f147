#include <tessera/tensor.h>

#include <stdlib.h>

#include "base/error.h"
#include "memory/tensor.h"

/* Gathers or copies on the device itself. */
static tsr_status fill_here(const tsr_tensor *src, tsr_tensor *dst)
{
    tsr_status status = tsr_tensor_copy(src, dst);

    return status ? status : tsr_device_finish(dst->storage->device);
}

/* From one device to another, through host memory. */
static tsr_status fill_there(const tsr_tensor *src, tsr_tensor *dst)
{
    size_t bytes = src->count * tsr_dtype_size(src->dtype);
    void *host;
    tsr_status status;

    if (bytes == 0)
        return TSR_OK;
    host = malloc(bytes);
    if (!host)
        return tsr__fail(TSR_ERROR_HOST_MEMORY,
                         "no %zu bytes of host memory to move a tensor between devices",
                         bytes);
    status = tsr_tensor_read(src, host);
    if (!status)
        status = tsr_tensor_write(dst, host);
    free(host);
    return status;
}

tsr_status tsr_tensor_to(const tsr_tensor *tensor, tsr_device *device, tsr_tensor **out)
{
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "there is nowhere to put the copy: out is NULL");
    *out = NULL;
    if (!tensor)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the tensor to copy is NULL");
    status = tsr_tensor_create(device, tensor->dtype, tensor->rank, tensor->shape, out);
    if (status)
        return status;
    status = tensor->storage->device == device ? fill_here(tensor, *out)
                                               : fill_there(tensor, *out);
    if (status) {
        tsr_tensor_destroy(*out);
        *out = NULL;
    }
    return status;
}
