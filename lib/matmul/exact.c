/* The sums, block by block: DEPTH x COLUMNS of B are copied to strips of STRIP
 * contiguous columns, and each row of A runs down each strip with its sums in registers.
 */
#include "matmul/exact.h"

#include <math.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/error.h"

enum { STRIP = 8, COLUMNS = 256, DEPTH = 256, ROWS = 512 };

typedef struct workspace {
    double *b;              /* strips of B: [COLUMNS / STRIP][DEPTH][STRIP] */
    double *a;              /* a piece of a row of A: [DEPTH] */
    long double *value;     /* [ROWS][COLUMNS] */
    long double *magnitude; /* the same */
} workspace;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* sum[l] += sum over k of a[k] * b[k][l], magnitude[l] += of |a[k] * b[k][l]|. A product
 * of two floats is exact in double. */
static void add_strip_f32(size_t depth, const double *a, const double *b,
                          long double *sum, long double *magnitude)
{
    double s[STRIP] = {0}, m[STRIP] = {0};

    for (size_t k = 0; k < depth; k++) {
        for (size_t l = 0; l < STRIP; l++) {
            double product = a[k] * b[k * STRIP + l];

            s[l] += product;
            m[l] += fabs(product);
        }
    }
    for (size_t l = 0; l < STRIP; l++) {
        sum[l] += s[l];
        magnitude[l] += m[l];
    }
}

/* The same with the sums in long double, for f64. */
static void add_strip_f64(size_t depth, const double *a, const double *b,
                          long double *sum, long double *magnitude)
{
    for (size_t l = 0; l < STRIP; l++) {
        long double s = 0, m = 0;

        for (size_t k = 0; k < depth; k++) {
            long double product = (long double)a[k] * b[k * STRIP + l];

            s += product;
            m += fabsl(product);
        }
        sum[l] += s;
        magnitude[l] += m;
    }
}

/* Copies B[k .. k + depth, j .. j + columns] into strips, with zeros to fill the last. */
static void pack_b(const tsr_host_product *p, size_t t, size_t k, size_t depth,
                   size_t j, size_t columns, double *strips)
{
    for (size_t strip = 0; strip < columns; strip += STRIP) {
        size_t width = smaller(STRIP, columns - strip);

        for (size_t d = 0; d < depth; d++) {
            for (size_t l = 0; l < width; l++)
                strips[l] = tsr__host_at(p->dtype, &p->b, t, k + d, j + strip + l);
            for (size_t l = width; l < STRIP; l++)
                strips[l] = 0;
            strips += STRIP;
        }
    }
}

/* value and magnitude of the rows `rows` of batch t, columns j .. j + columns: sums. */
static void sum_block(const tsr_host_product *p, const workspace *w, size_t t,
                      const size_t *rows, size_t num_rows, size_t j, size_t columns)
{
    for (size_t k = 0; k < p->k; k += DEPTH) {
        size_t depth = smaller(DEPTH, p->k - k);

        pack_b(p, t, k, depth, j, columns, w->b);
        for (size_t r = 0; r < num_rows; r++) {
            for (size_t d = 0; d < depth; d++)
                w->a[d] = tsr__host_at(p->dtype, &p->a, t, rows[r], k + d);
            for (size_t strip = 0; strip < columns; strip += STRIP) {
                const double *b = w->b + strip * depth;
                long double *value = w->value + r * COLUMNS + strip;
                long double *magnitude = w->magnitude + r * COLUMNS + strip;

                if (p->dtype == TSR_F32)
                    add_strip_f32(depth, w->a, b, value, magnitude);
                else
                    add_strip_f64(depth, w->a, b, value, magnitude);
            }
        }
    }
}

