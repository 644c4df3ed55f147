#include "matmul/residual.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "matmul/exact.h"

/* A sum and the sum of its terms' absolute values. */
typedef struct sum {
    long double value, magnitude;
} sum;

/* Row `row` of a matrix times t. */
static sum signed_row(const tsr_host_product *p, const tsr_host_matrix *matrix,
                      const double *t, size_t batch, size_t row)
{
    sum s = {0, 0};

    for (size_t j = 0; j < p->n; j++) {
        long double x = tsr__host_at(p->dtype, matrix, batch, row, j);

        s.value += t[j] * x;
        s.magnitude += fabsl(x);
    }
    return s;
}

/* Row `row` of alpha * A (B t) + beta * C0 t + bias t, bt being B t. */
static sum right_side(const tsr_host_product *p, const sum *bt, const double *t,
                      size_t batch, size_t row)
{
    long double alpha = p->alpha, beta = p->beta;
    sum s = {0, 0};

    if (alpha != 0) {
        for (size_t k = 0; k < p->k; k++) {
            long double a = tsr__host_at(p->dtype, &p->a, batch, row, k);

            s.value += a * bt[k].value;
            s.magnitude += fabsl(a) * bt[k].magnitude;
        }
        s.value *= alpha;
        s.magnitude *= fabsl(alpha);
    }
    if (beta != 0) {
        sum c = signed_row(p, &p->c0, t, batch, row);

        s.value += beta * c.value;
        s.magnitude += fabsl(beta) * c.magnitude;
    }
    if (p->bias.data) {
        sum b = signed_row(p, &p->bias, t, batch, row);

        s.value += b.value;
        s.magnitude += b.magnitude;
    }
    return s;
}

tsr_status tsr__residual_create(const tsr_host_product *p, uint64_t seed,
                                tsr__residual *out)
{
    size_t rows = p->m * p->batch;
    tsr__expected *row = malloc(rows * sizeof *row);
    double *t = malloc(p->n * sizeof *t);
    sum *bt = malloc((p->k + 1) * sizeof *bt);

    if (!row || !t || !bt) {
        free(bt);
        free(t);
        free(row);
        return tsr__fail(TSR_ERROR_HOST_MEMORY,
                         "no memory for the residual of %zu rows", rows);
    }
    for (size_t j = 0; j < p->n; j++)
        t[j] = tsr__mix(seed, j) >> 63 ? -1 : 1;
    for (size_t r = 0; r < rows; r++) {
        size_t batch = r / p->m, i = r % p->m;
        sum s;

        for (size_t k = 0; i == 0 && p->alpha != 0 && k < p->k; k++)
            bt[k] = signed_row(p, &p->b, t, batch, k);
        s = right_side(p, bt, t, batch, i);
        row[r] = tsr__expect_sum(p, p->n, s.value, s.magnitude);
    }
    free(bt);
    *out = (tsr__residual){rows, t, row};
    return TSR_OK;
}

long double tsr__residual_of(const tsr__residual *residual, const tsr_host_product *p,
                             const tsr_host_matrix *c, size_t batch, size_t row)
{
    return signed_row(p, c, residual->t, batch, row).value;
}

void tsr__residual_destroy(tsr__residual *residual)
{
    free(residual->t);
    free(residual->row);
    *residual = (tsr__residual){0};
}
