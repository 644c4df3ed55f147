/* warm_up.c: tsr_tune_warm_up. */
#include "base/error.h"
#include "matmul/router.h"
#include "matmul/stage.h"
#include "matmul/tune_problem.h"

/* Runs what the router takes once: drivers finish a build at the first launch. */
static tsr_status run_once(tsr_device *device, const tsr__problem *problem)
{
    tsr__stage stage;
    tsr__choice choice;
    double seconds;
    tsr_status status = tsr__stage_set(device, problem, &stage);

    if (status)
        return status;
    if (!(status = tsr__route(device, &stage.problem, NULL, 0, &choice))) {
        tsr__plan plan = {.strategy = choice.strategy,
                          .problem = stage.problem,
                          .parameters = choice.has_set ? &choice.set : NULL};

        if (!(status = choice.strategy->plan(device, &plan)))
            status = tsr__stage_time(&stage, &plan, 1, &seconds);
    }
    tsr__stage_clear(&stage);
    return status
               ? tsr__explain(status, "warming up for %s", tsr__problem_text(problem))
               : TSR_OK;
}

tsr_status tsr_tune_warm_up(tsr_device *device, const tsr_tune_problem *problems,
                            size_t count, double tune_seconds)
{
    tsr_tune_options options = TSR_TUNE_OPTIONS_DEFAULT;
    tsr_status status = TSR_OK;

    if (!device || (count && !problems))
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL",
                         device ? "problems" : "device");
    if ((status = tsr__tune_problems_check(problems, count)))
        return status;
    options.budget_seconds = tune_seconds;
    options.only_new = true;
    if (tune_seconds > 0.0)
        status = tsr_tune(device, problems, count, &options, NULL);
    for (size_t i = 0; i < count && (!status || status == TSR_ERROR_UNSUPPORTED); i++) {
        tsr__problem problem = tsr__tune_problem(&problems[i]);
        tsr_status ran = run_once(device, &problem);

        status = ran ? ran : status;
    }
    return status;
}