/* Turns the sums of one piece of a row into elements. */
static void finish_piece(const tsr_host_product *p, const tsr__exact_piece *piece,
                         long double *value, long double *magnitude)
{
    long double alpha = p->alpha, beta = p->beta;

    for (size_t l = 0; l < piece->count; l++) {
        if (alpha != 0) {
            value[l] *= alpha;
            magnitude[l] *= fabsl(alpha);
        }
        if (beta != 0) {
            long double term = beta * tsr__host_at(p->dtype, &p->c0, piece->batch,
                                                   piece->row, piece->column + l);

            value[l] += term;
            magnitude[l] += fabsl(term);
        }
        if (p->bias.data) {
            long double term = tsr__host_at(p->dtype, &p->bias, piece->batch,
                                            piece->row, piece->column + l);

            value[l] += term;
            magnitude[l] += fabsl(term);
        }
    }
}

static void do_block(const tsr_host_product *p, const workspace *w, size_t which,
                     size_t t, const size_t *rows, size_t num_rows, size_t j,
                     size_t columns, tsr__exact_visit *visit, void *context)
{
    for (size_t r = 0; r < num_rows; r++) {
        for (size_t l = 0; l < tsr__round_up(columns, STRIP); l++) {
            w->value[r * COLUMNS + l] = 0;
            w->magnitude[r * COLUMNS + l] = 0;
        }
    }
    if (p->alpha != 0)
        sum_block(p, w, t, rows, num_rows, j, columns);
    for (size_t r = 0; r < num_rows; r++) {
        long double *value = w->value + r * COLUMNS;
        long double *magnitude = w->magnitude + r * COLUMNS;
        tsr__exact_piece piece = {which + r, t, rows[r], j, columns, value, magnitude};

        finish_piece(p, &piece, value, magnitude);
        visit(context, &piece);
    }
}

/* The chosen rows from place `first` on that share one batch: their batch in *t, their
 * rows in `list`, at most ROWS. Gives how many. */
static size_t next_rows(const tsr_host_product *p, const size_t *rows, size_t num_rows,
                        size_t first, size_t *t, size_t *list)
{
    size_t count = 0;

    *t = (rows ? rows[first] : first) / p->m;
    while (count < ROWS && first + count < num_rows) {
        size_t row = rows ? rows[first + count] : first + count;

        if (row / p->m != *t)
            break;
        list[count++] = row % p->m;
    }
    return count;
}

tsr_status tsr__exact_rows(const tsr_host_product *p, const size_t *rows,
                           size_t num_rows, tsr__exact_visit *visit, void *context)
{
    size_t all = rows ? num_rows : p->m * p->batch;
    size_t depth = smaller(DEPTH, p->k);
    size_t columns = tsr__round_up(smaller(COLUMNS, p->n), STRIP);
    size_t height = smaller(ROWS, all);
    size_t list[ROWS];
    workspace w = {0};
    tsr_status status = TSR_OK;

    if (all == 0 || p->n == 0)
        return TSR_OK;
    w.b = malloc((depth * columns + 1) * sizeof *w.b);
    w.a = malloc((depth + 1) * sizeof *w.a);
    w.value = malloc(height * COLUMNS * sizeof *w.value);
    w.magnitude = malloc(height * COLUMNS * sizeof *w.magnitude);
    if (!w.b || !w.a || !w.value || !w.magnitude) {
        status =
            tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu rows of sums", height);
        goto free_workspace;
    }
    for (size_t which = 0, count; which < all; which += count) {
        size_t t;

        count = next_rows(p, rows, all, which, &t, list);
        for (size_t j = 0; j < p->n; j += COLUMNS)
            do_block(p, &w, which, t, list, count, j, smaller(COLUMNS, p->n - j), visit,
                     context);
    }
free_workspace:
    free(w.magnitude);
    free(w.value);
    free(w.a);
    free(w.b);
    return status;
}

long double tsr__activate(tsr_activation activation, long double x)
{
    switch (activation) {
    case TSR_ACTIVATION_NONE:
        break;
    case TSR_ACTIVATION_RELU:
        return x < 0 ? 0 : x;
    case TSR_ACTIVATION_TANH:
        return tanhl(x);
    case TSR_ACTIVATION_SIGMOID:
        return 1 / (1 + expl(-x));
    case TSR_ACTIVATION_GELU:
        return x / 2 * (1 + erfl(x * 0.70710678118654752440084436210485L));
    }
    return x;
}
