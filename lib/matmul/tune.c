/* tune.c: tsr_tune, which shares a budget among classes of problems.
 *
 * First each class has its turn, the cheapest first: stock against what else is likely to
 * be fast. Once all are decided, those have more of what is left that are furthest from
 * their roof. A record is kept as soon as its class is decided. In the end what won has to
 * win again.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "matmul/cost.h"
#include "matmul/router.h"
#include "matmul/search.h"
#include "matmul/tune_problem.h"
#include "matmul/tune_records.h"

/* Of the time, for first turns that get further than they must. */
#define FIRST_PART 0.6

/* And in the end, for winners to win again. */
#define LAST_PART 0.12

/* Where sets override stock for good, so that it has to be timed before all of them: of the
 * time, for stock. What it does not suffice for is left alone. */
#define STOCK_PART 0.35

/* A part of the time goes even to what seems to be at its roof: the roof is a guess. */
#define LEAST_WEIGHT 0.1

/* A class at work. */
typedef struct entry {
    size_t index; /* of its first problem */
    tsr__problem problem;
    tsr__class of;
    const tsr__strategy *stock;
    double stock_cost;           /* seconds, by the cost model */
    tsr__winner known, start;    /* lent to the search */
    tsr__search *search;         /* owned; NULL: it had no turn */
    double seconds;              /* that it took */
    bool closed;                 /* more time would find nothing */
    char kept[TSR__WINNER_SIZE]; /* the winner that is kept; "" for none */
    tsr_tune_result result;
} entry;

/* A tsr_tune as it runs. */
typedef struct tuning {
    tsr_device *device;
    const tsr_tune_options *options;
    const tsr__strategy *scope; /* NULL for any */
    const tsr__strategy *strategies[TSR__MOST_STRATEGIES];
    size_t strategy_count;
    tsr__pace pace;
    entry *entries; /* one for each class, the cheapest first */
    size_t count, problem_count;
    const entry *current;
    double start, end; /* what is begun should be done with by then */
    tsr_status status; /* the first failure that is not a class's own */
    bool stopped;
} tuning;

/* ---- Progress -------------------------------------------------------------------- */

static bool tell(void *user, const tsr__search_news *news)
{
    tuning *t = user;
    const tsr_tune_progress progress = {
        .index = t->current->index,
        .count = t->problem_count,
        .tried = news->tried,
        .candidates = news->candidates,
        .stock_seconds = news->stock_seconds,
        .best_seconds = news->best_seconds,
        .elapsed_seconds = tsr__seconds() - t->start,
    };

    if (!t->stopped && t->options->progress)
        t->stopped = !t->options->progress(t->options->user, &progress);
    return !t->stopped;
}

static double left(const tuning *t)
{
    return t->end - tsr__seconds();
}

/* ---- Classes --------------------------------------------------------------------- */

static entry *entry_of(const tuning *t, tsr__class of)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->entries[i].of.code == of.code)
            return &t->entries[i];
    return NULL;
}

/* What was decided before stays. */
static void fail_entry(entry *e)
{
    e->closed = true;
    if (e->result.state == TSR_TUNE_RECORDED)
        return;
    e->result.state = TSR_TUNE_FAILED;
    snprintf(e->result.reason, sizeof e->result.reason, "%s", tsr_error_detail());
}

/* What the search compares with, and its cost; NULL after a failure. */
static const tsr__strategy *stock_of(const tuning *t, const tsr__problem *problem,
                                     double *cost)
{
    const tsr__strategy *stock = t->scope;
    const char *why = stock ? stock->cannot_run(problem, &t->device->info) : NULL;

    if (why) {
        tsr__fail(TSR_ERROR_UNSUPPORTED, "%s cannot run it: %s", stock->name, why);
        return NULL;
    }
    if (stock)
        *cost = stock->cost(problem, &t->device->info);
    else if (!(stock = tsr__route_by_cost(problem, &t->device->info, 0, cost)))
        tsr__fail(TSR_ERROR_UNSUPPORTED, "no strategy can run it");
    return stock;
}

