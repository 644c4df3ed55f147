/* run_prepare.c: what is known, or refused, before anything is measured. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cold.h"
#include "files.h"
#include "fits.h"
#include "operands.h"
#include "progress.h"

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

/* Reads all that is to be read, and sees whether what is to be written could be. */
static bool prepare_files(run *r, failure *why)
{
    const options *o = &r->options;

    return check_strategy(why) && read_inputs(r, why) && files_probe(o, why) &&
           (!o->earlier || earlier_read(o->earlier, &r->earlier, why)) &&
           (!o->blas || blas_load(o->blas, &r->blas, why));
}

/* What does without f64, where it was asked for. */
static const char *f32_instead(const options *o)
{
    return o->shapes        ? "f32 in the file's lines and for --dtype"
           : (o->a || o->b) ? "files of f32 (NumPy: a.astype('<f4'))"
                            : "--dtype f32";
}

/* A file of shapes is for any device: where there is no f64, its products in f64 are rows
 * that say so. If all of them are, or f64 was asked for by itself, that is refused. */
static bool check_dtypes(const run *r, failure *why)
{
    const tsr_device_info *device = &r->results.device;
    const problem_list *list = &r->problems;
    size_t lacking = 0;
    failure cause;

    for (size_t i = 0; i < list->count; i++)
        lacking += !device_has(device, list->items[i].dtype);
    if (lacking == 0 || (list->path && lacking < list->count))
        return true;
    fail_with(&cause, EXIT_INPUT,
              "f64 needs a device with fp64, and %s has none; use another --device "
              "(compare --list), or %s",
              device->name, f32_instead(&r->options));
    return problem_list_blame(list, 0, &cause, why);
}

static bool open_device(run *r, failure *why)
{
    const tsr_status status = tsr_device_open(r->options.device, &r->device);

    if (status)
        return fail_call(why, status, "opening a device");
    r->results.device = *tsr_device_get_info(r->device);
    if (!check_dtypes(r, why))
        return false;
    for (size_t i = 0; i < r->problems.count; i++) {
        const problem *p = &r->problems.items[i];
        failure cause;

        if (device_has(&r->results.device, p->dtype) &&
            !problem_fits(p, &r->results.device, &cause))
            return problem_list_blame(&r->problems, i, &cause, why);
    }
    return true;
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

bool run_prepare(run *r, failure *why)
{
    const options *o = &r->options;

    return prepare_files(r, why) && open_device(r, why) && prepare_facts(r, why) &&
           operands_load(o, &r->inputs, why) &&
           lineup_create(&r->lineup, o, &r->blas, why) && prepare_probe(r, why);
}
