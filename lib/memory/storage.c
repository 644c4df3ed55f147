#include "memory/storage.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/trace.h"
#include "device/cl_error.h"
#include "device/facts.h"

/* An empty storage with one reference; NULL after tsr__fail. */
static tsr__storage *new_storage(tsr_device *device, size_t bytes)
{
    tsr__storage *storage = calloc(1, sizeof *storage);

    if (!storage) {
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory for a tensor");
        return NULL;
    }
    atomic_init(&storage->references, 1);
    storage->device = device;
    storage->bytes = bytes;
    tsr__device_retain(device);
    return storage;
}

static tsr_status check_limit(const tsr_device *device, size_t bytes)
{
    if (bytes <= device->info.max_alloc_bytes)
        return TSR_OK;
    return tsr__fail(
        TSR_ERROR_ALLOC_LIMIT,
        "%zu bytes asked for; one allocation of %s may have %llu%s; split the "
        "matrix or use another device",
        bytes, device->info.name, (unsigned long long)device->info.max_alloc_bytes,
        tsr__max_alloc_source(&device->info));
}

tsr_status tsr__scratch_create(tsr_device *device, size_t bytes, cl_mem *out)
{
    tsr_status status = check_limit(device, bytes);
    cl_int code;

    *out = NULL;
    if (status)
        return status;
    *out = clCreateBuffer(device->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
    if (code != CL_SUCCESS) {
        *out = NULL;
        return tsr__fail_cl(code, "clCreateBuffer", "%zu bytes", bytes);
    }
    return TSR_OK;
}

tsr_status tsr__storage_create(tsr_device *device, size_t bytes, tsr__storage **out)
{
    tsr__storage *storage = new_storage(device, bytes);
    tsr_status status = TSR_OK;

    *out = NULL;
    if (!storage)
        return TSR_ERROR_HOST_MEMORY;
    if (bytes > 0)
        status = tsr__scratch_create(device, bytes, &storage->buffer);
    if (status) {
        tsr__storage_release(storage);
        return status;
    }
    storage->space = storage->buffer;
    *out = storage;
    return TSR_OK;
}

/* A buffer that is `host`, or NULL: then *why says why not. */
static cl_mem use_in_place(tsr_device *device, size_t bytes, void *host, size_t align,
                           const char **why)
{
    cl_mem buffer;
    cl_int code;

    if (!device->info.zero_copy) {
        *why = "the device has memory of its own";
        return NULL;
    }
    if ((uintptr_t)host % align != 0) {
        *why = "the array is not aligned to its elements";
        return NULL;
    }
    buffer = clCreateBuffer(device->context, CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR,
                            bytes, host, &code);
    if (code != CL_SUCCESS) {
        *why = tsr_cl_status_name(code);
        return NULL;
    }
    return buffer;
}

tsr_status tsr__storage_borrow(tsr_device *device, size_t bytes, void *host,
                               size_t align, tsr__storage **out)
{
    tsr_status status = check_limit(device, bytes);
    const char *why = "it is empty";
    cl_mem buffer = NULL;

    *out = NULL;
    if (status)
        return status;
    if (bytes > 0)
        buffer = use_in_place(device, bytes, host, align, &why);
    if (!buffer) {
        tsr__trace(TSR__TRACE_MEMORY, "borrow %zu bytes at %p: copied, because %s",
                   bytes, host, why);
        status = tsr__storage_create(device, bytes, out);
        if (!status)
            (*out)->host = host;
        return status;
    }
    *out = new_storage(device, bytes);
    if (!*out) {
        clReleaseMemObject(buffer);
        return TSR_ERROR_HOST_MEMORY;
    }
    (*out)->buffer = buffer;
    (*out)->host = host;
    (*out)->zero_copy = true;
    (*out)->start = (uintptr_t)host;
    tsr__trace(TSR__TRACE_MEMORY, "borrow %zu bytes at %p: shared with the device",
               bytes, host);
    return TSR_OK;
}

static tsr_status ask(cl_mem buffer, cl_mem_info what, size_t size, void *answer)
{
    cl_int code = clGetMemObjectInfo(buffer, what, size, answer, NULL);

    if (code == CL_INVALID_MEM_OBJECT)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the handle is not an OpenCL buffer");
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetMemObjectInfo", NULL);
    return TSR_OK;
}

/* Fills in bytes, space and start of an adopted buffer. */
static tsr_status look_at(tsr__storage *storage, cl_mem buffer)
{
    cl_mem_object_type type = 0;
    cl_context context = NULL;
    cl_mem_flags flags = 0;
    cl_mem root = NULL;
    void *host = NULL;
    tsr_status status;

    if ((status = ask(buffer, CL_MEM_TYPE, sizeof type, &type)) ||
        (status = ask(buffer, CL_MEM_CONTEXT, sizeof context, &context)) ||
        (status = ask(buffer, CL_MEM_SIZE, sizeof storage->bytes, &storage->bytes)) ||
        (status = ask(buffer, CL_MEM_ASSOCIATED_MEMOBJECT, sizeof root, &root)) ||
        (status = ask(buffer, CL_MEM_OFFSET, sizeof storage->start, &storage->start)))
        return status;
    if (type != CL_MEM_OBJECT_BUFFER)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the memory object is an image or a pipe, not a buffer");
    if (context != storage->device->context)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the buffer belongs to another context than the device");
    storage->space = root ? root : buffer;
    if ((status = ask(root ? root : buffer, CL_MEM_FLAGS, sizeof flags, &flags)) ||
        (status = ask(buffer, CL_MEM_HOST_PTR, sizeof host, &host)))
        return status;
    storage->read_only = (flags & CL_MEM_READ_ONLY) != 0;
    if (flags & CL_MEM_USE_HOST_PTR && host) {
        storage->space = NULL;
        storage->start = (uintptr_t)host;
    }
    return TSR_OK;
}

tsr_status tsr__storage_adopt(tsr_device *device, cl_mem buffer, tsr__storage **out)
{
    tsr__storage *storage = new_storage(device, 0);
    tsr_status status;
    cl_int code;

    *out = NULL;
    if (!storage)
        return TSR_ERROR_HOST_MEMORY;
    if (buffer) {
        status = look_at(storage, buffer);
        if (status)
            goto fail;
        code = clRetainMemObject(buffer);
        if (code != CL_SUCCESS) {
            status = tsr__fail_cl(code, "clRetainMemObject", NULL);
            goto fail;
        }
        storage->buffer = buffer;
    }
    *out = storage;
    return TSR_OK;

fail:
    tsr__storage_release(storage);
    return status;
}

tsr__storage *tsr__storage_retain(tsr__storage *storage)
{
    atomic_fetch_add(&storage->references, 1);
    return storage;
}

void tsr__storage_release(tsr__storage *storage)
{
    if (atomic_fetch_sub(&storage->references, 1) != 1)
        return;
    /* The caller may free a borrowed array next: nothing may still be using it. */
    if (storage->zero_copy)
        clFinish(storage->device->queue);
    if (storage->buffer)
        clReleaseMemObject(storage->buffer);
    tsr__device_release(storage->device);
    free(storage);
}