static void add_class(tuning *t, const tsr_tune_problem *problem, size_t index)
{
    entry e = {.index = index, .problem = tsr__tune_problem(problem)};

    e.of = tsr__class_of(&e.problem);
    if (entry_of(t, e.of))
        return;
    if (!(e.stock = stock_of(t, &e.problem, &e.stock_cost)))
        fail_entry(&e);
    t->entries[t->count++] = e;
}

static int by_cost(const void *left_entry, const void *right_entry)
{
    const entry *a = left_entry, *b = right_entry;

    return (a->stock_cost > b->stock_cost) - (a->stock_cost < b->stock_cost);
}

/* ---- Turns ----------------------------------------------------------------------- */

/* Begins the search of a class. What the router would take by a record, also a relative's,
 * defends its place. */
static tsr_status begin_search(tuning *t, entry *e)
{
    tsr__search_goal goal = {.strategies = t->strategies,
                             .count = t->strategy_count,
                             .stock = e->stock,
                             .pace = &t->pace};
    bool shipped;

    if (tsr__known_find(t->device, &e->problem, t->scope, &e->known, &shipped)) {
        if (shipped)
            e->known.stock_seconds = 0.0; /* of another device */
        goal.known = &e->known;
    }
    if (!t->scope && tsr__known_start(t->device, &e->problem, &e->start))
        goal.start = &e->start;
    return tsr__search_create(t->device, &e->problem, &goal, &e->search);
}

/* Keeps what a class's search says, unless that is kept already. */
static void keep_winner(tuning *t, entry *e)
{
    tsr__known_record record = {.of = e->of, .scope = t->scope};
    char text[TSR__WINNER_SIZE];
    tsr_status status;

    if (!tsr__search_winner(e->search, &record.winner))
        return;
    e->result.state = TSR_TUNE_RECORDED;
    tsr__tune_record_fill(&record, &e->result.record);
    tsr__winner_text(&record.winner, text);
    if (strcmp(text, e->kept) == 0)
        return;
    memcpy(e->kept, text, sizeof text);
    status = tsr__known_keep(t->device, e->of, t->scope, &record.winner);
    if (!t->status)
        t->status = status;
}

/* What a class's search found, or why it failed. */
static void end_turn(tuning *t, entry *e, tsr_status status)
{
    if (status)
        fail_entry(e);
    else
        keep_winner(t, e);
    if (status == TSR_ERROR_DEVICE_LOST) {
        t->status = status;
        t->stopped = true;
    }
}

/* Lets a class's search go on for about `share` seconds. It is closed if that found nothing
 * more to try. */
static void give_turn(tuning *t, entry *e, double share, bool may_override)
{
    const tsr__search_time time = {.share = share,
                                   .most = left(t),
                                   .may_override = may_override,
                                   .go_on = tell,
                                   .user = t};
    double start = tsr__seconds();
    tsr__search_news news;
    size_t before;

    t->current = e;
    if (!e->search && begin_search(t, e)) {
        fail_entry(e);
        return;
    }
    before = tsr__search_so_far(e->search).tried;
    end_turn(t, e, tsr__search_go(e->search, &time));
    news = tsr__search_so_far(e->search);
    e->result.tried = news.tried;
    e->result.candidates = news.candidates;
    e->closed = e->closed || news.tried == news.candidates || news.tried == before;
    e->seconds += tsr__seconds() - start;
}

/* ---- The budget ------------------------------------------------------------------ */

/* Whether a class's stock may be timed yet. */
static bool has_time_for_stock(const tuning *t, const entry *e)
{
    const tsr__space *space = e->stock ? e->stock->space : NULL;
    bool is_scarce = t->scope && space && space->overridden;
    double rest =
        is_scarce ? (1.0 - STOCK_PART - LAST_PART) * t->options->budget_seconds : 0.0;

    return left(t) > rest + tsr__pace_of(&t->pace, e->stock);
}

