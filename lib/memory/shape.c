#include "memory/shape.h"

#include <stdio.h>

#include "base/checked.h"
#include "base/error.h"

size_t tsr_dtype_size(tsr_dtype dtype)
{
    switch (dtype) {
    case TSR_F32:
        return sizeof(float);
    case TSR_F64:
        return sizeof(double);
    }
    return 0;
}

const char *tsr_dtype_name(tsr_dtype dtype)
{
    switch (dtype) {
    case TSR_F32:
        return "f32";
    case TSR_F64:
        return "f64";
    }
    return "unknown";
}

const char *tsr__shape_text(int rank, const size_t *shape,
                            char text[TSR__SHAPE_TEXT_SIZE])
{
    size_t used = 0;

    text[0] = '\0';
    for (int axis = 0; axis < rank; axis++) {
        int more = snprintf(text + used, TSR__SHAPE_TEXT_SIZE - used, "%s%zu",
                            axis ? "x" : "", shape[axis]);
        used += more < 0 ? 0 : (size_t)more;
    }
    return text;
}

static bool is_empty(int rank, const size_t *shape)
{
    for (int axis = 0; axis < rank; axis++)
        if (shape[axis] == 0)
            return true;
    return false;
}

tsr_status tsr__shape_count(tsr_dtype dtype, int rank, const size_t *shape,
                            size_t *count)
{
    size_t element = tsr_dtype_size(dtype), bytes;
    char text[TSR__SHAPE_TEXT_SIZE];

    *count = 0;
    if (element == 0)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%d is no tsr_dtype", (int)dtype);
    if (rank < 1 || rank > TSR_MAX_RANK)
        return tsr__fail(TSR_ERROR_ARGUMENT, "a tensor's rank is 1 to %d, not %d",
                         TSR_MAX_RANK, rank);
    if (!shape)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the shape is NULL");
    if (is_empty(rank, shape))
        return TSR_OK;

    *count = 1;
    for (int axis = 0; axis < rank; axis++)
        if (!tsr__multiply(*count, shape[axis], count))
            return tsr__fail(TSR_ERROR_OVERFLOW,
                             "a tensor of %s has more elements than size_t can count",
                             tsr__shape_text(rank, shape, text));
    if (!tsr__multiply(*count, element, &bytes))
        return tsr__fail(TSR_ERROR_OVERFLOW,
                         "a tensor of %s %s has more bytes than size_t can count",
                         tsr__shape_text(rank, shape, text), tsr_dtype_name(dtype));
    return TSR_OK;
}

void tsr__shape_dense_strides(int rank, const size_t *shape, size_t *strides)
{
    size_t stride = 1;

    for (int axis = rank - 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= shape[axis];
    }
}

tsr_status tsr__shape_extent(int rank, const size_t *shape, const size_t *strides,
                             size_t *extent)
{
    char lengths[TSR__SHAPE_TEXT_SIZE], steps[TSR__SHAPE_TEXT_SIZE];
    size_t reach;

    *extent = 0;
    if (is_empty(rank, shape))
        return TSR_OK;
    *extent = 1;
    for (int axis = 0; axis < rank; axis++)
        if (!tsr__multiply(shape[axis] - 1, strides[axis], &reach) ||
            !tsr__add(*extent, reach, extent))
            return tsr__fail(TSR_ERROR_OVERFLOW,
                             "a tensor of %s with strides %s reaches further than "
                             "size_t can count",
                             tsr__shape_text(rank, shape, lengths),
                             tsr__shape_text(rank, strides, steps));
    return TSR_OK;
}
