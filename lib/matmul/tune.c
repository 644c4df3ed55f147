/* tune.c: tsr_tune, which shares a budget among classes of problems. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "matmul/cost.h"
#include "matmul/router.h"
#include "matmul/search.h"
#include "matmul/tune_problem.h"
#include "matmul/tune_records.h"

/* A part of the time goes even to what seems to be at its roof: the roof is a guess. */
#define LEAST_SHARE 0.1

/* Most strategies there can be. */
#define MOST_STRATEGIES 32

/* A class at work. */
typedef struct entry {
    size_t index; /* of its first problem */
    tsr__problem problem;
    tsr__class of;
    const tsr__strategy *stock;
    double stock_seconds; /* measured once; 0: not yet */
    double weight;        /* its share of the time that is left */
    tsr_tune_result result;
} entry;

/* A tsr_tune as it runs. */
typedef struct tuning {
    tsr_device *device;
    const tsr_tune_options *options;
    const tsr__strategy *scope; /* NULL for any */
    const tsr__strategy *strategies[MOST_STRATEGIES];
    size_t strategy_count;
    entry *entries; /* the first of each class */
    size_t count, problem_count;
    const entry *current;
    double start;
    tsr_status kept; /* the first failure to keep a record */
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
    return t->options->budget_seconds - (tsr__seconds() - t->start);
}

/* ---- Classes --------------------------------------------------------------------- */

static const tsr__strategy *stock_of(const tuning *t, const tsr__problem *problem)
{
    double cost;

    return t->scope ? t->scope
                    : tsr__route_by_cost(problem, &t->device->info, 0, &cost);
}

static entry *entry_of(const tuning *t, tsr__class of)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->entries[i].of.code == of.code)
            return &t->entries[i];
    return NULL;
}

static void fail_entry(entry *e)
{
    e->result.state = TSR_TUNE_FAILED;
    snprintf(e->result.reason, sizeof e->result.reason, "%s", tsr_error_detail());
}

static void add_class(tuning *t, const tsr_tune_problem *problem, size_t index)
{
    entry e = {.index = index, .problem = tsr__tune_problem(problem)};
    const char *why;

    e.of = tsr__class_of(&e.problem);
    if (entry_of(t, e.of))
        return;
    e.stock = stock_of(t, &e.problem);
    why = t->scope ? t->scope->cannot_run(&e.problem, &t->device->info) : NULL;
    if (why) {
        tsr__fail(TSR_ERROR_UNSUPPORTED, "%s cannot run it: %s", t->scope->name, why);
        fail_entry(&e);
    } else if (!e.stock) {
        tsr__fail(TSR_ERROR_UNSUPPORTED, "no strategy can run it");
        fail_entry(&e);
    }
    t->entries[t->count++] = e;
}

/* ---- The budget ------------------------------------------------------------------ */

/* What could be gained: how far stock is from what the device's facts promise. */
static double weight_of(const entry *e, double stock_seconds,
                        const tsr_device_info *info)
{
    double roof =
        tsr__cost_roof(&e->problem, info, 1, 1.0, tsr__problem_bytes(&e->problem));
    double gain = log(stock_seconds / roof);

    return gain > LEAST_SHARE ? gain : LEAST_SHARE;
}

/* Measures stock alone, quickly. */
static void weigh(tuning *t, entry *e)
{
    e->weight = 1.0;
    t->current = e;
    if (e->result.state != TSR_TUNE_FAILED && tell(t, &(tsr__search_news){0}) &&
        !tsr__search_stock(t->device, &e->problem, e->stock, &e->stock_seconds))
        e->weight = weight_of(e, e->stock_seconds, &t->device->info);
}

static int by_weight(const void *left_entry, const void *right_entry)
{
    const entry *a = left_entry, *b = right_entry;

    return (a->weight < b->weight) - (a->weight > b->weight);
}

/* The share of what is left for entry `index`, the first that is still to do. */
static double share_of(const tuning *t, size_t index)
{
    double all = 0.0;

    for (size_t i = index; i < t->count; i++)
        all += t->entries[i].weight;
    return left(t) * t->entries[index].weight / all;
}

/* ---- Tuning ---------------------------------------------------------------------- */

static void tune_class(tuning *t, entry *e, double seconds)
{
    tsr__known_record record = {.of = e->of, .scope = t->scope};
    tsr__search search = {.strategies = t->strategies,
                          .count = t->strategy_count,
                          .stock = e->stock,
                          .stock_seconds = e->stock_seconds,
                          .seconds = seconds,
                          .go_on = tell,
                          .user = t};
    tsr__winner start;
    tsr_status status;
    bool found;

    if (!t->scope && tsr__known_start(t->device, &e->problem, &start))
        search.start = &start;
    t->current = e;
    status = tsr__search_run(t->device, &e->problem, &search, &record.winner, &found);
    if (status) {
        fail_entry(e);
    } else if (found) {
        e->result.state = TSR_TUNE_RECORDED;
        tsr__tune_record_fill(&record, &e->result.record);
        status = tsr__known_keep(t->device, e->of, t->scope, &record.winner);
        if (status && !t->kept)
            t->kept = status;
    }
}

static void tune_all(tuning *t)
{
    for (size_t i = 0; i < t->count && t->count > 1 && !t->stopped; i++)
        weigh(t, &t->entries[i]);
    if (t->count > 1)
        qsort(t->entries, t->count, sizeof *t->entries, by_weight);
    for (size_t i = 0; i < t->count && !t->stopped; i++) {
        entry *e = &t->entries[i];

        if (e->result.state != TSR_TUNE_FAILED && (i == 0 || left(t) > 0.0))
            tune_class(t, e, t->count > 1 ? share_of(t, i) : left(t));
    }
}

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
    return TSR_OK;
}

static void give_results(const tuning *t, const tsr_tune_problem *problems,
                         size_t count, tsr_tune_result *results)
{
    for (size_t i = 0; results && i < count; i++) {
        tsr__problem problem = tsr__tune_problem(&problems[i]);
        const entry *e = entry_of(t, tsr__class_of(&problem));

        results[i] = e ? e->result : (tsr_tune_result){0};
    }
}

static tsr_status choose_strategies(tuning *t)
{
    const char *name = t->options->strategy;

    if (name && !(t->scope = tsr__strategy_find(name)))
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is no strategy \"%s\"", name);
    for (size_t i = 0; tsr__strategy_at(i) && t->strategy_count < MOST_STRATEGIES; i++)
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
    free(t.entries);
    return t.kept;
}
