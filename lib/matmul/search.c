#include "matmul/search.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/trace.h"
#include "matmul/finals.h"

#define MOST_LOOPS 256

/* What is this much slower than the best is out. */
#define DROPPED 2.0

/* Batches in one go, and where to change parameters costs a build. */
#define BATCHES 2
#define SITTING 5

/* Products that a trial runs, each as long as a batch or longer: to be judged, to know how
 * long one takes, to be timed. */
#define TRIAL_RUNS (2.0 + BATCHES)

/* Builds at a time. */
#define MOST_CORES 16

struct tsr__search {
    tsr_device *device;
    tsr__problem problem; /* as a stage has it, once there was one */
    tsr__search_goal goal;
    tsr__candidates all; /* found on the first stage */
    size_t known;        /* the place of what a record says; 0: there is none */
    size_t holder;       /* the winner's place; before, `known` */
    bool decided;        /* the holder is the winner */
    size_t tried;
    double best; /* seconds; 0: none yet */
};

/* A search at work. */
typedef struct run {
    tsr__search *search;
    const tsr__search_time *time;
    tsr__stage stage;
    double start;
    size_t before; /* so many were tried before */
    bool stopped;
} run;

static bool go_on(void *user)
{
    run *r = user;
    const tsr__search_news news = tsr__search_so_far(r->search);

    if (!r->stopped && r->time->go_on)
        r->stopped = !r->time->go_on(r->time->user, &news);
    return !r->stopped;
}

/* ---- Time ------------------------------------------------------------------------ */

/* Whether two were tried, or there are no two. */
static bool can_decide(const tsr__search *s)
{
    return s->tried >= 2 || s->tried == s->all.count;
}

/* Seconds to try the next `count`, and to judge them by turns. */
static double seconds_for(const tsr__search *s, size_t count)
{
    double seconds = s->best > 0.0 ? tsr__finals_seconds(s->best) : 0.0;

    for (size_t i = s->tried; i < s->tried + count; i++)
        seconds +=
            tsr__pace_of(s->goal.pace, s->all.items[i].strategy) + TRIAL_RUNS * s->best;
    return seconds;
}

double tsr__search_needs(const tsr__search *s)
{
    return s->tried < s->all.count ? seconds_for(s, 1) : 0.0;
}

bool tsr__search_overrides_next(const tsr__search *s)
{
    return s->tried < s->all.count && tsr__candidate_overrides(&s->all.items[s->tried]);
}

/* Whether the next `count` would be done with in time. What a first decision needs, and one
 * in any case, may take more than the share. */
static bool is_in_time(const run *r, size_t count)
{
    const tsr__search *s = r->search;
    double end = tsr__seconds() - r->start + seconds_for(s, count);
    bool must = count == 1 && (!can_decide(s) || s->tried == r->before);

    return end <= r->time->share || (must && end <= r->time->most);
}

/* ---- Trying ---------------------------------------------------------------------- */

/* As many products as last a while. */
static unsigned loops_for(double seconds)
{
    double loops = TSR__BATCH_SECONDS / (seconds > 1e-7 ? seconds : 1e-7);

    return loops < 1.0 ? 1 : loops > MOST_LOOPS ? MOST_LOOPS : (unsigned)loops;
}

static void trace_out(const tsr__candidate *c, const char *why)
{
    char set[TSR__SET_SIZE];

    tsr__set_text(c->strategy, c->has_set ? &c->set : NULL, set);
    tsr__trace(TSR__TRACE_ROUTER, "%s%s%s is out: %s", c->strategy->name,
               set[0] ? " " : "", set, why);
}

/* What the cost model is held to. */
static void trace_time(const tsr__problem *p, const tsr_device_info *info,
                       const tsr__candidate *c, double seconds)
{
    const tsr__space *space = c->strategy->space;
    char set[TSR__SET_SIZE];

    if (!tsr__trace_on(TSR__TRACE_ROUTER))
        return;
    tsr__set_text(c->strategy, c->has_set ? &c->set : NULL, set);
    tsr__trace(TSR__TRACE_ROUTER, "%s: %s%s%s took %.4g ms, estimated %.4g",
               tsr__problem_text(p), c->strategy->name, set[0] ? " " : "", set,
               1e3 * seconds,
               1e3 * (c->has_set ? space->estimate(p, info, &c->set)
                                 : c->strategy->cost(p, info)));
}

/* Whether the candidate is a best guess that is overridden. */
static bool is_gone(const run *r, const tsr__candidate *c)
{
    return !c->has_set &&
           !tsr__candidate_can_repeat(c, r->stage.device, &r->stage.problem);
}

