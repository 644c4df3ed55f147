/* main.c: the life of a run.
 *
 * Everything that can be refused is refused before anything slow begins: options, files,
 * sizes, the device. Then each problem is measured and shown; files are written last, and
 * whole or not at all.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <tessera/tessera.h>

#include "colour.h"
#include "cores.h"
#include "fits.h"
#include "json.h"
#include "list.h"
#include "measure.h"
#include "npy.h"
#include "operands.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "screen.h"
#include "shapes.h"

/* What a run holds. */
typedef struct run {
    options options;
    inputs inputs;
    problem_list problems;
    blas_library blas;
    tsr_device *device;
    tsr_roof_probe *probe;
    results results;
    runner *runners;
    size_t runner_count;
    void *product; /* tessera's, for --out */
    FILE *screen;  /* NULL: nothing is shown */
} run;

static bool json_is_stdout(const options *o)
{
    return o->json && strcmp(o->json, "-") == 0;
}

/* ---- What can be refused at once ---------------------------------------------------- */

static bool read_inputs(run *r, failure *why)
{
    const options *o = &r->options;

    r->inputs.seed = o->seed;
    if (o->shapes)
        return shapes_read(o->shapes, &o->problem, &r->problems, why);

    problem p = o->problem;
    return operands_describe(o, &r->inputs, &p, why) && problem_check(&p, why) &&
           problem_list_add(&r->problems, &p, why);
}

