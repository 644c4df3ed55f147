#include "matmul/host_parts.h"

#include "base/checked.h"

/* Flops of a part at least: below it, a turn at the counter that the threads share shows. */
#define LEAST_FLOPS 65e3

/* Parts of a product that has enough flops. With n parts the last one of a thread ends at
 * most 1 / n of the time after that of the other. */
#define PARTS 16

/* Rows of a part at least. Where each part packs its columns of B, more rows share that. */
#define LEAST_ROWS   32
#define LEAST_PACKED 128

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whole matrices while they are small, whole panels of B while these are. */
tsr__host_parts tsr__host_parts_of(const tsr__problem *p, unsigned vector_bytes)
{
    const size_t wide = vector_bytes / tsr_dtype_size(p->dtype) * TSR__HOST_VECTORS;
    const size_t least = p->b.column == 1 ? LEAST_ROWS : LEAST_PACKED;
    const double line = 2.0 * (double)p->m * (double)p->k; /* of a column of C */
    const double matrix = line * (double)p->n;
    const double share = matrix * (double)p->batch / PARTS;
    const double wanted = share > LEAST_FLOPS ? share : LEAST_FLOPS;
    tsr__host_parts parts = {1, p->m, p->n, 1, 1, 1};

    if (matrix < wanted) {
        parts.batches = smaller(p->batch, (size_t)(wanted / matrix) + 1);
    } else {
        const double panel = line * (double)smaller(wide, p->n);
        const size_t columns =
            smaller(tsr__divide_up(p->n, wide), (size_t)(matrix / wanted) + 1);
        const size_t rows =
            smaller(tsr__divide_up(p->m, least), (size_t)(panel / wanted) + 1);

        parts.rows = tsr__round_up(tsr__divide_up(p->m, rows), TSR__HOST_ROWS);
        parts.columns = tsr__round_up(tsr__divide_up(p->n, columns), wide);
        parts.row_parts = tsr__divide_up(p->m, parts.rows);
        parts.column_parts = tsr__divide_up(p->n, parts.columns);
    }
    parts.count =
        tsr__divide_up(p->batch, parts.batches) * parts.row_parts * parts.column_parts;
    return parts;
}

static void move(tsr_host_matrix *matrix, size_t size, size_t t, size_t row,
                 size_t column)
{
    if (matrix->data)
        matrix->data = (const char *)matrix->data +
                       size * (t * matrix->batch_stride + row * matrix->row_stride +
                               column * matrix->column_stride);
}

void tsr__host_part(const tsr__host_parts *parts, size_t index, tsr_host_product *p,
                    tsr_host_matrix *c)
{
    const size_t size = tsr_dtype_size(p->dtype);
    const size_t blocks = parts->row_parts * parts->column_parts;
    const size_t t = index / blocks * parts->batches;
    const size_t row = index % blocks / parts->column_parts * parts->rows;
    const size_t column = index % parts->column_parts * parts->columns;

    p->batch = smaller(parts->batches, p->batch - t);
    p->m = smaller(parts->rows, p->m - row);
    p->n = smaller(parts->columns, p->n - column);
    move(&p->a, size, t, row, 0);
    move(&p->b, size, t, 0, column);
    move(&p->bias, size, t, row, column);
    move(c, size, t, row, column);
}
