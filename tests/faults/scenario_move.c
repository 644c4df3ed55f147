/* To the device, on it, and back: C goes its way and comes home. */
#include "scenarios.h"

#define SHAPE(w) 3, ((size_t[]){(w)->s->batch, (w)->s->m, (w)->s->n})

tsr_status run_upload(work *w)
{
    tsr_tensor *made = NULL, *written = NULL;
    tsr_status status;

    if (!(status = tsr_tensor_from_host(w->device, TSR_F32, SHAPE(w), w->c, &made)) &&
        !(status = work_read(w, made)) &&
        !(status = tsr_tensor_create(w->device, TSR_F32, SHAPE(w), &written)) &&
        !(status = tsr_tensor_write(written, w->c)))
        status = work_read(w, written);
    tsr_tensor_destroy(written);
    tsr_tensor_destroy(made);
    return status;
}

/* Every other element of a tensor twice as large. */
static tsr_status make_strided(work *w, tsr_tensor **out)
{
    const scenario *s = w->s;
    const size_t twice = 2 * w->count;
    const size_t strides[3] = {2 * s->m * s->n, 2 * s->n, 2};
    tsr_tensor *base;
    tsr_status status = tsr_tensor_create(w->device, TSR_F32, 1, &twice, &base);

    *out = NULL;
    if (status)
        return status;
    status = tsr_tensor_view(base, SHAPE(w), strides, 0, out);
    tsr_tensor_destroy(base);
    return status;
}

tsr_status run_strided(work *w)
{
    tsr_tensor *view = NULL;
    tsr_status status;

    if (!(status = make_strided(w, &view)) && !(status = tsr_tensor_write(view, w->c)))
        status = work_read(w, view);
    tsr_tensor_destroy(view);
    return status;
}

/* The caller's array is the storage, where the device shares its memory. */
tsr_status run_borrowed(work *w)
{
    tsr_tensor *lent = NULL, *source = NULL;
    tsr_status status;

    if (!(status =
              tsr_tensor_borrow_host(w->device, TSR_F32, SHAPE(w), w->lent, &lent)) &&
        !(status = tsr_tensor_write(lent, w->lent)) &&
        !(status = tsr_tensor_from_host(w->device, TSR_F32, SHAPE(w), w->c, &source)) &&
        !(status = tsr_tensor_copy(source, lent)) &&
        !(status = tsr_tensor_read(lent, w->lent)))
        status = work_read(w, lent);
    tsr_tensor_destroy(source);
    tsr_tensor_destroy(lent);
    return status;
}

tsr_status run_copies(work *w)
{
    tsr_tensor *source = NULL, *dense = NULL, *strided = NULL, *moved = NULL;
    tsr_status status;

    if (!(status = tsr_tensor_from_host(w->device, TSR_F32, SHAPE(w), w->c, &source)) &&
        !(status = tsr_tensor_create(w->device, TSR_F32, SHAPE(w), &dense)) &&
        !(status = tsr_tensor_copy(source, dense)) &&
        !(status = make_strided(w, &strided)) &&
        !(status = tsr_tensor_copy(dense, strided)) &&
        !(status = tsr_tensor_to(strided, w->device, &moved)))
        status = work_read(w, moved);
    tsr_tensor_destroy(moved);
    tsr_tensor_destroy(strided);
    tsr_tensor_destroy(dense);
    tsr_tensor_destroy(source);
    return status;
}

tsr_status run_fill(work *w)
{
    tsr_tensor *t = NULL;
    tsr_status status;

    if (!(status = tsr_tensor_create(w->device, TSR_F32, SHAPE(w), &t)) &&
        !(status = tsr_tensor_fill_uniform(t, 1, -1.0, 1.0)))
        status = work_read(w, t);
    tsr_tensor_destroy(t);
    return status;
}