static bool probe_outputs(const options *o, failure *why)
{
    return (!o->json || json_is_stdout(o) || output_probe(o->json, why)) &&
           (!o->out || output_probe(o->out, why));
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

/* ---- Runners ------------------------------------------------------------------------ */

/* On a CPU the library gets as many threads as the device; beside another device, as many
 * as the host has. */
static void pin_blas_threads(run *r)
{
    const tsr_device_info *d = &r->results.device;
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = online > 0 ? (unsigned)online : 1;

    if (d->type == TSR_DEVICE_CPU && d->compute_units < threads)
        threads = d->compute_units;
    r->results.blas = (blas_facts){.path = r->blas.path, .core = r->blas.core};
    r->results.blas.threads = blas_set_threads(&r->blas, threads);
}

static bool choose_runners(run *r, failure *why)
{
    r->runners = calloc(tsr_strategy_count() + 6, sizeof *r->runners);
    if (!r->runners)
        return fail_with(why, EXIT_INPUT, "out of host memory");

    runner *next = r->runners;
    *next++ = runner_device("tessera", NULL);
    if (r->options.prepared)
        *next++ = runner_prepared();
    *next++ = runner_device("clblast", "clblast");
    for (size_t i = 0; r->options.all && i < tsr_strategy_count(); i++)
        if (strcmp(tsr_strategy_name(i), "clblast") != 0)
            *next++ = runner_device(tsr_strategy_name(i), tsr_strategy_name(i));
    *next++ = runner_plain();
    *next++ = runner_plain_f64();
    if (r->options.blas) {
        pin_blas_threads(r);
        *next++ = runner_blas(&r->blas);
    }
    r->runner_count = (size_t)(next - r->runners);
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

static bool measure_all(run *r, failure *why)
{
    const measure_plan plan = {.device = r->device,
                               .probe = r->probe,
                               .runners = r->runners,
                               .runner_count = r->runner_count,
                               .batches = r->options.repeat};

    if (r->screen)
        screen_head(r->screen, &r->results);
    r->results.cases = calloc(r->problems.count, sizeof *r->results.cases);
    if (!r->results.cases)
        return fail_with(why, EXIT_INPUT, "out of host memory");
    for (size_t i = 0; i < r->problems.count; i++) {
        case_result *c = &r->results.cases[i];

        if (interrupt_seen())
            return fail_interrupted(why);
        progress_prefix("%zu/%zu ", i + 1, r->problems.count);
        if (!measure_case(&plan, &r->problems.items[i], &r->inputs, c,
                          r->options.out ? &r->product : NULL, why))
            return false;
        r->results.case_count++;
        r->results.roof = *tsr_roof_probe_best(r->probe);
        if (r->screen)
            screen_case(r->screen, c, r->options.shapes != NULL);
    }
    if (r->screen && r->options.shapes)
        screen_summary(r->screen, &r->results);
    return true;
}

static bool begin_json(const run *r, output *out, failure *why)
{
    return output_open(out, r->options.json, why) &&
           json_write(out->file, &r->results, why) && output_finish(out, why);
}

static bool begin_product(const run *r, output *out, failure *why)
{
    const problem *p = &r->problems.items[0];
    const size_t shape[3] = {p->batch, p->m, p->n};
    const bool batched = p->batch != 1;

    if (!output_open(out, r->options.out, why))
        return false;
    npy_write(out->file, p->dtype, batched ? 3 : 2, batched ? shape : shape + 1,
              r->product);
    return output_finish(out, why);
}

/* All files are whole before the first gets its name. */
static bool write_files(const run *r, bool json, failure *why)
{
    output outputs[2] = {{0}};
    size_t count = 0;
    bool fine = true;

    if (r->product)
        fine = begin_product(r, &outputs[count++], why);
    if (fine && json)
        fine = begin_json(r, &outputs[count++], why);
    if (fine && interrupt_seen())
        fine = fail_interrupted(why);
    for (size_t i = 0; i < count; i++) {
        if (fine)
            fine = output_commit(&outputs[i], why);
        else
            output_abandon(&outputs[i]);
    }
    return fine;
}

static bool flush_stdout(failure *why)
{
    return (fflush(stdout) == 0 && !ferror(stdout)) ||
           fail_with(why, EXIT_INPUT, "cannot write to standard output");
}

static bool write_outputs(const run *r, failure *why)
{
    const bool to_stdout = json_is_stdout(&r->options);

    if (interrupt_seen())
        return fail_interrupted(why);
    if (!flush_stdout(why) || !write_files(r, r->options.json && !to_stdout, why))
        return false;
    if (r->options.out && !r->product)
        /* the exit status says why */
        fprintf(stderr, "compare: %s was not written: there is no right result\n",
                r->options.out);
    return !to_stdout || (json_write(stdout, &r->results, why) && flush_stdout(why));
}

/* Says on stderr what failed, and gives the exit status. Wrong comes before failed. */
static int judge_results(const results *all)
{
    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++) {
            const table_row *row = &all->cases[i].rows[j];
            char what[160];

            problem_describe(&all->cases[i].problem, what, sizeof what);
            if (row->state == ROW_FAILED)
                fprintf(stderr, "compare: %s: %s failed: %s\n", what, row->runner,
                        row->reason);
            else if (row->state == ROW_DONE && !row->verdict.ok)
                fprintf(stderr, "compare: %s: the result of %s is wrong\n", what,
                        row->runner);
        }
    if (results_count_wrong(all))
        return EXIT_WRONG;
    return results_count(all, ROW_FAILED) ? EXIT_DEVICE : EXIT_RIGHT;
}

static void note_date(results *all)
{
    const time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(all->date, sizeof all->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static bool compare(run *r, failure *why)
{
    const options *o = &r->options;

    if (!o->quiet && !json_is_stdout(o))
        r->screen = stdout;
    colour_start(stdout);
    note_date(&r->results);
    progress_start(!o->quiet);
    return check_strategy(why) && read_inputs(r, why) && probe_outputs(o, why) &&
           (!o->blas || blas_load(o->blas, &r->blas, why)) && open_device(r, why) &&
           operands_load(&r->options, &r->inputs, why) && choose_runners(r, why) &&
           prepare_probe(r, why) && measure_all(r, why) && write_outputs(r, why);
}

static void run_free(run *r)
{
    free(r->product);
    free(r->runners);
    results_free(&r->results);
    tsr_roof_probe_destroy(r->probe);
    tsr_device_close(r->device);
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

    if (!options_parse(argc, argv, &r.options, &why)) {
        report(&why);
        fprintf(stderr, "Try compare --help.\n");
        return why.exit_status;
    }
    switch (r.options.action) {
    case ACTION_HELP:
        fputs(options_help, stdout);
        return flush_stdout(&why) ? EXIT_RIGHT : report(&why);
    case ACTION_VERSION:
        print_version();
        return flush_stdout(&why) ? EXIT_RIGHT : report(&why);
    case ACTION_LIST:
        return list_devices(stdout, r.options.device, &why) && flush_stdout(&why)
                   ? EXIT_RIGHT
                   : report(&why);
    case ACTION_COMPARE:
        break;
    }
    cores_pin();
    interrupt_catch("compare");
    if (compare(&r, &why)) {
        exit_status = judge_results(&r.results);
    } else {
        if (interrupt_seen()) /* whatever failed, it may have failed for that */
            fail_interrupted(&why);
        exit_status = report(&why);
    }
    run_free(&r);
    return exit_status;
}
