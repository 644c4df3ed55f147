/* What needs no device: the oracle, and the definitions in plain C. */
#include <tessera/oracle.h>
#include <tessera/perturb.h>

#include "scenarios.h"

static void widen(double *out, const float *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (double)in[i];
}

/* The product in plain C, which the oracle finds right, and wrong with another element. */
static tsr_status run_definition(work *w)
{
    const size_t m = w->s->m, n = w->s->n, k = w->s->k;
    const tsr_host_product product = {.dtype = TSR_F32,
                                      .m = m,
                                      .n = n,
                                      .k = k,
                                      .batch = 1,
                                      .a = {w->a, k, 1, m * k},
                                      .b = {w->b, n, 1, k * n},
                                      .alpha = 1.0};
    const tsr_host_matrix c = {w->lent, n, 1, m * n};
    tsr_oracle *oracle = NULL;
    tsr_verdict verdict;
    tsr_status status;

    if ((status = tsr_reference_matmul(&product, w->lent, n, 1, m * n)) ||
        (status = tsr_oracle_create(&product, 1, &oracle)))
        return status;
    if (!(status = tsr_oracle_check(oracle, &c, &verdict))) {
        w->wrong = w->wrong || !verdict.ok;
        w->lent[m * n / 2] += 1.0f;
        status = tsr_oracle_check(oracle, &c, &verdict);
        w->wrong = w->wrong || (!status && verdict.ok);
    }
    tsr_oracle_destroy(oracle);
    return status;
}

/* A step against the gradient makes the loss less. */
static tsr_status run_network(work *w)
{
    enum { INPUTS = 3, HIDDEN = 4, CLASSES = 2, BATCH = 2 };
    static const uint32_t labels[BATCH] = {1, 0};
    const tsr_network_sizes sizes = {BATCH, INPUTS, HIDDEN, CLASSES};
    double x[BATCH * INPUTS], w1[INPUTS * HIDDEN], w2[HIDDEN * CLASSES];
    double g1[INPUTS * HIDDEN], g2[HIDDEN * CLASSES], before = 0.0, after = 0.0;
    tsr_status status;
    size_t right;

    widen(x, w->a, BATCH * INPUTS);
    widen(w1, w->b, INPUTS * HIDDEN);
    widen(w2, w->b + INPUTS * HIDDEN, HIDDEN * CLASSES);
    if ((status =
             tsr_reference_network_loss(&sizes, x, labels, w1, w2, &before, &right)) ||
        (status = tsr_reference_network_gradient(&sizes, x, labels, w1, w2, g1, g2)))
        return status;
    for (size_t i = 0; i < INPUTS * HIDDEN; i++)
        w1[i] -= 1e-3 * g1[i];
    for (size_t i = 0; i < HIDDEN * CLASSES; i++)
        w2[i] -= 1e-3 * g2[i];
    status = tsr_reference_network_loss(&sizes, x, labels, w1, w2, &after, &right);
    w->wrong = w->wrong || (!status && !(after < before));
    return status;
}

tsr_status run_oracle(work *w)
{
    tsr_status status;

    if (!(status = run_definition(w)) && !(status = run_network(w)))
        status = run_upload(w);
    return status;
}
