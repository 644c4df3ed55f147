/* copy.h: copying between strided places of one device. For lib/ only. */
#ifndef TSR_MEMORY_COPY_H
#define TSR_MEMORY_COPY_H

#include <tessera/tensor.h>

#include "program/launch.h"

/* Where elements are: a buffer, the first element's place in it and `rank` strides. */
typedef struct tsr__place {
    cl_mem buffer;
    size_t offset;
    const size_t *strides;
} tsr__place;

tsr__place tsr__tensor_place(const tsr_tensor *tensor);

/* Enqueues dst = src for every element of `shape`, which is not empty. The two must not
 * share memory. Errors: BUILD, OPENCL, DEVICE_MEMORY, HOST_MEMORY, DEVICE_LOST. */
tsr_status tsr__copy_enqueue(tsr__sequence *sequence, tsr_dtype dtype, int rank,
                             const size_t *shape, tsr__place src, tsr__place dst);

#endif /* TSR_MEMORY_COPY_H */
