#include "matmul/router.h"

#include <stdio.h>
#include <string.h>

#include "base/trace.h"

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

static tsr_status force(const tsr_device_info *info, const tsr__problem *problem,
                        const char *name, const tsr__strategy **out)
{
    const tsr__strategy *strategy = tsr__strategy_find(name);
    const char *why;
    char names[128];

    if (!strategy)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "there is no strategy \"%s\"; this build has %s", name,
                         strategy_names(names, sizeof names));
    why = strategy->cannot_run(problem, info);
    if (why)
        return tsr__fail(TSR_ERROR_UNSUPPORTED, "%s cannot run %s: %s", name,
                         tsr__problem_text(problem), why);
    tsr__trace(TSR__TRACE_ROUTER, "%s -> %s (forced)", tsr__problem_text(problem),
               name);
    *out = strategy;
    return TSR_OK;
}

tsr_status tsr__route(tsr_device *device, const tsr__problem *problem,
                      const char *forced, tsr__strategies except,
                      const tsr__strategy **out, double *cost)
{
    const tsr_device_info *info = &device->info;
    const tsr__strategy *best = NULL;
    char costs[256] = "";
    size_t length = 0;

    *cost = 0.0;
    if (!forced && device->forced_strategy[0])
        forced = device->forced_strategy;
    if (forced)
        return force(info, problem, forced, out);

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
    if (!best)
        return tsr__fail(TSR_ERROR_UNSUPPORTED, "no strategy can run %s",
                         tsr__problem_text(problem));
    tsr__trace(TSR__TRACE_ROUTER, "%s -> %s (cost model: %s)",
               tsr__problem_text(problem), best->name, costs);
    *out = best;
    return TSR_OK;
}

tsr__strategies tsr__strategies_of(const tsr__strategy *strategy)
{
    for (size_t i = 0; tsr__strategy_at(i); i++)
        if (tsr__strategy_at(i) == strategy)
            return 1ul << i;
    return 0;
}
