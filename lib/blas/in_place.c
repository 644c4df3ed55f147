#include "engines.h"

#include <stdint.h>

#include <tessera/matmul.h>

#define PAGE      4096
#define PAGE_PART 64 /* what some drivers want lengths to be multiples of */

/* ---- Whether -------------------------------------------------------------------- */

static bool aligned(const tsr_device_info *info, const tsr__product *p,
                    const tsr__matrix *matrix, size_t rows, size_t columns)
{
    size_t element = tsr_dtype_size(p->dtype);
    size_t bytes = tsr__extent(matrix, rows, columns, p->batch) * element;

    if (info->type == TSR_DEVICE_CPU)
        return (uintptr_t)matrix->data % element == 0;
    return (uintptr_t)matrix->data % PAGE == 0 && bytes % PAGE_PART == 0 &&
           bytes <= info->max_alloc_bytes;
}

bool tsr__in_place(const tsr_device_info *info, const tsr__product *p)
{
    bool dense = tsr__extent(&p->c, p->m, p->n, p->batch) == p->m * p->n * p->batch;

    return info->zero_copy && (dense || info->type == TSR_DEVICE_CPU) &&
           aligned(info, p, &p->a, p->m, p->k) && aligned(info, p, &p->b, p->k, p->n) &&
           aligned(info, p, &p->c, p->m, p->n);
}

/* ---- Compute -------------------------------------------------------------------- */

/* An array from a matrix's first element to its last, and the matrix in it. */
typedef struct lent {
    tsr_tensor *array, *matrix;
} lent;

static void give_back(lent *l)
{
    tsr_tensor_destroy(l->matrix);
    tsr_tensor_destroy(l->array);
}

static tsr_status lend(tsr_device *device, const tsr__product *p, const tsr__matrix *m,
                       size_t rows, size_t columns, lent *out)
{
    const size_t length = tsr__extent(m, rows, columns, p->batch);
    const size_t shape[3] = {p->batch, rows, columns};
    const size_t strides[3] = {(size_t)m->batch, (size_t)m->row, (size_t)m->column};
    bool one = p->batch == 1;
    tsr_status status =
        tsr_tensor_borrow_host(device, p->dtype, 1, &length, m->data, &out->array);

    return status ? status
                  : tsr_tensor_view(out->array, one ? 2 : 3, shape + one, strides + one,
                                    0, &out->matrix);
}

/* Arrays that are lent at one time: to give one back waits for all that is enqueued, and
 * a device that is waited for after each block stands still between them. */
#define LENT 48

typedef struct loans {
    tsr_device *device;
    lent items[LENT];
    void *results[LENT]; /* the array, if it is a C; else NULL */
    size_t count;
} loans;

/* Waits for what is enqueued, results first, and gives everything back. */
static tsr_status settle(loans *l, tsr_status status)
{
    for (size_t i = 0; i < l->count && !status; i++)
        if (l->results[i])
            status = tsr_tensor_read(l->items[i].array, l->results[i]);
    for (size_t i = 0; i < l->count; i++)
        give_back(&l->items[i]);
    l->count = 0;
    return status;
}

static tsr_status take(loans *l, const tsr__product *p, const tsr__matrix *m,
                       size_t rows, size_t columns, tsr_tensor **out)
{
    lent *item = &l->items[l->count];
    tsr_status status;

    *item = (lent){NULL, NULL};
    l->results[l->count++] = m == &p->c ? m->data : NULL;
    status = lend(l->device, p, m, rows, columns, item);
    *out = item->matrix;
    return status;
}

static tsr_status enqueue_block(loans *l, const tsr__product *p)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *a, *b, *c;
    tsr_status status;

    options.alpha = p->alpha;
    options.beta = p->beta;
    if ((status = take(l, p, &p->a, p->m, p->k, &a)) ||
        (status = take(l, p, &p->b, p->k, p->n, &b)) ||
        (status = take(l, p, &p->c, p->m, p->n, &c)))
        return status;
    return tsr_matmul(a, b, c, &options);
}

tsr_status tsr__compute_in_place(tsr_device *device, tsr__blocks blocks)
{
    loans l = {.device = device};
    tsr_status status = TSR_OK;
    tsr__block block;

    while (!status && tsr__blocks_next(&blocks, &block)) {
        if (l.count + 3 > LENT)
            status = settle(&l, TSR_OK);
        if (!status)
            status = enqueue_block(&l, &block.product);
    }
    return settle(&l, status);
}
