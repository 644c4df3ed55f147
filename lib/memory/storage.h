/* storage.h: device memory and who holds it. For lib/memory only.
 *
 * The only place where a tensor's cl_mem is created, retained and released. A storage is
 * shared by all tensors over it; the last one to go gives the memory back.
 */
#ifndef TSR_MEMORY_STORAGE_H
#define TSR_MEMORY_STORAGE_H

#include "memory/tensor.h"

/* All of them: on success *out has one reference, the caller's. 0 bytes is a storage
 * without a buffer.
 * Errors: ALLOC_LIMIT, DEVICE_MEMORY, HOST_MEMORY, OPENCL. */

/* Memory of its own, content undefined. */
tsr_status tsr__storage_create(tsr_device *device, size_t bytes, tsr__storage **out);

/* Memory that is `host` itself where the device can use it in place (zero_copy is set).
 * Elsewhere memory of its own, content undefined: the caller copies. An address that is
 * no multiple of `align` cannot be used in place. */
tsr_status tsr__storage_borrow(tsr_device *device, size_t bytes, void *host,
                               size_t align, tsr__storage **out);

/* The caller's buffer, which is retained; NULL is a storage without a buffer. Errors also:
 * ARGUMENT (not a buffer, or of another context). */
tsr_status tsr__storage_adopt(tsr_device *device, cl_mem buffer, tsr__storage **out);

tsr__storage *tsr__storage_retain(tsr__storage *storage);
void tsr__storage_release(tsr__storage *storage);

#endif /* TSR_MEMORY_STORAGE_H */
