/* run: the life of a call whose arguments are right, in the reference's order. */
#include "call.h"
#include "compute.h"
#include "next.h"
#include "who.h"

void tsr__gemm_run(const tsr__gemm *g)
{
    bool empty = g->alpha == 0.0 || g->k == 0;
    tsr__product product;

    if (g->m == 0 || g->n == 0 || g->batch == 0 || (empty && g->beta == 1.0))
        return;
    if (!empty && tsr__is_small(2.0 * g->m * g->n * g->k * g->batch)) {
        tsr__next_gemm(g);
        return;
    }
    product = tsr__product_of_gemm(g);
    if (empty)
        tsr__plain_scale(&product);
    else if (!tsr__compute(&product))
        tsr__next_gemm(g);
}

/* An empty sum, unlike gemm's, leaves y alone. */
void tsr__gemv_run(const tsr__gemv *g)
{
    tsr__product product;

    if (g->m == 0 || g->n == 0 || (g->alpha == 0.0 && g->beta == 1.0))
        return;
    product = tsr__product_of_gemv(g);
    if (g->alpha == 0.0)
        tsr__plain_scale(&product);
    else if (!tsr__compute(&product))
        tsr__next_gemv(g);
}