/* The best of `batches`, and of *seconds if that is not 0. */
static tsr_status time_batches(run *r, const tsr__candidate *c, int batches,
                               double *seconds)
{
    tsr_status status = TSR_OK;

    for (int i = 0; i < batches && !status; i++) {
        double now;

        status = tsr__stage_time(&r->stage, &c->plan, c->loops, &now);
        if (!status && (*seconds == 0.0 || now < *seconds))
            *seconds = now;
    }
    return status;
}

static bool is_too_slow(const tsr__search *s, double seconds)
{
    return s->best > 0.0 && seconds > DROPPED * s->best;
}

/* What seems to be too slow has another chance: something else may have run. A product that
 * is long averages over that. */
static tsr_status time_it(run *r, tsr__candidate *c, double *seconds)
{
    int batches = tsr__candidate_is_exclusive(c) ? SITTING : BATCHES;
    tsr_status status;

    c->loops = 1;
    *seconds = 0.0;
    if ((status = time_batches(r, c, 1, seconds)) || *seconds > TSR__LONG_SECONDS)
        return status;
    c->loops = loops_for(*seconds);
    if (c->loops > 1)
        *seconds = 0.0;
    status = time_batches(r, c, batches, seconds);
    if (!status && is_too_slow(r->search, *seconds))
        status = time_batches(r, c, batches, seconds);
    return status;
}

/* Judges a candidate and times it. Its `best` stays 0 if it is out. Failures are the
 * candidate's own: it is out. What holds the place, and stock, may be slow. */
static void try(run *r, tsr__candidate *c)
{
    tsr__search *s = r->search;
    bool may_be_slow = c == s->all.items || c == &s->all.items[s->holder];
    double seconds;
    bool right;

    if (!c->built)
        return;
    if (tsr__stage_check(&r->stage, &c->plan, &right)) {
        trace_out(c, tsr_error_detail());
        return;
    }
    if (!right) {
        trace_out(c, "its result is wrong");
        return;
    }
    if (time_it(r, c, &seconds))
        return;
    trace_time(&r->stage.problem, &r->stage.device->info, c, seconds);
    if (!may_be_slow && is_too_slow(s, seconds))
        return;
    c->best = seconds;
    if (s->best == 0.0 || seconds < s->best)
        s->best = seconds;
}

/* The same, and how long it took beside its products and its part of a build. */
static void try_timed(run *r, tsr__candidate *c, double build_seconds)
{
    double start = tsr__seconds(), seconds;

    if (!is_gone(r, c))
        try(r, c);
    seconds = build_seconds + tsr__seconds() - start - TRIAL_RUNS * c->best;
    tsr__pace_note(r->search->goal.pace, c->strategy, seconds > 0.0 ? seconds : 0.0);
}

static size_t number_of_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > MOST_CORES ? MOST_CORES : (size_t)cores;
}

/* How many to build side by side: one for each core, but for stock, and for what another
 * build would override. */
static size_t wave_size(const run *r, size_t limit)
{
    const tsr__search *s = r->search;
    const tsr__candidate *next = &s->all.items[s->tried];
    size_t wave = 1, cores = number_of_cores();

    while (s->tried > 0 && wave < cores && s->tried + wave < limit &&
           !tsr__candidate_overrides(&next[wave - 1]) &&
           !tsr__candidate_overrides(&next[wave]) && is_in_time(r, wave + 1))
        wave++;
    return wave;
}

/* What may be tried ends here. */
static size_t limit_of(const run *r)
{
    const tsr__candidates *all = &r->search->all;
    size_t limit = 0;

    while (limit < all->count &&
           (r->time->may_override || !tsr__candidate_overrides(&all->items[limit])))
        limit++;
    return limit;
}

/* Wave by wave: built side by side, then timed with no build beside them, as compilers
 * would spoil the times of a CPU device. */
static void try_all(run *r)
{
    tsr__search *s = r->search;
    size_t limit = limit_of(r);

    while (s->tried < limit && go_on(r)) {
        tsr__candidate *first = &s->all.items[s->tried];
        size_t wave = wave_size(r, limit);
        double start = tsr__seconds(), build;

        if (s->tried > 0 && !is_in_time(r, wave))
            return;
        tsr__candidates_build(r->stage.device, &r->stage.problem, first, wave);
        build = (tsr__seconds() - start) / (double)wave;
        for (size_t i = 0; i < wave && (i == 0 || go_on(r)); i++) {
            try_timed(r, &first[i], build);
            s->tried++;
        }
    }
}

/* ---- Beginning ------------------------------------------------------------------- */

/* Puts what a record says to place `at`, if it can run on the stage; *place is where it is,
 * 0 for nowhere. */
