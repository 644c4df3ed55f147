/* host_tiles.h: the loops of host_loops.c, for one REAL; included once for each.
 *
 *              WIDE columns of B, in place or packed, k by k
 *      4 rows  [ sums: two vectors a row, in registers    ]
 *      of A
 */

/* Elements of a tile's row. */
#define WIDE (TSR__HOST_VECTORS * VECTOR_BYTES / sizeof(REAL))

/* sums[r] += a[r][k] * b[k]. Constant bounds: a compiler makes registers of the sums. */
static void SUM(size_t count, const REAL *const a[TSR__HOST_ROWS], size_t a_step,
                const REAL *b, size_t b_step, REAL out[TSR__HOST_ROWS][WIDE])
{
    REAL sums[TSR__HOST_ROWS][WIDE];

    for (size_t r = 0; r < TSR__HOST_ROWS; r++)
        for (size_t j = 0; j < WIDE; j++)
            sums[r][j] = 0;
    for (size_t k = 0; k < count; k++, b += b_step)
        for (size_t r = 0; r < TSR__HOST_ROWS; r++) {
            const REAL x = a[r][k * a_step];

            for (size_t j = 0; j < WIDE; j++)
                sums[r][j] += x * b[j];
        }
    for (size_t r = 0; r < TSR__HOST_ROWS; r++)
        for (size_t j = 0; j < WIDE; j++)
            out[r][j] = sums[r][j];
}

/* `columns` of B from `b` on, side by side; zeros behind them. */
static void PACK(const tsr_host_product *p, const REAL *b, size_t columns,
                 REAL panel[TSR__HOST_MOST_K][WIDE])
{
    for (size_t k = 0; k < p->k; k++, b += p->b.row_stride)
        for (size_t j = 0; j < WIDE; j++)
            panel[k][j] = j < columns ? b[j * p->b.column_stride] : 0;
}

/* What becomes of a tile's sums, as finish() of common.cl. A beta of 0 does not read C. */
static void FINISH(const tsr_host_product *p, REAL sums[TSR__HOST_ROWS][WIDE],
                   size_t rows, size_t columns, const REAL *bias, REAL *to,
                   const tsr_host_matrix *c)
{
    const REAL alpha = (REAL)p->alpha, beta = (REAL)p->beta;
    const bool whole = columns == WIDE && c->column_stride == 1;

    for (size_t r = 0; r < rows; r++) {
        if (whole && beta == 0 && !bias && p->activation == TSR_ACTIVATION_NONE) {
            for (size_t j = 0; j < WIDE; j++) /* as vectors */
                to[r * c->row_stride + j] = alpha * sums[r][j];
            continue;
        }
        for (size_t j = 0; j < columns; j++) {
            REAL *at = to + r * c->row_stride + j * c->column_stride;
            REAL x = alpha * sums[r][j];

            if (beta != 0)
                x += beta * *at;
            if (bias)
                x += bias[r * p->bias.row_stride + j * p->bias.column_stride];
            *at = p->activation == TSR_ACTIVATION_RELU && x < 0 ? 0 : x;
        }
    }
}

/* One of a batch, WIDE columns from column j on. Rows beyond the last are the last one. */
static void COLUMNS(const tsr_host_product *p, size_t batch, size_t j,
                    const tsr_host_matrix *c)
{
    const REAL *a = (const REAL *)p->a.data + batch * p->a.batch_stride;
    const REAL *b =
        (const REAL *)p->b.data + batch * p->b.batch_stride + j * p->b.column_stride;
    const REAL *bias = p->bias.data;
    REAL *to = (REAL *)c->data + batch * c->batch_stride + j * c->column_stride;
    const size_t columns = p->n - j < WIDE ? p->n - j : WIDE;
    size_t b_step = p->b.row_stride;
    REAL panel[TSR__HOST_MOST_K][WIDE], sums[TSR__HOST_ROWS][WIDE];

    if (p->b.column_stride != 1 || columns < WIDE) {
        PACK(p, b, columns, panel);
        b = panel[0];
        b_step = WIDE;
    }
    if (bias)
        bias += batch * p->bias.batch_stride + j * p->bias.column_stride;
    for (size_t i = 0; i < p->m; i += TSR__HOST_ROWS) {
        const size_t rows = p->m - i < TSR__HOST_ROWS ? p->m - i : TSR__HOST_ROWS;
        const REAL *of_a[TSR__HOST_ROWS];

        for (size_t r = 0; r < TSR__HOST_ROWS; r++)
            of_a[r] = a + (i + (r < rows ? r : rows - 1)) * p->a.row_stride;
        SUM(p->k, of_a, p->a.column_stride, b, b_step, sums);
        FINISH(p, sums, rows, columns, bias ? bias + i * p->bias.row_stride : NULL,
               to + i * c->row_stride, c);
    }
}

static void MULTIPLY(const tsr_host_product *p, const tsr_host_matrix *c)
{
    for (size_t batch = 0; batch < p->batch; batch++)
        for (size_t j = 0; j < p->n; j += WIDE)
            COLUMNS(p, batch, j, c);
}
