/* run_measure.c: one product after another is measured and shown. */
#include "run.h"

#include <stdlib.h>

#include "against.h"
#include "files.h"
#include "forecast.h"
#include "measure.h"
#include "progress.h"
#include "screen.h"
#include "settle.h"
#include "targets.h"

/* Shows the case that was measured last. Where nobody reads any more, files are all that
 * the rest is for. */
static bool show_case(run *r, failure *why)
{
    if (!r->screen)
        return true;
    screen_case(r->screen, &r->results.cases[r->results.case_count - 1],
                options_many(&r->options));
    if (stdout_flush(why))
        return true;
    r->screen = NULL;
    return files_any(&r->options);
}

/* Stops where it is told to; the cases that are done stay. */
static bool measure_cases(run *r, failure *why)
{
    const measure_plan plan = {.device = r->device,
                               .probe = r->probe,
                               .runners = r->lineup.runners,
                               .runner_count = r->lineup.count,
                               .batches = r->options.repeat};
    const size_t count = r->problems.count;

    r->results.cases = calloc(count, sizeof *r->results.cases);
    if (!r->results.cases)
        return fail_with(why, EXIT_INPUT, "out of host memory");
    for (size_t i = 0; i < count; i++) {
        case_result *c = &r->results.cases[i];

        if (interrupt_seen())
            return fail_interrupted(why);
        if (count > 1)
            progress_prefix("%zu/%zu ", i + 1, count);
        progress_part(forecast_before(&r->problems, i),
                      forecast_before(&r->problems, i + 1));
        if (!measure_case(&plan, &r->problems.items[i], &r->inputs, c,
                          r->options.out ? &r->product : NULL, why))
            return false;
        r->results.case_count++;
        r->results.roof = *tsr_roof_probe_best(r->probe);
        settle_roof(c, &r->results.roof);
        earlier_match(r->earlier, c);
        if (!show_case(r, why))
            return false;
    }
    return true;
}

bool run_measure(run *r, failure *why)
{
    if (r->screen)
        screen_head(r->screen, &r->results);
    if (!measure_cases(r, why)) {
        /* Ctrl-C leaves what is finished: of many products, none is an answer, too. */
        if (why->exit_status != EXIT_INTERRUPTED ||
            (!r->results.case_count && !options_many(&r->options)))
            return false;
        r->results.interrupted = true;
    }
    for (size_t i = 0; i < r->results.case_count; i++)
        settle_roof(&r->results.cases[i], &r->results.roof);
    if (r->screen && options_many(&r->options))
        screen_summary(r->screen, &r->results);
    if (r->screen && r->earlier)
        against_print(r->screen, &r->results);
    return true;
}
