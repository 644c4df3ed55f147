/* search.h: which way to solve a problem is fastest on a device, by trying.
 *
 * Candidates are tried in an order: stock, what a record says, a relative's record, each
 * strategy's best guess, sets by their estimates. Each is run once and judged; what is
 * wrong, or takes twice as long as the best so far, is out. The best few then take turns
 * (finals.h). A search goes on for a while, as often as it is told to, and says what it
 * knows in between.
 */
#ifndef TSR_MATMUL_SEARCH_H
#define TSR_MATMUL_SEARCH_H

#include "matmul/pace.h"
#include "matmul/winner.h"

typedef struct tsr__search tsr__search;

/* Everything is lent for as long as the search lives. */
typedef struct tsr__search_goal {
    const tsr__strategy *const *strategies; /* whose candidates are tried */
    size_t count;
    const tsr__strategy *stock; /* one of them: what the cost model takes */
    /* What the router takes by a record; holds its place unless another is faster by more
     * than noise. Its stock_seconds are 0 if they are not of this device. NULL for none. */
    const tsr__winner *known;
    const tsr__winner *start; /* what a distant relative's record says; NULL for none */
    tsr__pace *pace;          /* shared with searches of other problems */
} tsr__search_goal;

/* How far a search is. */
typedef struct tsr__search_news {
    size_t tried, candidates;
    double stock_seconds, best_seconds; /* 0: none yet */
} tsr__search_news;

/* To go on for how long. What should end too late, by its pace, is not begun. */
typedef struct tsr__search_time {
    /* Seconds, about; beyond it only one candidate, or what a first decision needs, is
     * begun. */
    double share;
    double most; /* seconds beyond which not even that is */
    /* Whether sets may be tried that override a strategy's best guess for good. */
    bool may_override;
    /* Told between candidates; false ends it. NULL: nobody is told. */
    bool (*go_on)(void *user, const tsr__search_news *news);
    void *user;
} tsr__search_time;

/* Errors: HOST_MEMORY. */
tsr_status tsr__search_create(tsr_device *device, const tsr__problem *problem,
                              const tsr__search_goal *goal, tsr__search **out);

/* Errors: those of a stage; UNSUPPORTED (nothing gives right results). */
tsr_status tsr__search_go(tsr__search *search, const tsr__search_time *time);

/* What is fastest of what was tried. False if nothing can be said yet: that takes two
 * candidates, unless there are no two. Where stock does not work on this device its time
 * is that of the winner. */
bool tsr__search_winner(const tsr__search *search, tsr__winner *out);

/* Whether there is a winner other than stock that can take turns once more. */
bool tsr__search_can_confirm(const tsr__search *search);

/* Lets that winner take turns once more, on other operands, with who held the place before
 * the search and with stock: the luckiest of many candidates is seldom lucky twice. If it
 * does not win again, the place is theirs. A search that cannot is left as it is, and so
 * is one that is stopped.
 * Errors: those of a stage. */
tsr_status tsr__search_confirm(tsr__search *search, const tsr__search_time *time);

/* Seconds that the next candidate should take, and to compare it; 0: there is none left, or
 * nothing is known yet. */
double tsr__search_needs(const tsr__search *search);

/* Whether that candidate overrides a strategy's best guess for good. */
bool tsr__search_overrides_next(const tsr__search *search);

tsr__search_news tsr__search_so_far(const tsr__search *search);

void tsr__search_destroy(tsr__search *search);

#endif /* TSR_MATMUL_SEARCH_H */
