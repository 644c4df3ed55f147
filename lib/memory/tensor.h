/* tensor.h: what a tensor is made of. For lib/ only. */
#ifndef TSR_MEMORY_TENSOR_H
#define TSR_MEMORY_TENSOR_H

#include <stdatomic.h>

#include <tessera/tensor.h>

#include "device/device.h"

/* A piece of device memory, shared by all tensors over it. */
typedef struct tsr__storage {
    atomic_size_t references; /* one per tensor */
    tsr_device *device;       /* retained */
    cl_mem buffer;            /* retained; NULL when bytes == 0 */
    size_t bytes;             /* of the buffer */
    void *host;               /* the caller's array, if borrowed; else NULL */
    bool zero_copy;           /* buffer uses `host` itself */
    bool read_only;           /* adopted with CL_MEM_READ_ONLY: kernels may not write */
    /* Where the memory is, so that two buffers over the same bytes (sub-buffers, one
     * host array borrowed twice) are seen to overlap: byte i of the buffer is at
     * start + i of `space`, a buffer's root cl_mem or, for host arrays, NULL. */
    const void *space;
    size_t start;
} tsr__storage;

typedef struct tsr__prepared tsr__prepared; /* prepared.h */

struct tsr_tensor {
    tsr__storage *storage;
    tsr_dtype dtype;
    int rank;
    size_t shape[TSR_MAX_RANK];
    size_t strides[TSR_MAX_RANK]; /* elements */
    size_t offset;                /* elements from the buffer's first byte */
    size_t count;                 /* product of shape */
    tsr__prepared *prepared;      /* owned; NULL until tsr_tensor_prepare */
};

/* A tensor over `storage`, whose reference it takes over, also when it fails. Strides of
 * NULL mean dense. Nothing else is checked. Errors: HOST_MEMORY. */
tsr_status tsr__tensor_make(tsr__storage *storage, tsr_dtype dtype, int rank,
                            const size_t *shape, const size_t *strides, size_t offset,
                            size_t count, tsr_tensor **out);

/* Row-major and without gaps. */
bool tsr__tensor_is_dense(const tsr_tensor *tensor);

/* Whether two different index tuples of the tensor are the same place in memory. May say
 * yes for exotic strides that do not overlap; never no for one that does. */
bool tsr__tensor_overlaps_itself(const tsr_tensor *tensor);

/* Whether kernels may write the tensor: ARGUMENT if each element has no place of its own,
 * or if it is over an adopted buffer that is read-only to them. `name` is what to call it
 * in the detail. */
tsr_status tsr__tensor_check_result(const tsr_tensor *tensor, const char *name);

/* Whether the two share a byte. Exact for two views of one matrix with the same row
 * stride (column blocks of it); otherwise by extent, which may say yes too often. */
bool tsr__tensors_overlap(const tsr_tensor *a, const tsr_tensor *b);

/* A device buffer of `bytes` > 0 for scratch, checked against the largest allocation.
 * Release it with clReleaseMemObject once enqueued: the driver keeps it until it is done.
 * Errors: ALLOC_LIMIT, DEVICE_MEMORY, HOST_MEMORY, OPENCL. */
tsr_status tsr__scratch_create(tsr_device *device, size_t bytes, cl_mem *out);

#endif /* TSR_MEMORY_TENSOR_H */
