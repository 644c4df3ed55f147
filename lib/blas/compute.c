/* compute: what stands between a call's arrays and the engines. */
#include "compute.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/blas.h>

#include "device.h"
#include "engines.h"
#include "who.h"

static atomic_size_t products;

size_t tsr_blas_products(void)
{
    return atomic_load(&products);
}

/* ---- Arrays put in order -------------------------------------------------------- */

static char *element(const tsr__matrix *m, size_t size, size_t t, size_t i, size_t j)
{
    return m->data + ((ptrdiff_t)t * m->batch + (ptrdiff_t)i * m->row +
                      (ptrdiff_t)j * m->column) *
                         (ptrdiff_t)size;
}

/* Copies the elements of one matrix over those of another of the same lengths, in runs
 * along the rows' or the columns' direction. */
static void copy(const tsr__product *p, size_t rows, size_t columns,
                 const tsr__matrix *from, const tsr__matrix *to)
{
    size_t size = tsr_dtype_size(p->dtype);
    bool by_columns = from->row == 1 && to->row == 1;

    for (size_t t = 0; t < p->batch; t++) {
        for (size_t j = 0; j < columns; j++) {
            if (by_columns) {
                memcpy(element(to, size, t, 0, j), element(from, size, t, 0, j),
                       rows * size);
                continue;
            }
            for (size_t i = 0; i < rows; i++)
                memcpy(element(to, size, t, i, j), element(from, size, t, i, j), size);
        }
    }
}

/* Room for the matrix, dense and by columns; data is NULL if there is none. */
static tsr__matrix make_dense(const tsr__product *p, size_t rows, size_t columns)
{
    char *data = NULL;

    if (p->batch <= SIZE_MAX / tsr_dtype_size(p->dtype) / rows / columns)
        data = malloc(p->batch * rows * columns * tsr_dtype_size(p->dtype));
    return (tsr__matrix){data, 1, (ptrdiff_t)rows, (ptrdiff_t)(rows * columns)};
}

/* The engines want rows or columns that are contiguous; a vector has neither when its
 * increment is not 1. */
static bool in_order(const tsr__matrix *m)
{
    return m->row == 1 || m->column == 1;
}

/* ---- Compute -------------------------------------------------------------------- */

/* What is no fault of the device's: the next BLAS does this call and no more. */
static bool is_the_calls_own(tsr_status status)
{
    return status == TSR_ERROR_ALIAS || status == TSR_ERROR_ARGUMENT ||
           status == TSR_ERROR_SHAPE || status == TSR_ERROR_OVERFLOW ||
           status == TSR_ERROR_UNSUPPORTED || status == TSR_ERROR_ALLOC_LIMIT ||
           status == TSR_ERROR_HOST_MEMORY;
}

static bool compute_on(tsr_device *device, const tsr__blocks *blocks)
{
    char text[TSR__TEXT_SIZE] = "";
    tsr_status status = blocks->room.in_place
                            ? tsr__compute_in_place(device, *blocks)
                            : tsr__compute_copied(device, *blocks, text);

    if (status && !is_the_calls_own(status))
        tsr__device_failed(text[0] ? text : tsr_error_detail());
    if (!status)
        atomic_fetch_add(&products, 1);
    return !status;
}

/* With C as it was if that fails: it is kept as long as it counts and may be lost. */
static bool compute_or_restore(tsr_device *device, const tsr__blocks *blocks)
{
    const tsr__product *p = blocks->whole;
    tsr__matrix kept;
    bool done;

    if (p->beta == 0.0)
        return compute_on(device, blocks);
    kept = make_dense(p, p->m, p->n);
    if (!kept.data)
        return false;
    copy(p, p->m, p->n, &p->c, &kept);
    done = compute_on(device, blocks);
    if (!done)
        copy(p, p->m, p->n, &kept, &p->c);
    free(kept.data);
    return done;
}

/* If it gains; `q` is `p` with other memory, still empty, for what is not in order. */
static bool compute_exchanged(tsr_device *device, const tsr__product *p,
                              const tsr__product *q)
{
    const tsr_device_info *info = tsr_device_get_info(device);
    const tsr__room room = {tsr__room_on(info), tsr__in_place(info, q)};
    const tsr__blocks blocks = tsr__blocks_cut(q, room);

    if (!tsr__gains(&blocks, info))
        return false;
    if (q->b.data != p->b.data)
        copy(p, p->k, p->n, &p->b, &q->b);
    if (q->c.data != p->c.data && p->beta != 0.0)
        copy(p, p->m, p->n, &p->c, &q->c);
    if (!compute_or_restore(device, &blocks))
        return false;
    if (q->c.data != p->c.data)
        copy(p, p->m, p->n, &q->c, &p->c);
    return true;
}

/* A vector that is not in order is exchanged for one that is. */
static bool compute_in_order(tsr_device *device, const tsr__product *p)
{
    tsr__product q = *p;
    bool done;

    if (!in_order(&p->b))
        q.b = make_dense(p, p->k, p->n);
    if (!in_order(&p->c))
        q.c = make_dense(p, p->m, p->n);
    done = q.b.data && q.c.data && compute_exchanged(device, p, &q);
    if (q.b.data != p->b.data)
        free(q.b.data);
    if (q.c.data != p->c.data)
        free(q.c.data);
    return done;
}

/* Batches that go backwards are for the next BLAS. */
static bool goes_forwards(const tsr__product *p)
{
    return p->batch == 1 || (p->a.batch >= 0 && p->b.batch >= 0 && p->c.batch > 0);
}

bool tsr__compute(const tsr__product *product)
{
    tsr_device *device;
    bool done = false;

    if (!goes_forwards(product) || !tsr__may_gain(product) ||
        !(device = tsr__device_enter()))
        return false;
    if (product->dtype != TSR_F64 || tsr_device_get_info(device)->fp64)
        done = compute_in_order(device, product);
    tsr__device_leave();
    return done;
}
