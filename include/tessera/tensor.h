/* tensor.h: matrices in device memory.
 *
 * A tensor is a data type, a shape and strides over device memory. It owns the memory,
 * borrows it from the caller, or, as a view, shares it with another tensor. Memory goes
 * when the last tensor over it goes, so a view may outlive what it was made from.
 *
 * Shapes are row-major: shape[rank - 1] is the innermost. Lengths, strides and offsets
 * are in elements. Rank is 1 to 3; in a product, rank 2 is [rows, columns] and rank 3 is
 * [batch, rows, columns]. A length may be 0: an empty tensor is valid everywhere.
 *
 * Transfers and products go through the device's in-order queue, so a read sees every
 * write and product enqueued before it. One tensor may be read from many threads at
 * once; writing it needs the caller's own order, as with any C object.
 */
#ifndef TESSERA_TENSOR_H
#define TESSERA_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera/device.h>
#include <tessera/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_MAX_RANK 3

typedef enum tsr_dtype {
    TSR_F32 = 0, /* float, 4 bytes */
    TSR_F64 = 1  /* double, 8 bytes; needs a device with fp64 */
} tsr_dtype;

typedef struct tsr_tensor tsr_tensor;

/* Bytes per element, 0 for a value that is no dtype. */
TSR_EXPORT size_t tsr_dtype_size(tsr_dtype dtype);

/* "f32" or "f64"; "unknown" for a value that is no dtype. */
TSR_EXPORT const char *tsr_dtype_name(tsr_dtype dtype);

/* ---- Make ----------------------------------------------------------------------- */

/* A dense tensor with undefined content.
 *
 * Errors of every constructor: ARGUMENT (rank, dtype, NULL), UNSUPPORTED (f64 without
 * fp64), OVERFLOW (elements or bytes beyond size_t), ALLOC_LIMIT (more bytes than one
 * allocation of this device may have), DEVICE_MEMORY, HOST_MEMORY, OPENCL. */
TSR_EXPORT tsr_status tsr_tensor_create(tsr_device *device, tsr_dtype dtype, int rank,
                                        const size_t *shape, tsr_tensor **out);

/* A dense tensor with a copy of `data` (dense, row-major). `data` may be changed or
 * freed as soon as the call returns. */
TSR_EXPORT tsr_status tsr_tensor_from_host(tsr_device *device, tsr_dtype dtype,
                                           int rank, const size_t *shape,
                                           const void *data, tsr_tensor **out);

/* A dense tensor over the caller's own array, which must stay valid and, except through
 * the calls below, untouched until the last tensor over it is destroyed.
 *
 * Where host and device share memory nothing is copied: tsr_tensor_is_zero_copy says
 * true, and the array is the storage. tsr_tensor_read(t, data) and
 * tsr_tensor_write(t, data) with `data` itself then move nothing and only pass the
 * array from one side to the other: read before looking at results, write after
 * changing the array. Elsewhere the array is copied once, here, and both calls copy. */
TSR_EXPORT tsr_status tsr_tensor_borrow_host(tsr_device *device, tsr_dtype dtype,
                                             int rank, const size_t *shape, void *data,
                                             tsr_tensor **out);

/* A view: other shape and strides over the same memory. `offset` counts from `base`'s
 * first element. Every element must lie inside the memory `base` was made with. A
 * stride of 0 repeats; such a view can be an operand but not a result. `strides` may be
 * NULL for a dense view.
 * Errors: ARGUMENT, SHAPE (reaches outside the memory), OVERFLOW, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_tensor_view(const tsr_tensor *base, int rank,
                                      const size_t *shape, const size_t *strides,
                                      size_t offset, tsr_tensor **out);

/* A view with the last two axes swapped. Rank 2 or 3. Moves no data. */
TSR_EXPORT tsr_status tsr_tensor_transpose(const tsr_tensor *base, tsr_tensor **out);

/* A dense copy on `device`, which may be the tensor's own. Between two devices the data
 * passes through the host. Waits until the data is there. */
TSR_EXPORT tsr_status tsr_tensor_to(const tsr_tensor *tensor, tsr_device *device,
                                    tsr_tensor **out);

/* Gives the tensor back; work already enqueued on it is completed by the driver. The last
 * tensor over a borrowed array that is the storage waits for that work, so that the array
 * may be freed next. NULL is allowed. */
TSR_EXPORT void tsr_tensor_destroy(tsr_tensor *tensor);

/* ---- Look ----------------------------------------------------------------------- */

TSR_EXPORT tsr_dtype tsr_tensor_get_dtype(const tsr_tensor *tensor);
TSR_EXPORT int tsr_tensor_get_rank(const tsr_tensor *tensor);
/* `rank` lengths or strides in elements, lent until the tensor is destroyed. */
TSR_EXPORT const size_t *tsr_tensor_get_shape(const tsr_tensor *tensor);
TSR_EXPORT const size_t *tsr_tensor_get_strides(const tsr_tensor *tensor);
/* The product of the lengths: elements, 0 if any length is 0. */
TSR_EXPORT size_t tsr_tensor_get_count(const tsr_tensor *tensor);
/* The device the tensor lives on, lent until the tensor is destroyed. */
TSR_EXPORT tsr_device *tsr_tensor_get_device(const tsr_tensor *tensor);
/* Whether a host array is the storage itself (see tsr_tensor_borrow_host). */
TSR_EXPORT bool tsr_tensor_is_zero_copy(const tsr_tensor *tensor);

