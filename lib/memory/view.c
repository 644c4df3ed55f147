#include <tessera/tensor.h>

#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "memory/shape.h"
#include "memory/storage.h"

/* Whether the view's last element is inside the memory. */
static tsr_status check_inside(const tsr_tensor *base, int rank, const size_t *shape,
                               const size_t *strides, size_t offset)
{
    size_t there = base->storage->bytes / tsr_dtype_size(base->dtype);
    char lengths[TSR__SHAPE_TEXT_SIZE], steps[TSR__SHAPE_TEXT_SIZE];
    size_t extent, end;
    tsr_status status = tsr__shape_extent(rank, shape, strides, &extent);

    if (status)
        return status;
    if (!tsr__add(base->offset, offset, &end) || !tsr__add(end, extent, &end))
        return tsr__fail(TSR_ERROR_OVERFLOW,
                         "a view at offset %zu reaches further than size_t can count",
                         offset);
    if (extent > 0 && end > there)
        return tsr__fail(
            TSR_ERROR_SHAPE,
            "a view of %s with strides %s at offset %zu reaches to element "
            "%zu of a memory of %zu",
            tsr__shape_text(rank, shape, lengths),
            tsr__shape_text(rank, strides, steps), base->offset + offset, end, there);
    return TSR_OK;
}

tsr_status tsr_tensor_view(const tsr_tensor *base, int rank, const size_t *shape,
                           const size_t *strides, size_t offset, tsr_tensor **out)
{
    size_t dense[TSR_MAX_RANK], count;
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "there is nowhere to put the view: out is NULL");
    *out = NULL;
    if (!base)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the tensor to view is NULL");
    status = tsr__shape_count(base->dtype, rank, shape, &count);
    if (status)
        return status;
    if (!strides) {
        tsr__shape_dense_strides(rank, shape, dense);
        strides = dense;
    }
    status = check_inside(base, rank, shape, strides, offset);
    if (status)
        return status;
    return tsr__tensor_make(tsr__storage_retain(base->storage), base->dtype, rank,
                            shape, strides, base->offset + offset, count, out);
}

static void swap(size_t *a, size_t *b)
{
    size_t kept = *a;

    *a = *b;
    *b = kept;
}

tsr_status tsr_tensor_transpose(const tsr_tensor *base, tsr_tensor **out)
{
    size_t shape[TSR_MAX_RANK], strides[TSR_MAX_RANK];

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "there is nowhere to put the view: out is NULL");
    *out = NULL;
    if (!base)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the tensor to transpose is NULL");
    if (base->rank < 2)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "a tensor of rank 1 has no two axes to swap");
    memcpy(shape, base->shape, sizeof shape);
    memcpy(strides, base->strides, sizeof strides);
    swap(&shape[base->rank - 1], &shape[base->rank - 2]);
    swap(&strides[base->rank - 1], &strides[base->rank - 2]);
    return tsr__tensor_make(tsr__storage_retain(base->storage), base->dtype, base->rank,
                            shape, strides, base->offset, base->count, out);
}
