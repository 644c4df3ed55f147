/* plain_loops.h: the loops of plain.c, for one REAL; included once for each. */

/* c = beta * c over m x n; a beta of 0 does not read c. */
static void SCALE(size_t m, size_t n, REAL beta, REAL *c, ptrdiff_t row,
                  ptrdiff_t column)
{
    for (size_t j = 0; j < n; j++) {
        REAL *to = c + (ptrdiff_t)j * column;

        for (size_t i = 0; i < m; i++, to += row)
            *to = beta == 0 ? 0 : beta * *to;
    }
}

/* Column by column, as the reference does: sums of columns of A where those are
 * contiguous, products with its rows elsewhere. */
static void MULTIPLY(const tsr__product *p, const REAL *a, const REAL *b, REAL *c)
{
    REAL alpha = (REAL)p->alpha, beta = (REAL)p->beta;
    bool by_columns = p->a.row == 1;

    if (by_columns)
        SCALE(p->m, p->n, beta, c, p->c.row, p->c.column);
    for (size_t j = 0; j < p->n; j++) {
        const REAL *right = b + (ptrdiff_t)j * p->b.column;
        REAL *to = c + (ptrdiff_t)j * p->c.column;

        for (size_t l = 0; by_columns && l < p->k; l++) {
            REAL factor = alpha * right[(ptrdiff_t)l * p->b.row];
            const REAL *left = a + (ptrdiff_t)l * p->a.column;

            for (size_t i = 0; i < p->m; i++)
                to[(ptrdiff_t)i * p->c.row] += factor * left[i];
        }
        for (size_t i = 0; !by_columns && i < p->m; i++) {
            const REAL *left = a + (ptrdiff_t)i * p->a.row;
            REAL *at = to + (ptrdiff_t)i * p->c.row, sum = 0;

            for (size_t l = 0; l < p->k; l++)
                sum +=
                    left[(ptrdiff_t)l * p->a.column] * right[(ptrdiff_t)l * p->b.row];
            *at = alpha * sum + (beta == 0 ? 0 : beta * *at);
        }
    }
}
