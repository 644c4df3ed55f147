/* main.c: the life of a run.
 *
 * Everything that can be refused is refused before anything slow begins: options, files,
 * sizes, the device. Then each problem is measured and shown; files are written last, and
 * whole or not at all.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tessera/tessera.h>

#include "against.h"
#include "cold.h"
#include "colour.h"
#include "command.h"
#include "cores.h"
#include "earlier.h"
#include "files.h"
#include "fits.h"
#include "forecast.h"
#include "judge.h"
#include "lineup.h"
#include "list.h"
#include "measure.h"
#include "operands.h"
#include "options.h"
#include "progress.h"
#include "screen.h"
#include "settle.h"
#include "shapes.h"

/* What a run holds. */
typedef struct run {
    options options;
    inputs inputs;
    problem_list problems;
    blas_library blas;
    earlier_run *earlier;
    tsr_device *device;
    tsr_roof_probe *probe;
    results results;
    lineup lineup;
    char *command;
    void *product; /* tessera's, for --out */
    FILE *screen;  /* NULL: nothing is shown */
} run;

/* ---- What can be refused at once ---------------------------------------------------- */

static bool read_inputs(run *r, failure *why)
{
    const options *o = &r->options;

    r->inputs.seed = o->seed;
    if (o->shapes)
        return shapes_read(o->shapes, &o->problem, &r->problems, why);
    if (o->sweep.high)
        return sweep_squares(&o->sweep, &o->problem, &r->problems, why);
    if (o->sweep_rows.high)
        return sweep_rows(&o->sweep_rows, &o->problem, &r->problems, why);

    problem p = o->problem;
    return operands_describe(o, &r->inputs, &p, why) && problem_check(&p, why) &&
           problem_list_add(&r->problems, &p, why);
}

static bool check_strategy(failure *why)
{
    const char *wanted = getenv("TESSERA_STRATEGY");
    char names[256] = "";
    size_t length = 0;

    if (!wanted || !*wanted)
        return true;
    for (size_t i = 0; i < tsr_strategy_count(); i++) {
        const char *name = tsr_strategy_name(i);

        if (strcmp(name, wanted) == 0)
            return true;
        if (length < sizeof names)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                       i ? ", " : "", name);
    }
    return fail_with(why, EXIT_INPUT, "TESSERA_STRATEGY is \"%s\"; there are %s",
                     wanted, names);
}

static bool open_device(run *r, failure *why)
{
    const tsr_status status = tsr_device_open(r->options.device, &r->device);

    if (status)
        return fail_call(why, status, "opening a device");
    r->results.device = *tsr_device_get_info(r->device);
    for (size_t i = 0; i < r->problems.count; i++) {
        failure cause;

        if (!problem_fits(&r->problems.items[i], &r->results.device, &cause)) {
            char what[160];

            problem_describe(&r->problems.items[i], what, sizeof what);
            return fail_with(why, cause.exit_status, "%s: %s", what, cause.text);
        }
    }
    return true;
}

/* ---- Measure and write -------------------------------------------------------------- */

static bool prepare_probe(run *r, failure *why)
{
    tsr_status status;

    progress_say("measuring the roof");
    status = tsr_roof_probe_create(r->device, &r->probe);
    progress_clear();
    if (status)
        return fail_call(why, status, "measuring the roof");
    r->results.first_roof = r->results.roof = *tsr_roof_probe_best(r->probe);
    return true;
}

/* Shows the case that was measured last. Where nobody reads any more, files are all that
 * the rest is for. */
