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

static tsr_status compute_block(tsr_device *device, const tsr__product *p)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    lent a = {NULL, NULL}, b = {NULL, NULL}, c = {NULL, NULL};
    tsr_status status;

    options.alpha = p->alpha;
    options.beta = p->beta;
    if (!(status = lend(device, p, &p->a, p->m, p->k, &a)) &&
        !(status = lend(device, p, &p->b, p->k, p->n, &b)) &&
        !(status = lend(device, p, &p->c, p->m, p->n, &c)) &&
        !(status = tsr_matmul(a.matrix, b.matrix, c.matrix, &options)))
        status = tsr_tensor_read(c.array, p->c.data);
    give_back(&c);
    give_back(&b);
    give_back(&a);
    return status;
}

tsr_status tsr__compute_in_place(tsr_device *device, const tsr__product *product,
                                 size_t room)
{
    tsr__blocks blocks = tsr__blocks_cut(product, (tsr__room){room, true});
    tsr_status status = TSR_OK;
    tsr__block block;

    while (!status && tsr__blocks_next(&blocks, &block))
        status = compute_block(device, &block.product);
    return status;
}
