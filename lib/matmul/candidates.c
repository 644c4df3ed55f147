#include "matmul/candidates.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/trace.h"

/* Of one strategy. */
#define MOST_SETS 1024

/* Estimates further than this from the best are not that wrong. */
#define HOPELESS 4.0

/* Builds at a time; each has a compiler's memory. */
#define MOST_THREADS 16

/* ---- Finding --------------------------------------------------------------------- */

static bool add(tsr__candidates *all, const tsr__strategy *strategy,
                const tsr__parameters *set, double estimate)
{
    tsr__candidate *items = realloc(all->items, (all->count + 1) * sizeof *items);

    if (!items)
        return false;
    all->items = items;
    items[all->count] = (tsr__candidate){
        .strategy = strategy, .has_set = set != NULL, .estimate = estimate};
    if (set)
        items[all->count].set = *set;
    all->count++;
    return true;
}

/* The space's first set is the best guess, which is there already, unless sets override
 * that. */
static bool add_sets(const tsr__problem *problem, const tsr_device_info *info,
                     const tsr__strategy *strategy, tsr__candidates *all)
{
    tsr__parameters *sets = malloc(MOST_SETS * sizeof *sets);
    size_t count = sets ? strategy->space->sets(problem, info, sets, MOST_SETS) : 0;
    bool fine = sets != NULL;

    for (size_t i = strategy->space->overridden ? 0 : 1; i < count && fine; i++)
        fine = add(all, strategy, &sets[i],
                   strategy->space->estimate(problem, info, &sets[i]));
    free(sets);
    return fine;
}

bool tsr__candidate_is_exclusive(const tsr__candidate *c)
{
    return c->strategy->space && c->strategy->space->overridden;
}

bool tsr__candidate_overrides(const tsr__candidate *c)
{
    return c->has_set && tsr__candidate_is_exclusive(c);
}

bool tsr__candidate_can_repeat(const tsr__candidate *c, tsr_device *device,
                               const tsr__problem *problem)
{
    return !tsr__candidate_is_exclusive(c) ||
           (!c->has_set && !c->strategy->space->overridden(device, problem));
}

/* Best guesses, sets, sets that override. */
static int rank_of(const tsr__candidate *c)
{
    return c->has_set + tsr__candidate_overrides(c);
}

static int by_rank_and_estimate(const void *left, const void *right)
{
    const tsr__candidate *a = left, *b = right;
    int rank_a = rank_of(a), rank_b = rank_of(b);

    if (rank_a != rank_b)
        return rank_a - rank_b;
    return (a->estimate > b->estimate) - (a->estimate < b->estimate);
}

static void move(tsr__candidates *all, size_t from, size_t to)
{
    tsr__candidate moved = all->items[from];

    memmove(all->items + to + 1, all->items + to, (from - to) * sizeof moved);
    all->items[to] = moved;
}

/* Those that should take many times as long as the best are left out, but for stock. */
static void drop_hopeless(tsr__candidates *all, const tsr__strategy *stock)
{
    double best = all->items[0].estimate;
    size_t kept = 0;

    for (size_t i = 1; i < all->count; i++)
        best = all->items[i].estimate < best ? all->items[i].estimate : best;
    for (size_t i = 0; i < all->count; i++) {
        const tsr__candidate *c = &all->items[i];

        if (c->estimate <= HOPELESS * best || (c->strategy == stock && !c->has_set))
            all->items[kept++] = *c;
    }
    all->count = kept;
}

static void sort(tsr__candidates *all, const tsr__strategy *stock)
{
    drop_hopeless(all, stock);
    qsort(all->items, all->count, sizeof *all->items, by_rank_and_estimate);
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].strategy == stock && !all->items[i].has_set) {
            move(all, i, 0);
            break;
        }
}

tsr_status tsr__candidates_find(const tsr__problem *problem,
                                const tsr_device_info *info,
                                const tsr__strategy *const *strategies, size_t count,
                                const tsr__strategy *stock, tsr__candidates *out)
{
    bool fine = true;

    *out = (tsr__candidates){0};
    for (size_t i = 0; i < count && fine; i++) {
        const tsr__strategy *strategy = strategies[i];

        if (strategy->cannot_run(problem, info))
            continue;
        fine = add(out, strategy, NULL, strategy->cost(problem, info)) &&
               (!strategy->space || add_sets(problem, info, strategy, out));
    }
    if (!fine) {
        tsr__candidates_free(out);
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for candidates");
    }
    if (out->count)
        sort(out, stock);
    return TSR_OK;
}

static size_t place_of(const tsr__candidates *all, const tsr__strategy *strategy,
                       const tsr__parameters *set)
{
    size_t i = 0;

    while (i < all->count) {
        const tsr__candidate *c = &all->items[i];

        if (c->strategy == strategy && c->has_set == (set != NULL) &&
            (!set || memcmp(&c->set, set, sizeof *set) == 0))
            break;
        i++;
    }
    return i;
}

tsr_status tsr__candidates_prefer(tsr__candidates *all, const tsr__strategy *strategy,
                                  const tsr__parameters *set, size_t at, size_t *place)
{
    size_t from = place_of(all, strategy, set);

    *place = from < at ? from : at;
    if (from == all->count && !add(all, strategy, set, 0.0))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for candidates");
    if (from > at)
        move(all, from, at);
    return TSR_OK;
}

void tsr__candidates_free(tsr__candidates *all)
{
    free(all->items);
    *all = (tsr__candidates){0};
}

/* ---- Building -------------------------------------------------------------------- */

typedef struct job {
    tsr_device *device;
    tsr__candidate *candidate;
} job;

static void *build(void *data)
{
    const job *j = data;
    tsr__candidate *c = j->candidate;
    tsr_status status = c->strategy->plan(j->device, &c->plan);

    c->built = status == TSR_OK;
    if (status)
        tsr__trace(TSR__TRACE_BUILD, "a candidate is left out: %s", tsr_error_detail());
    return NULL;
}

void tsr__candidates_build(tsr_device *device, const tsr__problem *problem,
                           tsr__candidate *first, size_t count)
{
    pthread_t threads[MOST_THREADS];
    job jobs[MOST_THREADS];

    for (size_t done = 0; done < count;) {
        size_t now = count - done < MOST_THREADS ? count - done : MOST_THREADS;
        size_t started = 0;

        for (size_t i = 0; i < now; i++) {
            tsr__candidate *c = first + done + i;

            c->plan = (tsr__plan){.strategy = c->strategy,
                                  .problem = *problem,
                                  .parameters = c->has_set ? &c->set : NULL};
            jobs[i] = (job){device, c};
        }
        while (started + 1 < now &&
               !pthread_create(&threads[started], NULL, build, &jobs[started]))
            started++;
        for (size_t i = started; i < now;
             i++) /* the last here, and what had no thread */
            build(&jobs[i]);
        for (size_t i = 0; i < started; i++)
            pthread_join(threads[i], NULL);
        done += now;
    }
}