/* ---- Move ----------------------------------------------------------------------- */

/* Host array to tensor. `data` is dense and row-major, whatever the tensor's strides.
 * It may be changed as soon as the call returns.
 * A tensor that is not dense needs a buffer of its size on the device meanwhile.
 * Errors: ARGUMENT (NULL data of a tensor that is not empty; data inside the borrowed
 * array that is the storage, other than the tensor's own place in it; for a write, an
 * element that stands twice in memory), ALLOC_LIMIT (no such buffer), HOST_MEMORY,
 * DEVICE_MEMORY, DEVICE_LOST, OPENCL, BUILD. */
TSR_EXPORT tsr_status tsr_tensor_write(tsr_tensor *tensor, const void *data);

/* Tensor to host array, dense and row-major. Waits for everything enqueued before. If one
 * of those commands failed while it ran, this fails with DEVICE_LOST, and the array may
 * hold what the command left; after any other error it is as it was, or right.
 * Errors: as tsr_tensor_write. */
TSR_EXPORT tsr_status tsr_tensor_read(const tsr_tensor *tensor, void *data);

/* dst = src, element by element, enqueued on their common device. Same dtype and shape;
 * any strides; the two must not share memory (ALIAS), and no element of `dst` may stand
 * twice in memory (ARGUMENT).
 * Errors: ARGUMENT (dtype or device differ), SHAPE, ALIAS, OPENCL, BUILD. */
TSR_EXPORT tsr_status tsr_tensor_copy(const tsr_tensor *src, tsr_tensor *dst);

/* ---- Fill ----------------------------------------------------------------------- */

/* Fills with uniform random numbers in [lo, hi), enqueued. Element i, counted row-major
 * over the shape, depends only on (dtype, seed, i, lo, hi): the same on every device,
 * for every stride, and in tsr_random_uniform, to the bit.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011), key = seed, counter = i / 4 (f32) or i / 2 (f64), low words first.
 * f32 takes word i % 4 of the four, f64 words 2 * (i % 2) as its low and 2 * (i % 2) + 1
 * as its high half. The 24 or 53 high bits u give fma(u * 2^-24, hi - lo, lo), or 2^-53,
 * in the dtype, with lo and hi rounded to it. What would round up to hi is the number
 * below it; zero stands for all that is too small for a normal number, as devices may
 * not have others.
 * Errors: ARGUMENT (lo, hi or hi - lo not finite in the dtype, or hi - lo not positive
 * there; an element that stands twice in memory), OPENCL, BUILD. */
TSR_EXPORT tsr_status tsr_tensor_fill_uniform(tsr_tensor *tensor, uint64_t seed,
                                              double lo, double hi);

/* The same numbers in plain C: elements first .. first + count - 1 of that sequence
 * into `out`, an array of `dtype`. Needs no device; any thread.
 * Errors: ARGUMENT. */
TSR_EXPORT tsr_status tsr_random_uniform(tsr_dtype dtype, uint64_t seed, double lo,
                                         double hi, uint64_t first, size_t count,
                                         void *out);

/* ---- Prepare -------------------------------------------------------------------- */

/* Says that the tensor will be an operand of many products, as weights are. A strategy
 * that rearranges its operands ("panel" packs them) then keeps the rearranged form with
 * the tensor: the first product makes it, later ones find it. What a strategy computes is
 * the same to the bit as without, by its own best guess; a record (tune.h) of the one may cut
 * K otherwise than what holds for the other. Nothing is enqueued here, and no content is
 * needed yet.
 *
 * Memory: each form is about the tensor's size again, on the device, until the tensor is
 * destroyed. There is one for each way the tensor is used (as A, as B, transposed by a
 * strategy because of how C lies), at most four; a form for which the device has no memory
 * is not kept, and the product makes it anew. A view of the tensor is another tensor: it
 * is not prepared by this, and may be prepared itself.
 *
 * Written, the tensor loses its forms, and the next product makes them again. That holds
 * for all that this library writes (transfers, copies, fills, results of products) through
 * any tensor that shares memory with this one: views, tensors over the same adopted
 * buffer or parts of it, over the same borrowed array. What others write into a buffer
 * (see interop.h) it cannot see: call this again after that. Called again, it drops all
 * forms.
 *
 * Threads: many may use a prepared tensor in products at once. This call, as a write,
 * needs the caller's own order.
 * Errors: ARGUMENT (NULL), HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_tensor_prepare(tsr_tensor *tensor);

/* Whether tsr_tensor_prepare has been called for this tensor. */
TSR_EXPORT bool tsr_tensor_is_prepared(const tsr_tensor *tensor);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_TENSOR_H */
