/* interop.h: tessera beside a program's own OpenCL code.
 *
 * The only public header that includes OpenCL's. Every handle handed in is retained by
 * tessera and released exactly once when the object made from it goes; the caller keeps
 * its own reference. Every handle handed out is lent: do not release it, and retain it to
 * keep it longer than its owner.
 */
#ifndef TESSERA_INTEROP_H
#define TESSERA_INTEROP_H

#ifndef CL_TARGET_OPENCL_VERSION
#define CL_TARGET_OPENCL_VERSION 120
#endif
#include <CL/cl.h>

#include <tessera/device.h>
#include <tessera/matmul.h>
#include <tessera/status.h>
#include <tessera/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a device of the caller's context, device and queue. `queue` must be in-order
 * and belong to both; NULL makes tessera create one of its own. The self-test is run, in
 * this process: a child could not have the context.
 * Errors: ARGUMENT (a handle is NULL, or they do not belong together, or the queue is
 * out-of-order), NO_DEVICE (no compiler), WRONG_RESULT, HOST_MEMORY, OPENCL. */
TSR_EXPORT tsr_status tsr_device_adopt(cl_context context, cl_device_id id,
                                       cl_command_queue queue, tsr_device **out);

/* The device's own handles, lent until it is closed. Once its queue was asked for, small
 * products are launched, too (tsr_matmul): yours may be what they would wait for. */
TSR_EXPORT cl_context tsr_device_get_cl_context(const tsr_device *device);
TSR_EXPORT cl_device_id tsr_device_get_cl_device(const tsr_device *device);
TSR_EXPORT cl_command_queue tsr_device_get_cl_queue(const tsr_device *device);

/* Makes a tensor over the caller's buffer, which must belong to the device's context and
 * allow reading and writing by kernels as the tensor is used; over a CL_MEM_READ_ONLY
 * buffer it can be an operand only. `strides` may be NULL for
 * a dense one. `offset` is in elements of `dtype` from the buffer's first byte.
 * Errors: ARGUMENT, UNSUPPORTED, SHAPE (reaches outside the buffer), OVERFLOW,
 * HOST_MEMORY, OPENCL. */
TSR_EXPORT tsr_status tsr_tensor_adopt(tsr_device *device, cl_mem buffer,
                                       tsr_dtype dtype, int rank, const size_t *shape,
                                       const size_t *strides, size_t offset,
                                       tsr_tensor **out);

/* The tensor's buffer, lent until the tensor is destroyed; NULL for an empty tensor.
 * *offset, if not NULL, is where its first element is, in elements.
 *
 * Commands of your own that write a buffer, this one or one that was adopted, are not seen
 * by tessera: for each prepared tensor over it, call tsr_tensor_prepare again once they
 * are enqueued, before the next product with it. */
TSR_EXPORT cl_mem tsr_tensor_get_cl_mem(const tsr_tensor *tensor, size_t *offset);

/* tsr_matmul that begins after the events of `wait` (of the same context) and, if `event`
 * is not NULL, gives an event that completes with the product. The event is the caller's
 * to release. The queue has been flushed, so another queue may wait for it.
 * Errors: as tsr_matmul, ARGUMENT for a wait list that is not one, and DEVICE_LOST if an
 * event in it has failed already. One that fails later fails the product, its event, and
 * the next read. */
TSR_EXPORT tsr_status tsr_matmul_enqueue(const tsr_tensor *a, const tsr_tensor *b,
                                         tsr_tensor *c,
                                         const tsr_matmul_options *options,
                                         cl_uint num_wait, const cl_event *wait,
                                         cl_event *event);

/* The name of an OpenCL status code ("CL_OUT_OF_RESOURCES", and -1001 for the loader's
 * "no platform found"); "unknown OpenCL status" for others. */
TSR_EXPORT const char *tsr_cl_status_name(cl_int code);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_INTEROP_H */