/* Each class once, with an equal share of a part of the time. */
static void give_first_turns(tuning *t)
{
    const double rest = (1.0 - FIRST_PART - LAST_PART) * t->options->budget_seconds;

    for (size_t i = 0; i < t->count && !t->stopped; i++)
        if (!t->entries[i].closed && has_time_for_stock(t, &t->entries[i]))
            give_turn(t, &t->entries[i], (left(t) - rest) / (double)(t->count - i),
                      false);
}

static bool is_undecided(const tuning *t, const entry *e)
{
    return e->search && !e->closed && e->result.state != TSR_TUNE_RECORDED &&
           tsr__search_needs(e->search) < left(t);
}

/* What is not decided then, for want of time or of what it takes to compare, before others
 * have more. */
static void decide_others(tuning *t)
{
    for (size_t i = 0; i < t->count && !t->stopped; i++)
        if (is_undecided(t, &t->entries[i]))
            give_turn(t, &t->entries[i], 0.0, true);
}

/* What could be gained: how far the best is from what the device's facts promise. */
static double weight_of(const entry *e, const tsr_device_info *info)
{
    double best = tsr__search_so_far(e->search).best_seconds;
    double roof =
        tsr__cost_roof(&e->problem, info, 1, 1.0, tsr__problem_bytes(&e->problem));
    double gain = best > 0.0 ? log(best / roof) : 1.0;

    return gain > LEAST_WEIGHT ? gain : LEAST_WEIGHT;
}

/* Whether there is time for a class's next candidate, and whether that is one that
 * overrides. */
static bool is_open(const tuning *t, const entry *e, bool overrides)
{
    return e->search && !e->closed && tsr__search_needs(e->search) < left(t) &&
           tsr__search_overrides_next(e->search) == overrides;
}

/* The open class that had least time for what could be gained, and its share of what is
 * left. NULL if there is none. */
static entry *next_open(const tuning *t, double *share)
{
    const tsr_device_info *info = &t->device->info;
    entry *next = NULL;
    double all = 0.0, most = 0.0;

    for (size_t i = 0; i < t->count; i++) {
        entry *e = &t->entries[i];
        double weight = is_open(t, e, false) ? weight_of(e, info) : 0.0;

        all += weight;
        if (weight > most * e->seconds) {
            most = weight / e->seconds;
            next = e;
        }
    }
    if (next)
        *share = left(t) * weight_of(next, info) / all;
    return next;
}

static void give_more_turns(tuning *t)
{
    entry *e;
    double share;

    while (!t->stopped && (e = next_open(t, &share)))
        give_turn(t, e, share, false);
}

/* One set that overrides for each class, and again: all classes try them in the same order,
 * and one that is in force already costs no build. */
static void give_overriding_turns(tuning *t)
{
    bool any = true;

    while (any) {
        any = false;
        for (size_t i = 0; i < t->count && !t->stopped; i++)
            if (is_open(t, &t->entries[i], true)) {
                give_turn(t, &t->entries[i], 0.0, true);
                any = true;
            }
    }
}

static bool has_to_win_again(const entry *e)
{
    return e->search && tsr__search_can_confirm(e->search);
}

static void confirm(tuning *t, entry *e, double share)
{
    const tsr__search_time time = {.share = share, .go_on = tell, .user = t};

    t->current = e;
    end_turn(t, e, tsr__search_confirm(e->search, &time));
}

/* An equal share of what is left for each winner that is not stock. */
static void confirm_all(tuning *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->count; i++)
        count += has_to_win_again(&t->entries[i]);
    for (size_t i = 0; i < t->count; i++) {
        entry *e = &t->entries[i];

        if (!has_to_win_again(e))
            continue;
        if (t->stopped || left(t) < 0.0)
            return;
        confirm(t, e, left(t) / (double)count--);
    }
}

