#include "work.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "clock.h"
#include "default_shapes.h"
#include "progress.h"
#include "shapes.h"
#include "table.h"
#include "text.h"

static bool say(void *user, const tsr_tune_progress *p)
{
    const problem_list *problems = user;
    char name[64];

    problem_describe(&problems->items[p->index], name, sizeof name);
    progress_prefix("%.0f s ", p->elapsed_seconds);
    if (p->candidates == 0)
        progress_say("%.38s", name);
    else
        progress_say("%.34s %zu/%zu %s", name, p->tried, p->candidates,
                     p->best_seconds > 0.0 ? text_seconds(p->best_seconds).s : "");
    return !interrupt_seen();
}

static tsr_tune_problem *problems_of(const problem_list *list)
{
    tsr_tune_problem *out = calloc(list->count, sizeof *out);

    for (size_t i = 0; out && i < list->count; i++) {
        const problem *p = &list->items[i];

        out[i] = (tsr_tune_problem){.dtype = p->dtype,
                                    .m = p->m,
                                    .n = p->n,
                                    .k = p->k,
                                    .batch = p->batch,
                                    .trans_a = p->trans_a,
                                    .trans_b = p->trans_b};
    }
    return out;
}

/* How many ended so. */
static size_t count_states(const tsr_tune_result *results, size_t count,
                           tsr_tune_state state)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += results[i].state == state;
    return found;
}

/* What the run as a whole has come to, once it is shown. */
static bool conclude(const tsr_tune_result *results, size_t count, failure *why)
{
    size_t found = count_states(results, count, TSR_TUNE_RECORDED);

    if (interrupt_seen() && found == 0)
        return fail_with(why, interrupt_exit_status(),
                         "interrupted; nothing was found yet");
    if (interrupt_seen())
        return fail_with(why, interrupt_exit_status(),
                         "interrupted; what was found for %zu product%s is kept", found,
                         found == 1 ? "" : "s");
    if (count_states(results, count, TSR_TUNE_FAILED) == count)
        return fail_with(why, EXIT_DEVICE, "no product could be tuned: %s",
                         results[0].reason);
    return true;
}

static bool tune(const options *o, tsr_device *device, double start, problem_list *list,
                 failure *why)
{
    tsr_tune_options how = TSR_TUNE_OPTIONS_DEFAULT;
    tsr_tune_problem *problems = problems_of(list);
    tsr_tune_result *results = calloc(list->count, sizeof *results);
    bool fine = problems && results;

    /* Where opening the device took all of it, nothing is begun. */
    how.budget_seconds = fmax(o->budget - (clock_now() - start), DBL_MIN);
    how.strategy = o->strategy;
    how.progress = say;
    how.user = list;
    if (!fine) {
        fail_with(why, EXIT_INPUT, "out of host memory");
    } else {
        tsr_status status = tsr_tune(device, problems, list->count, &how, results);

        progress_clear();
        if (!o->quiet && (!status || status == TSR_ERROR_UNSUPPORTED))
            table_results(stdout, list, results);
        fine = status ? fail_call(why, status, "tuning")
                      : conclude(results, list->count, why);
    }
    free(problems);
    free(results);
    return fine;
}

/* Products without elements, or sums of none, need nothing that could be tuned. */
static bool check_all(const problem_list *list, failure *why)
{
    for (size_t i = 0; i < list->count; i++) {
        const problem *p = &list->items[i];
        failure cause;

        if (p->m && p->n && p->k && p->batch)
            continue;
        fail_with(&cause, EXIT_INPUT, "there is nothing to multiply");
        return problem_list_blame(list, i, &cause, why);
    }
    return true;
}

bool work(const options *o, tsr_device *device, double start, failure *why)
{
    const problem like = {.batch = 1};
    problem_list list;
    bool fine;

    if (!(o->shapes ? shapes_read(o->shapes, &like, &list, why)
                    : default_shapes(tsr_device_get_info(device)->fp64, &list, why)))
        return false;
    progress_start(!o->quiet);
    fine = check_all(&list, why) && tune(o, device, start, &list, why);
    problem_list_free(&list);
    return fine;
}
