#include "series.h"

static bool is_square(const problem *p)
{
    return p->m == p->n && p->n == p->k;
}

static bool same_kind(const problem *p, const problem *q)
{
    return p->dtype == q->dtype && p->batch == q->batch && p->trans_a == q->trans_a &&
           p->trans_b == q->trans_b;
}

series series_of(const results *all)
{
    const problem *first = all->case_count ? &all->cases[0].problem : NULL;
    bool squares = true, rows = true;

    for (size_t i = 0; i < all->case_count; i++) {
        const problem *p = &all->cases[i].problem;

        if (!same_kind(p, first) || p->m == 0 ||
            (i && p->m <= all->cases[i - 1].problem.m))
            return SERIES_NONE;
        squares &= is_square(p);
        rows &= p->n == first->n && p->k == first->k;
    }
    if (all->case_count < 2)
        return SERIES_NONE;
    return squares ? SERIES_SQUARES : rows ? SERIES_ROWS : SERIES_NONE;
}
