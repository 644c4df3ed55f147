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
    const tsr__strategy *strategies[32];
    tsr__search s = {
        .strategies = strategies, .stock = stock, .seconds = SEARCH_SECONDS};
    tsr__winner start;
    bool found;

    while (s.count < sizeof strategies / sizeof strategies[0] &&
           tsr__strategy_at(s.count)) {
        strategies[s.count] = tsr__strategy_at(s.count);
        s.count++;
    }
    if (tsr__known_start(device, problem, &start))
        s.start = &start;
    return !tsr__search_run(device, problem, &s, out, &found) && found;
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
        atomic_flag_test_and_set(&searching))
        return;
    tune(device, problem);
    atomic_flag_clear(&searching);
}
