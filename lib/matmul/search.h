/* search.h: which way to solve a problem is fastest on a device, by trying.
 *
 * Candidates are tried in the order of their estimates. Each is run once and judged; what
 * is wrong, or takes twice as long as the best so far, is out. The best few and the stock
 * choice then take turns, so that what disturbs the machine disturbs all of them. Another
 * than stock wins only if it is faster by more than noise.
 */
#ifndef TSR_MATMUL_SEARCH_H
#define TSR_MATMUL_SEARCH_H

#include "matmul/winner.h"

/* How far a search is. */
typedef struct tsr__search_news {
    size_t tried, candidates;
    double stock_seconds, best_seconds; /* 0: none yet */
    bool finals;
} tsr__search_news;

typedef struct tsr__search {
    const tsr__strategy *const *strategies; /* whose candidates are tried */
    size_t count;
    const tsr__strategy *stock; /* one of them: what the cost model takes */
    const tsr__winner *start;   /* tried first after stock; NULL for none */
    /* What stock took before, for when its parameters are overridden by now; 0: not known. */
    double stock_seconds;
    double seconds; /* to take, about: a build that has begun is finished */
    /* Told between candidates; false ends the search. NULL: nobody is told. */
    bool (*go_on)(void *user, const tsr__search_news *news);
    void *user;
} tsr__search;

/* By how much another than stock has to be faster. */
#define TSR__SEARCH_GAIN 1.03

/* *found is false if the search ended before anything could be said. Where stock does not
 * work on this device its time is that of the winner.
 * Errors: those of a stage; UNSUPPORTED (nothing gives right results). */
tsr_status tsr__search_run(tsr_device *device, const tsr__problem *problem,
                           const tsr__search *search, tsr__winner *out, bool *found);

/* What a strategy's own best guess takes, quickly and without judging it.
 * Errors: those of a stage and of the strategy. */
tsr_status tsr__search_stock(tsr_device *device, const tsr__problem *problem,
                             const tsr__strategy *stock, double *seconds);

#endif /* TSR_MATMUL_SEARCH_H */
