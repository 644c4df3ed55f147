#include "matmul/first_use.h"

#include <stdatomic.h>

#include "base/trace.h"
#include "matmul/known.h"
#include "matmul/router.h"
#include "matmul/search.h"

/* Given to a search: with the build it is at when that is over, and operands to make, two
 * seconds in all. */
#define SEARCH_SECONDS 1.2

/* A product estimated to take longer than this cannot be tried often enough. */
#define LONGEST 0.1

static atomic_flag searching = ATOMIC_FLAG_INIT;

static bool search(tsr_device *device, const tsr__problem *problem,
                   const tsr__strategy *stock, tsr__winner *out)
{
    static const tsr__search_time time = {.share = SEARCH_SECONDS,
                                          .most = SEARCH_SECONDS};
    const tsr__strategy *strategies[TSR__MOST_STRATEGIES];
    tsr__pace pace = {{NULL}, {0.0}};
    tsr__search_goal goal = {.strategies = strategies, .stock = stock, .pace = &pace};
    tsr__winner known, start;
    tsr__search *search;
    bool found, shipped;

    while (goal.count < TSR__MOST_STRATEGIES && tsr__strategy_at(goal.count)) {
        strategies[goal.count] = tsr__strategy_at(goal.count);
        goal.count++;
    }
    if (tsr__known_find(device, problem, NULL, &known, &shipped)) {
        known.stock_seconds = 0.0; /* of another device: this one has no record */
        goal.known = &known;
    }
    if (tsr__known_start(device, problem, &start))
        goal.start = &start;
    if (tsr__search_create(device, problem, &goal, &search))
        return false;
    found = !tsr__search_go(search, &time) && tsr__search_winner(search, out);
    tsr__search_destroy(search);
    return found;
}

static void tune(tsr_device *device, const tsr__problem *problem)
{
    double cost;
    const tsr__strategy *stock = tsr__route_by_cost(problem, &device->info, 0, &cost);
    tsr__class of = tsr__class_of(problem);
    tsr__winner winner;

    if (stock && cost < LONGEST && search(device, problem, stock, &winner)) {
        tsr__known_keep(device, of, NULL, &winner);
    } else {
        tsr__trace(TSR__TRACE_ROUTER, "%s: not tuned", tsr__problem_text(problem));
        tsr__known_give_up(device, of);
    }
}

void tsr__first_use(tsr_device *device, const tsr__problem *problem)
{
    if (!device->tunes_on_first_use || tsr__known_has(device, problem, NULL) ||
        tsr__is_for_host(problem, &device->info) ||
        atomic_flag_test_and_set(&searching))
        return;
    tune(device, problem);
    atomic_flag_clear(&searching);
}
