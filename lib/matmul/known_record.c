#include "matmul/known_record.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "matmul/tune_problem.h"

#define KEY_SIZE (TSR__STRATEGY_NAME_SIZE + TSR__CLASS_SIZE)

/* No product takes less or more. */
#define SHORTEST 1e-9
#define LONGEST  1e5

/* ---- Texts ----------------------------------------------------------------------- */

/* "any f32 1x1x1 rows rows rows", or a strategy's name for any. */
static void key_text(tsr__class of, const tsr__strategy *scope, char text[KEY_SIZE])
{
    char class_text[TSR__CLASS_SIZE];

    tsr__class_text(of, class_text);
    snprintf(text, KEY_SIZE, "%s %s", scope ? scope->name : "any", class_text);
}

bool tsr__known_record_parse(const tsr__record_item *item, tsr__known_record *out)
{
    const char *rest = strchr(item->key, ' ');
    char scope[TSR__STRATEGY_NAME_SIZE];

    if (!rest || (size_t)(rest - item->key) >= sizeof scope)
        return false;
    snprintf(scope, sizeof scope, "%.*s", (int)(rest - item->key), item->key);
    out->scope = strcmp(scope, "any") == 0 ? NULL : tsr__strategy_find(scope);
    return (out->scope || strcmp(scope, "any") == 0) &&
           tsr__class_parse(rest + 1, &out->of) &&
           tsr__winner_parse(item->value, &out->winner);
}

bool tsr__known_record_put(tsr__records *records, const tsr__known_record *record)
{
    char key[KEY_SIZE], value[TSR__WINNER_SIZE];

    key_text(record->of, record->scope, key);
    tsr__winner_text(&record->winner, value);
    return tsr__records_put(records, key, value);
}

/* ---- Whether it can be true -------------------------------------------------------- */

static tsr_status check_sizes(const tsr__known_record *record, tsr__problem *out)
{
    const tsr__winner *w = &record->winner;
    const tsr_tune_problem sizes = {.m = w->m, .n = w->n, .k = w->k, .batch = w->batch};
    char text[TSR__CLASS_SIZE];

    *out = tsr__class_problem(record->of, w->m, w->n, w->k, w->batch);
    if (w->batch && !tsr__tune_problems_check(&sizes, 1) &&
        tsr__class_of(out).code == record->of.code)
        return TSR_OK;
    tsr__class_text(record->of, text);
    return tsr__fail(TSR_ERROR_ARGUMENT,
                     "%zux%zux%zu times %zu is no product of \"%s\"", w->m, w->n, w->k,
                     w->batch, text);
}

static tsr_status check_scope(const tsr__known_record *record)
{
    const tsr__winner *w = &record->winner;

    if (!record->scope || (record->scope == w->strategy && record->scope == w->stock))
        return TSR_OK;
    return tsr__fail(TSR_ERROR_ARGUMENT, "a record of %s names %s", record->scope->name,
                     record->scope == w->strategy ? w->stock->name : w->strategy->name);
}

static tsr_status check_seconds(const tsr__winner *w)
{
    if (!(w->seconds >= SHORTEST) || !(w->stock_seconds <= LONGEST))
        return tsr__fail(TSR_ERROR_ARGUMENT, "no product takes %g s",
                         w->seconds >= SHORTEST ? w->stock_seconds : w->seconds);
    if (w->seconds > w->stock_seconds)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "its %g s are more than the %g s of the stock choice",
                         w->seconds, w->stock_seconds);
    return TSR_OK;
}

static tsr_status check_choice(const tsr__winner *w, const tsr__problem *problem,
                               const tsr_device_info *info)
{
    const tsr__strategy *const both[] = {w->strategy, w->stock};
    char set[TSR__SET_SIZE];

    for (int i = 0; i < 2; i++) {
        const char *why = both[i]->cannot_run(problem, info);

        if (why)
            return tsr__fail(TSR_ERROR_ARGUMENT, "%s cannot run %s: %s", both[i]->name,
                             tsr__problem_text(problem), why);
    }
    if (tsr__winner_can_run(w, problem, info))
        return TSR_OK;
    tsr__set_text(w->strategy, &w->set, set);
    return tsr__fail(TSR_ERROR_ARGUMENT, "%s cannot run %s with %s", w->strategy->name,
                     tsr__problem_text(problem), set);
}

tsr_status tsr__known_record_check(const tsr__known_record *record,
                                   const tsr_device_info *info)
{
    tsr__problem problem;
    tsr_status status;

    if ((status = check_sizes(record, &problem)) || (status = check_scope(record)) ||
        (status = check_seconds(&record->winner)))
        return status;
    return check_choice(&record->winner, &problem, info);
}