static tsr_status prefer(run *r, const tsr__winner *w, size_t at, size_t *place)
{
    *place = 0;
    if (!w || !tsr__winner_can_run(w, &r->stage.problem, &r->stage.device->info))
        return TSR_OK;
    return tsr__candidates_prefer(&r->search->all, w->strategy,
                                  w->has_set ? &w->set : NULL, at, place);
}

static tsr_status find_candidates(run *r)
{
    tsr__search *s = r->search;
    const tsr__search_goal *goal = &s->goal;
    size_t unwanted;
    tsr_status status =
        tsr__candidates_find(&r->stage.problem, &s->device->info, goal->strategies,
                             goal->count, goal->stock, &s->all);

    if (status || (status = prefer(r, goal->known, 1, &s->known)))
        return status;
    s->holder = s->known;
    return prefer(r, goal->start, s->known ? 2 : 1, &unwanted);
}

/* ---- Deciding -------------------------------------------------------------------- */

static tsr_status decide(run *r, size_t holder, tsr__candidate *rival)
{
    tsr__search *s = r->search;
    const tsr__finals finals = {.stage = &r->stage,
                                .items = s->all.items,
                                .tried = s->tried,
                                .holder = holder,
                                .rival = rival,
                                .end = r->start + r->time->share,
                                .go_on = go_on,
                                .user = r};
    const tsr__candidate *winner = tsr__finals_run(&finals);

    if (winner) {
        s->holder = (size_t)(winner - s->all.items);
        s->decided = true;
    } else if (s->tried == s->all.count && s->best == 0.0) {
        return tsr__fail(TSR_ERROR_UNSUPPORTED,
                         "none of %zu candidates gives right results for %s",
                         s->all.count, tsr__problem_text(&s->problem));
    }
    return TSR_OK;
}

static tsr_status go(run *r)
{
    tsr__search *s = r->search;
    tsr_status status = s->all.count ? TSR_OK : find_candidates(r);

    r->before = s->tried;
    s->problem = r->stage.problem;
    if (status)
        return status;
    try_all(r);
    if (r->stopped || !can_decide(s) || (s->tried == r->before && s->decided))
        return TSR_OK;
    return decide(r, s->holder, NULL);
}

tsr_status tsr__search_go(tsr__search *search, const tsr__search_time *time)
{
    run r = {.search = search, .time = time, .start = tsr__seconds()};
    tsr_status status = tsr__stage_set(search->device, &search->problem, &r.stage);

    if (status)
        return status;
    status = go(&r);
    tsr__stage_clear(&r.stage);
    return status;
}

bool tsr__search_can_confirm(const tsr__search *s)
{
    return s->decided && s->holder != 0 &&
           tsr__candidate_can_repeat(&s->all.items[s->holder], s->device, &s->problem);
}

tsr_status tsr__search_confirm(tsr__search *search, const tsr__search_time *time)
{
    run r = {.search = search, .time = time, .start = tsr__seconds()};
    tsr_status status = tsr__stage_set(search->device, &search->problem, &r.stage);

    if (status)
        return status;
    status = decide(&r, search->known, &search->all.items[search->holder]);
    tsr__stage_clear(&r.stage);
    return status;
}

/* ---- What is known --------------------------------------------------------------- */

/* Stock's; where it is overridden by now, as a record has it. 0: not known. */
static double stock_seconds(const tsr__search *s)
{
    double before = s->goal.known ? s->goal.known->stock_seconds : 0.0;

    return s->all.count && s->all.items[0].best > 0.0 ? s->all.items[0].best : before;
}

bool tsr__search_winner(const tsr__search *s, tsr__winner *out)
{
    const tsr__problem *p = &s->problem;
    double stock = stock_seconds(s);
    const tsr__candidate *c;

    if (!s->decided)
        return false;
    c = &s->all.items[s->holder];
    *out = (tsr__winner){.strategy = c->strategy,
                         .has_set = c->has_set,
                         .set = c->set,
                         .seconds = c->best,
                         .stock = s->all.items[0].strategy,
                         .stock_seconds = stock > c->best ? stock : c->best,
                         .m = p->m,
                         .n = p->n,
                         .k = p->k,
                         .batch = p->batch};
    return true;
}

tsr__search_news tsr__search_so_far(const tsr__search *s)
{
    return (tsr__search_news){s->tried, s->all.count, stock_seconds(s), s->best};
}

tsr_status tsr__search_create(tsr_device *device, const tsr__problem *problem,
                              const tsr__search_goal *goal, tsr__search **out)
{
    tsr__search *s = malloc(sizeof *s);

    *out = s;
    if (!s)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for a search");
    *s = (tsr__search){.device = device, .problem = *problem, .goal = *goal};
    return TSR_OK;
}

void tsr__search_destroy(tsr__search *search)
{
    if (!search)
        return;
    tsr__candidates_free(&search->all);
    free(search);
}