static bool show_case(run *r, failure *why)
{
    if (!r->screen)
        return true;
    screen_case(r->screen, &r->results.cases[r->results.case_count - 1],
                options_many(&r->options));
    if (files_flush_stdout(why))
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

static bool measure_all(run *r, failure *why)
{
    if (r->screen)
        screen_head(r->screen, &r->results);
    if (!measure_cases(r, why)) {
        /* Ctrl-C leaves what is finished. */
        if (why->exit_status != EXIT_INTERRUPTED || !r->results.case_count)
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

static bool write_outputs(const run *r, failure *why)
{
    if (r->options.out && !r->product)
        /* the exit status says why */
        fprintf(stderr, "compare: %s was not written: there is no right result\n",
                r->options.out);
    return files_write(&r->options, &r->results, r->product, why);
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
    fprintf(stderr, "compare: interrupted after %zu of %zu products\n",
            r->results.case_count, r->problems.count);
    return EXIT_INTERRUPTED;
}

static void note_date(results *all)
{
    const time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(all->date, sizeof all->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* Reads all that is to be read, and sees whether what is to be written could be. */
static bool prepare_files(run *r, failure *why)
{
    const options *o = &r->options;

    return check_strategy(why) && read_inputs(r, why) && files_probe(o, why) &&
           (!o->earlier || earlier_read(o->earlier, &r->earlier, why)) &&
           (!o->blas || blas_load(o->blas, &r->blas, why));
}

/* What is known before anything runs. */
static bool prepare_facts(run *r, failure *why)
{
    const options *o = &r->options;
    results *all = &r->results;

    all->command = r->command;
    if (o->blas)
        all->blas = lineup_pin_blas(&r->blas, &all->device);
    if (o->cold) {
        all->cold_bytes =
            o->cold_bytes ? (double)o->cold_bytes : cold_bytes(&all->device);
        if (!cold_fits(all->cold_bytes, &all->device, why))
            return false;
    }
    r->inputs.cold_bytes = all->cold_bytes;
    if (!r->earlier)
        return true;
    all->earlier = earlier_facts_of(r->earlier);
    all->earlier.fail_above = o->fail_above;
    return earlier_judges(&all->earlier, &all->device, why) &&
           earlier_fits(r->earlier, &r->problems, o->cold, why);
}

static bool compare(run *r, failure *why)
{
    const options *o = &r->options;

    if (!o->quiet && !files_json_is_stdout(o)) {
        r->screen = stdout;
        colour_start(stdout);
    }
    note_date(&r->results);
    progress_start(!o->quiet);
    return prepare_files(r, why) && open_device(r, why) && prepare_facts(r, why) &&
           operands_load(o, &r->inputs, why) &&
           lineup_create(&r->lineup, o, &r->blas, why) && prepare_probe(r, why) &&
           measure_all(r, why) && write_outputs(r, why);
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

static int report(const failure *why)
{
    progress_clear();
    fprintf(stderr, "compare: %s\n", why->text);
    return why->exit_status;
}

static void print_version(void)
{
    const char *clblast = tsr_clblast_version();

    printf("compare (tessera) %s\n", tsr_version());
    if (clblast[0])
        printf("CLBlast %s\n", clblast);
    else
        printf("built without CLBlast\n");
}

int main(int argc, char *argv[])
{
    run r = {0};
    failure why = {0};
    int exit_status;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like others, with a name */
    if (!options_parse(argc, argv, &r.options, &why)) {
        report(&why);
        fprintf(stderr, "Try compare --help.\n");
        return why.exit_status;
    }
    switch (r.options.action) {
    case ACTION_HELP:
        fputs(options_help, stdout);
        return files_flush_stdout(&why) ? EXIT_RIGHT : report(&why);
    case ACTION_VERSION:
        print_version();
        return files_flush_stdout(&why) ? EXIT_RIGHT : report(&why);
    case ACTION_LIST:
        return list_devices(stdout, r.options.device, &why) && files_flush_stdout(&why)
                   ? EXIT_RIGHT
                   : report(&why);
    case ACTION_COMPARE:
        break;
    }
    r.command = command_line(argc, argv);
    cores_pin();
    interrupt_catch("compare");
    if (compare(&r, &why)) {
        exit_status = end(&r);
    } else {
        if (interrupt_seen() &&
            !r.results.interrupted) /* whatever failed, it may have failed for that */
            fail_interrupted(&why);
        exit_status = report(&why);
    }
    run_free(&r);
    return exit_status;
}
