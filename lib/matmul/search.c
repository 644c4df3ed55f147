#include "matmul/search.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/trace.h"
#include "matmul/candidates.h"

/* A batch of products that a clock can time. */
#define BATCH_SECONDS 0.003
#define MOST_LOOPS    256

/* What is this much slower than the best after its first batch is out. */
#define DROPPED 2.0

/* Batches in one go, where to change parameters costs a build. */
#define SITTING 5

#define FINALISTS     4 /* with stock */
#define ROUNDS        16
#define FEWEST_ROUNDS 3

/* Of the time, for trying; the rest is for the finals. */
#define TRYING 0.7

/* A search as it runs. */
typedef struct race {
    const tsr__search *search;
    tsr__stage stage;
    tsr__candidates all;
    size_t tried;
    double best; /* seconds; 0: none yet */
    double start;
    bool finals, stopped;
} race;

static double elapsed(const race *r)
{
    return tsr__seconds() - r->start;
}

static bool go_on(race *r)
{
    const tsr__search_news news = {r->tried, r->all.count,
                                   r->all.count ? r->all.items[0].best : 0.0, r->best,
                                   r->finals};

    if (!r->stopped && r->search->go_on)
        r->stopped = !r->search->go_on(r->search->user, &news);
    return !r->stopped;
}

/* ---- Trying ---------------------------------------------------------------------- */

/* As many products as last a while. */
static unsigned loops_for(double seconds)
{
    double loops = BATCH_SECONDS / (seconds > 1e-7 ? seconds : 1e-7);

    return loops < 1.0 ? 1 : loops > MOST_LOOPS ? MOST_LOOPS : (unsigned)loops;
}

static void trace_out(const tsr__candidate *c, const char *why)
{
    char set[TSR__SET_SIZE];

    tsr__set_text(c->strategy, c->has_set ? &c->set : NULL, set);
    tsr__trace(TSR__TRACE_ROUTER, "%s %s is out: %s", c->strategy->name, set, why);
}

/* Whether it is timed once and for all: to have it back later would cost a build, or it is
 * a best guess that cannot be had any more. */
static bool is_exclusive(const tsr__candidate *c)
{
    return c->strategy->space && c->strategy->space->overridden;
}

/* Whether the candidate is a best guess that is overridden. */
static bool is_gone(const race *r, const tsr__candidate *c)
{
    return !c->has_set && is_exclusive(c) &&
           c->strategy->space->overridden(r->stage.device, &r->stage.problem);
}

/* Judges a candidate and times a batch. Its `best` stays 0 if it is out. Failures are the
 * candidate's own: it is out. */
static void try(race *r, tsr__candidate *c)
{
    double seconds;
    bool right;

    if (is_gone(r, c)) {
        if (c == r->all.items)
            r->best = c->best = r->search->stock_seconds;
        return;
    }
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
    if (tsr__stage_time(&r->stage, &c->plan, 1, &seconds))
        return;
    c->loops = loops_for(seconds);
    if (c->loops > 1 && tsr__stage_time(&r->stage, &c->plan, c->loops, &seconds))
        return;
    for (int i = 1; i < SITTING && is_exclusive(c); i++) {
        double more;

        if (tsr__stage_time(&r->stage, &c->plan, c->loops, &more))
            return;
        seconds = more < seconds ? more : seconds;
    }
    if (c != r->all.items && r->best > 0.0 && seconds > DROPPED * r->best)
        return;
    c->best = seconds;
    if (r->best == 0.0 || seconds < r->best)
        r->best = seconds;
}

/* Builds side by side: one for each core. */
static size_t wave_size(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > 8 ? 8 : (size_t)cores;
}

/* Stock first and alone, then wave by wave: built side by side, then timed with no build
 * beside them, as compilers would spoil the times of a CPU device. A wave that should not
 * end in time, by how long the last one took, is not begun. */
static void try_all(race *r)
{
    size_t wave = 1;
    double last = 0.0;

    while (r->tried < r->all.count && go_on(r) &&
           (r->tried == 0 || elapsed(r) + last < TRYING * r->search->seconds)) {
        size_t end = r->tried + wave < r->all.count ? r->tried + wave : r->all.count;
        double begin = elapsed(r);

        tsr__candidates_build(r->stage.device, &r->stage.problem,
                              &r->all.items[r->tried], end - r->tried);
        for (; r->tried < end; r->tried++)
            try(r, &r->all.items[r->tried]);
        wave = wave_size();
        last = elapsed(r) - begin;
    }
}

/* ---- Finals ---------------------------------------------------------------------- */

/* The fastest few, stock first if it is any good. */
static size_t choose_finalists(race *r, tsr__candidate *finalists[FINALISTS])
{
    size_t count = 0;

    if (r->all.items[0].best > 0.0)
        finalists[count++] = &r->all.items[0];
    while (count < FINALISTS) {
        tsr__candidate *next = NULL;

        for (size_t i = 1; i < r->tried; i++) {
            tsr__candidate *c = &r->all.items[i];
            bool taken = false;

            for (size_t j = 0; j < count; j++)
                taken = taken || finalists[j] == c;
            if (!taken && c->best > 0.0 && (!next || c->best < next->best))
                next = c;
        }
        if (!next)
            break;
        finalists[count++] = next;
    }
    return count;
}