static void tune_all(tuning *t)
{
    const double budget = t->options->budget_seconds;

    t->end = t->start + (1.0 - LAST_PART) * budget;
    give_first_turns(t);
    decide_others(t);
    give_more_turns(t);
    give_overriding_turns(t);
    t->end = t->start + budget;
    confirm_all(t);
}

/* ---- Beginning and end ----------------------------------------------------------- */

static tsr_status begin(tuning *t, const tsr_tune_problem *problems, size_t count)
{
    t->entries = calloc(count ? count : 1, sizeof *t->entries);
    if (!t->entries)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu problems", count);
    for (size_t i = 0; i < count; i++) {
        tsr__problem problem = tsr__tune_problem(&problems[i]);

        if (!t->options->only_new || !tsr__known_has(t->device, &problem, t->scope))
            add_class(t, &problems[i], i);
    }
    qsort(t->entries, t->count, sizeof *t->entries, by_cost);
    return TSR_OK;
}

/* What stays of a class that was not decided. */
static void fill_undecided(const tuning *t, const tsr__problem *problem, bool left_out,
                           tsr_tune_result *result)
{
    tsr__known_record record = {.of = tsr__class_of(problem), .scope = t->scope};
    bool shipped;

    if (tsr__known_find(t->device, problem, t->scope, &record.winner, &shipped) &&
        !shipped)
        tsr__tune_record_fill(&record, &result->record);
    snprintf(result->reason, sizeof result->reason, "%s",
             left_out     ? "there is a record"
             : t->stopped ? "it was stopped"
                          : "no time was left");
}

static void give_results(const tuning *t, const tsr_tune_problem *problems,
                         size_t count, tsr_tune_result *results)
{
    for (size_t i = 0; results && i < count; i++) {
        tsr__problem problem = tsr__tune_problem(&problems[i]);
        const entry *e = entry_of(t, tsr__class_of(&problem));

        results[i] = e ? e->result : (tsr_tune_result){0};
        if (results[i].state == TSR_TUNE_UNDECIDED)
            fill_undecided(t, &problem, !e, &results[i]);
    }
}

static void end(tuning *t)
{
    for (size_t i = 0; i < t->count; i++)
        tsr__search_destroy(t->entries[i].search);
    free(t->entries);
}

static tsr_status choose_strategies(tuning *t)
{
    const char *name = t->options->strategy;

    if (name && !(t->scope = tsr__strategy_find(name)))
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is no strategy \"%s\"", name);
    for (size_t i = 0; tsr__strategy_at(i) && t->strategy_count < TSR__MOST_STRATEGIES;
         i++)
        if (!t->scope || t->scope == tsr__strategy_at(i))
            t->strategies[t->strategy_count++] = tsr__strategy_at(i);
    return TSR_OK;
}

tsr_status tsr_tune(tsr_device *device, const tsr_tune_problem *problems, size_t count,
                    const tsr_tune_options *options, tsr_tune_result *results)
{
    static const tsr_tune_options defaults = TSR_TUNE_OPTIONS_DEFAULT;
    tuning t = {.device = device,
                .options = options ? options : &defaults,
                .problem_count = count,
                .start = tsr__seconds()};
    tsr_status status;

    if (!device || (count && !problems))
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL",
                         device ? "problems" : "device");
    if (!(t.options->budget_seconds > 0.0))
        return tsr__fail(TSR_ERROR_ARGUMENT, "a budget of %g seconds is none",
                         t.options->budget_seconds);
    if ((status = tsr__tune_problems_check(problems, count)) ||
        (status = choose_strategies(&t)) || (status = begin(&t, problems, count)))
        return status;
    tune_all(&t);
    give_results(&t, problems, count, results);
    end(&t);
    return t.status;
}
