#include "work.h"

#include <stdlib.h>

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

static bool tune(const options *o, tsr_device *device, problem_list *list, failure *why)
{
    tsr_tune_options how = TSR_TUNE_OPTIONS_DEFAULT;
    tsr_tune_problem *problems = problems_of(list);
    tsr_tune_result *results = calloc(list->count, sizeof *results);
    bool fine = problems && results;

    how.budget_seconds = o->budget;
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
        if (status)
            fine = fail_call(why, status, "tuning");
    }
    free(problems);
    free(results);
    return fine;
}

bool work(const options *o, tsr_device *device, failure *why)
{
    const problem like = {.batch = 1};
    problem_list list;
    bool fine;

    if (!(o->shapes ? shapes_read(o->shapes, &like, &list, why)
                    : default_shapes(tsr_device_get_info(device)->fp64, &list, why)))
        return false;
    progress_start(!o->quiet);
    fine = tune(o, device, &list, why);
    problem_list_free(&list);
    if (fine && interrupt_seen())
        return fail_with(why, EXIT_INTERRUPTED,
                         "interrupted; what was found until then is kept");
    return fine;
}