/* One turn each, but for those that had theirs. wins[i] counts the rounds in which i was
 * faster than the first. */
static void run_round(race *r, tsr__candidate *finalists[], size_t count,
                      unsigned wins[])
{
    double first = 0.0;

    for (size_t i = 0; i < count; i++) {
        tsr__candidate *c = finalists[i];
        double seconds = c->best;

        if (!is_exclusive(c) &&
            tsr__stage_time(&r->stage, &c->plan, c->loops, &seconds))
            continue;
        if (seconds < c->best)
            c->best = seconds;
        if (i == 0)
            first = seconds;
        else if (seconds < first)
            wins[i]++;
    }
}

/* Who wins against stock, the first: by its best and by most of the rounds. */
static tsr__candidate *judge(tsr__candidate *finalists[], size_t count,
                             const unsigned wins[], unsigned rounds)
{
    tsr__candidate *winner = finalists[0];

    for (size_t i = 1; i < count; i++)
        if (finalists[i]->best < winner->best &&
            finalists[i]->best * TSR__SEARCH_GAIN < finalists[0]->best &&
            3 * wins[i] >= 2 * rounds)
            winner = finalists[i];
    return winner;
}

/* Where stock is no good, the fastest of all. */
static tsr__candidate *fastest(tsr__candidate *finalists[], size_t count)
{
    tsr__candidate *winner = finalists[0];

    for (size_t i = 1; i < count; i++)
        if (finalists[i]->best < winner->best)
            winner = finalists[i];
    return winner;
}

/* NULL if there was no time to say. */
static tsr__candidate *run_finals(race *r)
{
    tsr__candidate *finalists[FINALISTS];
    unsigned wins[FINALISTS] = {0}, rounds = 0;
    size_t count = choose_finalists(r, finalists);

    if (count == 0 || r->stopped)
        return NULL;
    r->finals = true;
    while (rounds < (count > 1 ? ROUNDS : FEWEST_ROUNDS) && go_on(r) &&
           (rounds < FEWEST_ROUNDS || elapsed(r) < r->search->seconds)) {
        run_round(r, finalists, count, wins);
        rounds++;
    }
    if (rounds < FEWEST_ROUNDS)
        return NULL;
    return finalists[0] == r->all.items ? judge(finalists, count, wins, rounds)
                                        : fastest(finalists, count);
}

/* ---- Result ---------------------------------------------------------------------- */

static tsr__winner winner_of(const race *r, const tsr__candidate *c)
{
    const tsr__problem *p = &r->stage.problem;
    const tsr__candidate *stock = &r->all.items[0];

    return (tsr__winner){c->strategy,
                         c->has_set,
                         c->set,
                         c->best,
                         r->search->stock,
                         stock->best > 0.0 ? stock->best : c->best,
                         p->m,
                         p->n,
                         p->k,
                         p->batch};
}

static tsr_status run(race *r, tsr__winner *out, bool *found)
{
    const tsr__winner *start = r->search->start;
    const tsr__candidate *winner;

    if (start)
        tsr__candidates_prefer(&r->all, start->strategy,
                               start->has_set ? &start->set : NULL);
    try_all(r);
    winner = run_finals(r);
    if (!winner && !r->stopped)
        return tsr__fail(TSR_ERROR_UNSUPPORTED,
                         "none of %zu candidates gives right results for %s",
                         r->all.count, tsr__problem_text(&r->stage.problem));
    if ((*found = winner != NULL))
        *out = winner_of(r, winner);
    return TSR_OK;
}

tsr_status tsr__search_run(tsr_device *device, const tsr__problem *problem,
                           const tsr__search *search, tsr__winner *out, bool *found)
{
    race r = {.search = search, .start = tsr__seconds()};
    tsr_status status = tsr__stage_set(device, problem, &r.stage);

    *found = false;
    if (status)
        return status;
    status = tsr__candidates_find(&r.stage.problem, &device->info, search->strategies,
                                  search->count, search->stock, &r.all);
    if (!status)
        status = run(&r, out, found);
    tsr__candidates_free(&r.all);
    tsr__stage_clear(&r.stage);
    return status;
}

tsr_status tsr__search_stock(tsr_device *device, const tsr__problem *problem,
                             const tsr__strategy *stock, double *seconds)
{
    tsr__plan plan = {.strategy = stock};
    tsr__stage stage;
    tsr_status status = tsr__stage_set(device, problem, &stage);

    if (status)
        return status;
    plan.problem = stage.problem;
    if (!(status = stock->plan(device, &plan)) &&
        !(status = tsr__stage_time(&stage, &plan, 1, seconds))) /* the first is slow */
        status = tsr__stage_time(&stage, &plan, 1, seconds);
    tsr__stage_clear(&stage);
    return status;
}
