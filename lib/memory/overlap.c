/* overlap: which elements share memory, decided on lengths and strides alone.
 *
 * Everything is in bytes: an element is one more axis, `size` bytes long with stride 1.
 * Axes of length 1 or stride 0 reach nothing new and are left out. */
#include "memory/tensor.h"

#include "base/error.h"

#define MAX_AXES (TSR_MAX_RANK + 1)

typedef struct axis {
    size_t length;
    size_t stride;
} axis;

/* The set of bytes  start + sum i * stride,  0 <= i < length  over all axes. */
typedef struct region {
    size_t start;
    int axes; /* sorted: the largest stride first */
    axis axis[MAX_AXES];
} region;

static void add_axis(region *r, size_t length, size_t stride)
{
    int place = r->axes++;

    for (; place > 0 && r->axis[place - 1].stride < stride; place--)
        r->axis[place] = r->axis[place - 1];
    r->axis[place] = (axis){length, stride};
}

static region region_of(const tsr_tensor *tensor)
{
    size_t size = tsr_dtype_size(tensor->dtype);
    region r = {.start = tensor->storage->start + tensor->offset * size};

    for (int i = 0; i < tensor->rank; i++)
        if (tensor->shape[i] > 1 && tensor->strides[i] > 0)
            add_axis(&r, tensor->shape[i], tensor->strides[i] * size);
    add_axis(&r, size, 1);
    return r;
}

/* Bytes from the first to the last, both counted, over the axes from `first` on. */
static size_t extent_from(const region *r, int first)
{
    size_t extent = 1;

    for (int i = first; i < r->axes; i++)
        extent += (r->axis[i].length - 1) * r->axis[i].stride;
    return extent;
}

static bool ranges_meet(size_t a, size_t a_length, size_t b, size_t b_length)
{
    return a < b + b_length && b < a + a_length;
}

bool tsr__tensor_overlaps_itself(const tsr_tensor *tensor)
{
    region r;

    if (tensor->count == 0)
        return false;
    for (int i = 0; i < tensor->rank; i++)
        if (tensor->shape[i] > 1 && tensor->strides[i] == 0)
            return true;
    /* Free of overlap if each stride steps over all that the smaller ones reach. */
    r = region_of(tensor);
    for (int i = 0; i < r.axes; i++)
        if (r.axis[i].stride < extent_from(&r, i + 1))
            return true;
    return false;
}

tsr_status tsr__tensor_check_result(const tsr_tensor *tensor, const char *name)
{
    if (tsr__tensor_overlaps_itself(tensor))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "%s has elements that share memory (a stride of 0?), so it "
                         "cannot be a result",
                         name);
    if (tensor->storage->read_only)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "%s is over a buffer made with CL_MEM_READ_ONLY, so it cannot "
                         "be a result",
                         name);
    return TSR_OK;
}

static size_t largest_stride(const region *r)
{
    return r->axes > 0 ? r->axis[0].stride : 0;
}

/* Seen as rows `pitch` apart: takes the rows off and leaves the bytes of one row. False
 * if a row runs into the next. */
static bool take_rows(region *r, size_t pitch, size_t *first_row, size_t *rows)
{
    int inner = largest_stride(r) == pitch;

    *rows = inner ? r->axis[0].length : 1;
    *first_row = r->start / pitch;
    r->start %= pitch;
    if (extent_from(r, inner) > pitch - r->start)
        return false;
    for (int i = inner; i < r->axes; i++)
        r->axis[i - inner] = r->axis[i];
    r->axes -= inner;
    return true;
}

bool tsr__tensors_overlap(const tsr_tensor *a, const tsr_tensor *b)
{
    region ra, rb;

    if (a->count == 0 || b->count == 0 || a->storage->space != b->storage->space)
        return false;
    ra = region_of(a);
    rb = region_of(b);
    /* From the longest stride inwards: two matrices with the same row stride meet when
     * both their rows and their columns do. */
    while (ranges_meet(ra.start, extent_from(&ra, 0), rb.start, extent_from(&rb, 0))) {
        size_t sa = largest_stride(&ra), sb = largest_stride(&rb);
        size_t pitch = sa > sb ? sa : sb;
        size_t first_a, first_b, rows_a, rows_b;

        if (pitch == 0 || !take_rows(&ra, pitch, &first_a, &rows_a) ||
            !take_rows(&rb, pitch, &first_b, &rows_b))
            return true;
        if (!ranges_meet(first_a, rows_a, first_b, rows_b))
            return false;
    }
    return false;
}
