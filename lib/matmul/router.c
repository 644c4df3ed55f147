#include "matmul/router.h"

#include <stdio.h>
#include <string.h>

#include "base/trace.h"
#include "matmul/cost.h"
#include "matmul/known.h"

/* "stream, panel, tile, reference" */
static const char *strategy_names(char *text, size_t size)
{
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; tsr__strategy_at(i) && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "",
                                   tsr__strategy_at(i)->name);
    return text;
}

/* ---- Records --------------------------------------------------------------------- */

/* Records are of launches, as tune lends no arrays, and of many in a row, which wake a CPU's
 * threads once: a product on its own pays for that, too. */
static bool is_quicker_on_host(const tsr__problem *problem, const tsr_device_info *info,
                               tsr__strategies except, double seconds)
{
    return problem->on_host && !(except & tsr__strategies_of(&tsr__host)) &&
           !tsr__host.cannot_run(problem, info) &&
           tsr__host.cost(problem, info) < seconds + tsr__cost_launch(info);
}

/* What a record says, if it is not of a strategy in `except`. */
static bool choose_recorded(tsr_device *device, const tsr__problem *problem,
                            const tsr__strategy *scope, tsr__strategies except,
                            tsr__choice *out)
{
    char set[TSR__SET_SIZE];
    tsr__winner w;
    bool shipped;

    if (!tsr__known_find(device, problem, scope, &w, &shipped) ||
        (except & tsr__strategies_of(w.strategy)) ||
        (!scope && is_quicker_on_host(problem, &device->info, except, w.seconds)))
        return false;
    *out = (tsr__choice){w.strategy, scope != NULL, w.has_set, w.set, w.seconds};
    if (tsr__trace_on(TSR__TRACE_ROUTER)) {
        tsr__set_text(w.strategy, w.has_set ? &w.set : NULL, set);
        tsr__trace(TSR__TRACE_ROUTER, "%s -> %s (%s%srecord: %.3g ms%s%s)",
                   tsr__problem_text(problem), w.strategy->name,
                   scope ? "forced, " : "", shipped ? "a relative's " : "",
                   1e3 * w.seconds, set[0] ? ", " : "", set);
    }
    return true;
}

/* ---- By force -------------------------------------------------------------------- */

static tsr_status force(tsr_device *device, const tsr__problem *problem,
                        const char *name, tsr__choice *out)
{
    const tsr__strategy *strategy = tsr__strategy_find(name);
    const char *why;
    char names[128];

    if (!strategy)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "there is no strategy \"%s\"; this build has %s", name,
                         strategy_names(names, sizeof names));
    why = strategy->cannot_run(problem, &device->info);
    if (why)
        return tsr__fail(TSR_ERROR_UNSUPPORTED, "%s cannot run %s: %s", name,
                         tsr__problem_text(problem), why);
    if (choose_recorded(device, problem, strategy, 0, out))
        return TSR_OK;
    tsr__trace(TSR__TRACE_ROUTER, "%s -> %s (forced)", tsr__problem_text(problem),
               name);
    *out = (tsr__choice){.strategy = strategy, .forced = true};
    return TSR_OK;
}

/* ---- By cost --------------------------------------------------------------------- */

const tsr__strategy *tsr__route_by_cost(const tsr__problem *problem,
                                        const tsr_device_info *info,
                                        tsr__strategies except, double *cost)
{
    const tsr__strategy *best = NULL;
    char costs[256] = "";
    size_t length = 0;

    *cost = 0.0;
    for (size_t i = 0; tsr__strategy_at(i); i++) {
        const tsr__strategy *strategy = tsr__strategy_at(i);
        bool can = !(except >> i & 1) && !strategy->cannot_run(problem, info);
        double seconds = can ? strategy->cost(problem, info) : 0.0;

        if (tsr__trace_on(TSR__TRACE_ROUTER) && can && length < sizeof costs)
            length +=
                (size_t)snprintf(costs + length, sizeof costs - length, "%s%s %.3g ms",
                                 length ? ", " : "", strategy->name, 1e3 * seconds);
        if (can && (!best || seconds < *cost)) {
            best = strategy;
            *cost = seconds;
        }
    }
    if (best)
        tsr__trace(TSR__TRACE_ROUTER, "%s -> %s (cost model: %s)",
                   tsr__problem_text(problem), best->name, costs);
    return best;
}

bool tsr__is_for_host(const tsr__problem *problem, const tsr_device_info *info)
{
    double seconds;

    if (!problem->on_host || tsr__host.cannot_run(problem, info))
        return false;
    seconds = tsr__host.cost(problem, info);
    for (size_t i = 0; tsr__strategy_at(i); i++) {
        const tsr__strategy *other = tsr__strategy_at(i);

        if (other != &tsr__host && !other->cannot_run(problem, info) &&
            other->cost(problem, info) < seconds)
            return false;
    }
    return true;
}

tsr_status tsr__route(tsr_device *device, const tsr__problem *problem,
                      const char *forced, tsr__strategies except, tsr__choice *out)
{
    *out = (tsr__choice){0};
    if (!forced && device->forced_strategy[0])
        forced = device->forced_strategy;
    if (forced)
        return force(device, problem, forced, out);
    if (choose_recorded(device, problem, NULL, except, out))
        return TSR_OK;
    out->strategy = tsr__route_by_cost(problem, &device->info, except, &out->seconds);
    return out->strategy ? TSR_OK
                         : tsr__fail(TSR_ERROR_UNSUPPORTED, "no strategy can run %s",
                                     tsr__problem_text(problem));
}

tsr__strategies tsr__strategies_of(const tsr__strategy *strategy)
{
    for (size_t i = 0; tsr__strategy_at(i); i++)
        if (tsr__strategy_at(i) == strategy)
            return 1ul << i;
    return 0;
}
