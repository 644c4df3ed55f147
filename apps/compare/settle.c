#include "settle.h"

#include <math.h>

/* Two undisturbed probes differ by less than this. */
#define DRIFT 1.15

void settle_roof(case_result *c, const tsr_roof *best)
{
    const problem *p = &c->problem;

    c->run_roof_s = isnan(c->roof_s)
                        ? NAN
                        : tsr_roof_seconds(best, p->dtype, p->m, p->n, p->k, p->batch);
}

bool settle_has_moved(const case_result *c)
{
    return c->roof_s > DRIFT * c->run_roof_s;
}

size_t settle_count_moved(const results *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->case_count; i++)
        count += settle_has_moved(&all->cases[i]);
    return count;
}
