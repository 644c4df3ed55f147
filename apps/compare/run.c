/* run.c: the life of a run.
 *
 * Everything that can be refused is refused before anything slow begins. Then each problem
 * is measured and shown; files are written last, and whole or not at all.
 */
#include "run.h"

#include <math.h>
#include <stdlib.h>

#include "colour.h"
#include "date.h"
#include "files.h"
#include "judge.h"
#include "progress.h"
#include "targets.h"

static bool write_outputs(const run *r, failure *why)
{
    const char *out = r->options.out; /* of a single product */
    const table_row *made = out ? &r->results.cases[0].rows[0] : NULL; /* tessera's */

    if (out && made->state == ROW_SKIPPED)
        return fail_with(why, EXIT_INPUT,
                         "%s was not written, since tessera was skipped: %s", out,
                         made->reason);
    if (out && !r->product) /* wrong or failed, as the exit status says */
        fprintf(stderr, "compare: %s was not written: there is no right result\n", out);
    return files_write(&r->options, &r->results, r->product, why);
}

static bool compare(run *r, failure *why)
{
    const options *o = &r->options;
    const bool bare = target_is_stdout(o->json); /* nothing but JSON there */
    int kept = -1;
    bool fine;

    if (bare) {
        kept = stdout_set_aside();
    } else if (!o->quiet) {
        r->screen = stdout;
        colour_start(stdout);
    }
    date_now(r->results.date);
    progress_start(!o->quiet);
    fine = run_prepare(r, why) && run_measure(r, why);
    stdout_give_back(kept);
    return fine && write_outputs(r, why);
}

/* Of a run that ends as it should. */
static int end(const run *r)
{
    int status;

    if (!isnan(r->options.fail_above) && !r->results.interrupted)
        earlier_name_missing(r->earlier, &r->results, stderr);
    status = judge_results(&r->results);

    if (!interrupt_seen())
        return status;
    fprintf(stderr, "compare: interrupted after %zu of %zu product%s\n",
            r->results.case_count, r->problems.count,
            r->problems.count == 1 ? "" : "s");
    return EXIT_INTERRUPTED;
}

/* Whether a result is known to be wrong, or slower than allowed, whatever else happened:
 * names it. */
static bool found_wrong(const results *all)
{
    return (results_count_wrong(all) || results_count_regressed(all)) &&
           judge_results(all) == EXIT_WRONG;
}

static int fail(const run *r, failure *why)
{
    if (interrupt_seen() &&
        !r->results.interrupted) /* whatever failed, it may have failed for that */
        fail_interrupted(why);
    progress_clear();
    fprintf(stderr, "compare: %s\n", why->text);
    if (why->exit_status != EXIT_INTERRUPTED && found_wrong(&r->results))
        return EXIT_WRONG; /* outweighs an output that was lost */
    return why->exit_status;
}

static void run_free(run *r)
{
    free(r->product);
    free(r->command);
    lineup_free(&r->lineup);
    results_free(&r->results);
    tsr_roof_probe_destroy(r->probe);
    tsr_device_close(r->device);
    earlier_free(r->earlier);
    problem_list_free(&r->problems);
    npy_free(&r->inputs.b);
    npy_free(&r->inputs.a);
}

int run_all(run *r)
{
    failure why;
    const int exit_status = compare(r, &why) ? end(r) : fail(r, &why);

    run_free(r);
    return exit_status;
}
