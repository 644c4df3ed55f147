/* The oracle: what each judged element should be, made once; results held against it. */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "matmul/bound.h"
#include "matmul/exact.h"
#include "matmul/oracle.h"
#include "matmul/residual.h"

struct tsr_oracle {
    tsr_host_product product; /* alpha and beta rounded */
    bool full;                /* every row is judged */
    size_t num_rows;          /* judged rows */
    size_t *rows;             /* which, t * m + i, ascending; NULL when full */
    tsr__expected *expected;  /* [num_rows][n] */
    tsr__residual residual;   /* no rows when full or with an activation */
};

/* How many rows to judge of `all`: all if their work and memory are within the limits,
 * else a quarter of what the limits allow, at least one; the residual sees the rest. */
static size_t rows_to_judge(const tsr_host_product *p, size_t all, double flops)
{
    double depth = p->alpha != 0 && p->k > 0 ? (double)p->k : 1;
    double by_work = flops / (2 * depth * (double)p->n);
    double by_memory = TSR_ORACLE_FULL_ELEMENTS / (double)p->n;
    double limit = fmin(by_work, by_memory);

    return (double)all <= limit ? all : (size_t)fmax(1, limit / 4);
}

/* One row at random from each of num_rows equal parts of all rows. */
static tsr_status choose_rows(tsr_oracle *oracle, size_t all, uint64_t seed)
{
    size_t part = all / oracle->num_rows, rest = all % oracle->num_rows, first = 0;

    oracle->rows = malloc(oracle->num_rows * sizeof *oracle->rows);
    if (!oracle->rows)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu row numbers",
                         oracle->num_rows);
    for (size_t r = 0; r < oracle->num_rows; r++) {
        size_t length = part + (r < rest);

        oracle->rows[r] = first + (size_t)(tsr__mix(~seed, r) % length);
        first += length;
    }
    return TSR_OK;
}

static void expect_piece(void *context, const tsr__exact_piece *piece)
{
    tsr_oracle *oracle = context;
    tsr__expected *to =
        oracle->expected + piece->which * oracle->product.n + piece->column;

    for (size_t l = 0; l < piece->count; l++)
        to[l] = tsr__expect(&oracle->product, piece->value[l], piece->magnitude[l]);
}

static tsr_status expect_all(tsr_oracle *oracle, uint64_t seed, double flops)
{
    const tsr_host_product *p = &oracle->product;
    size_t all = p->m * p->batch;
    tsr_status status;

    if (all == 0 || p->n == 0) {
        oracle->full = true;
        return TSR_OK;
    }
    oracle->num_rows = rows_to_judge(p, all, flops);
    oracle->full = oracle->num_rows == all;
    if (!oracle->full && (status = choose_rows(oracle, all, seed)))
        return status;
    oracle->expected = calloc(oracle->num_rows, p->n * sizeof *oracle->expected);
    if (!oracle->expected)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu x %zu exact values",
                         oracle->num_rows, p->n);
    status = tsr__exact_rows(p, oracle->rows, oracle->num_rows, expect_piece, oracle);
    if (!status && !oracle->full && p->activation == TSR_ACTIVATION_NONE)
        status = tsr__residual_create(p, seed, &oracle->residual);
    return status;
}

tsr_status tsr_oracle_create(const tsr_host_product *product, uint64_t seed,
                             tsr_oracle **out)
{
    return tsr__oracle_create_within(product, seed, TSR_ORACLE_FULL_FLOPS, out);
}

tsr_status tsr__oracle_create_within(const tsr_host_product *product, uint64_t seed,
                                     double flops, tsr_oracle **out)
{
    tsr_oracle *oracle;
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_oracle_create: out is NULL");
    *out = NULL;
    oracle = calloc(1, sizeof *oracle);
    if (!oracle)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for an oracle");
    status = tsr__host_product_check(product, "tsr_oracle_create", &oracle->product);
    if (!status)
        status = expect_all(oracle, seed, flops);
    if (status) {
        tsr_oracle_destroy(oracle);
        return status;
    }
    *out = oracle;
    return TSR_OK;
}

/* Keeps `got` in the verdict if it is the worst so far. */
static void weigh(const tsr_oracle *oracle, const tsr__expected *expected,
                  long double got, size_t row, size_t column, tsr_verdict *verdict)
{
    double ratio = tsr__error_ratio(&oracle->product, expected, got);

    if (verdict->checked > 1 && ratio <= verdict->error_ratio)
        return;
    verdict->error_ratio = ratio;
    verdict->worst_batch = row / oracle->product.m;
    verdict->worst_row = row % oracle->product.m;
    verdict->worst_column = column;
    verdict->got = (double)got;
    verdict->exact = (double)expected->exact;
    verdict->bound = expected->bound;
}

tsr_status tsr_oracle_check(const tsr_oracle *oracle, const tsr_host_matrix *c,
                            tsr_verdict *verdict)
{
    const tsr_host_product *p;
    tsr_status status;

    if (!oracle || !verdict)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_oracle_check: %s is NULL",
                         oracle ? "verdict" : "oracle");
    p = &oracle->product;
    *verdict = (tsr_verdict){.full = oracle->full};
    status = tsr__host_matrix_check(p, c, p->m, p->n, "tsr_oracle_check", "c");
    if (status)
        return status;

    for (size_t r = 0; r < oracle->num_rows; r++) {
        size_t row = oracle->rows ? oracle->rows[r] : r;

        for (size_t j = 0; j < p->n; j++) {
            long double got = tsr__host_at(p->dtype, c, row / p->m, row % p->m, j);

            verdict->checked++;
            weigh(oracle, &oracle->expected[r * p->n + j], got, row, j, verdict);
        }
    }
    for (size_t row = 0; row < oracle->residual.rows; row++) {
        const tsr__expected *expected = &oracle->residual.row[row];

        /* Where the operands hold NaN or infinity the sum says nothing. */
        if (isfinite(expected->exact))
            weigh(oracle, expected,
                  tsr__residual_of(&oracle->residual, p, c, row / p->m, row % p->m),
                  row, (size_t)-1, verdict);
    }
    verdict->ok = verdict->error_ratio <= 1;
    return TSR_OK;
}

void tsr_oracle_destroy(tsr_oracle *oracle)
{
    if (!oracle)
        return;
    tsr__residual_destroy(&oracle->residual);
    free(oracle->expected);
    free(oracle->rows);
    free(oracle);
}
