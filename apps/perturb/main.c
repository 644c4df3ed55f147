/* main.c: perturb: trains a network by trying what its weights do. */
#include <signal.h>
#include <stdio.h>

#include <tessera/tessera.h>

#include "cores.h"
#include "files.h"
#include "progress.h"
#include "targets.h"

static bool do_products(report *r, tsr_device *device, failure *why)
{
    products p;

    if (!products_run(r->options, device, &p, why))
        return false;
    r->products = &p;
    if (!r->options->quiet)
        products_print(&p);
    return files_write(r, why);
}

/* A gradient that is wrong outweighs an output that was lost. */
static bool verdict(const report *r, bool fine, failure *why)
{
    if (r->race.check.ratio <= 1 || (!fine && why->exit_status != EXIT_INPUT))
        return fine;
    fflush(stdout); /* what was found comes before what went wrong */
    if (!fine)
        fprintf(stderr, "perturb: %s\n", why->text);
    return fail_with(
        why, EXIT_WRONG,
        "the gradient is wrong: it is off by %.1f times what theory allows",
        r->race.check.ratio);
}

static bool end(const report *r, failure *why)
{
    if (!r->options->quiet)
        report_end(r);
    return files_write(r, why) &&
           (!r->history.interrupted ||
            fail_with(why, EXIT_INTERRUPTED, "interrupted after %zu steps of %zu",
                      r->history.count, r->options->steps));
}

static bool learn(report *r, tsr_device *device, model *m, const digits *train,
                  failure *why)
{
    bool fine;

    progress_say("one gradient");
    if (!race_run(device, m, train, r->options->sigma, &r->race, why))
        return false;
    progress_clear();
    if (!r->options->quiet)
        report_race(r);
    fine = train_run(r->options, device, m, &r->history, why) && end(r, why);
    history_free(&r->history);
    return verdict(r, fine, why);
}

static bool do_training(report *r, tsr_device *device, const digits *train,
                        const digits *held_out, failure *why)
{
    model m;
    bool fine;

    r->train_count = train->count;
    r->held_out_count = held_out->count;
    if (!model_create(device, train, held_out, r->options->seed, &m, why))
        return false;
    fine = learn(r, device, &m, train, why);
    model_destroy(&m);
    return fine;
}

/* With everything read that is to be read. */
static bool run_on_device(report *r, const digits *train, const digits *held_out,
                          failure *why)
{
    const options *o = r->options;
    tsr_device *device;
    const tsr_status status = tsr_device_open(o->device, &device);
    bool fine;

    if (status)
        return fail_call(why, status, "opening a device");
    r->device = tsr_device_get_info(device);
    if (!o->quiet)
        printf("%s (%s)\n", r->device->spec, tsr_device_type_name(r->device->type));
    fine = o->action == ACTION_PRODUCTS ? do_products(r, device, why)
                                        : do_training(r, device, train, held_out, why);
    progress_clear();
    tsr_device_close(device);
    return fine;
}

static bool run(options *o, failure *why)
{
    report r = {.options = o};
    digits train = {0}, held_out = {0};
    bool fine;

    if (target_is_stdout(o->json))
        o->quiet = true; /* it is the JSON's alone */
    if (!files_probe(o, why) ||
        (o->action == ACTION_TRAIN &&
         !digits_read(o->data ? o->data : digits_shipped(), &train, &held_out, why)))
        return false;
    date_now(r.date);
    cores_pin();
    interrupt_catch("perturb");
    progress_start(!o->quiet);
    fine = run_on_device(&r, &train, &held_out, why);
    digits_free(&held_out);
    digits_free(&train);
    return fine;
}

static bool act(options *o, failure *why)
{
    switch (o->action) {
    case ACTION_HELP:
        fputs(options_help, stdout);
        return true;
    case ACTION_VERSION:
        printf("perturb (tessera) %s\n", tsr_version());
        return true;
    default:
        return run(o, why);
    }
}

int main(int argc, char *argv[])
{
    options o;
    failure why;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like others, with a name */
    if (!options_parse(argc, argv, &o, &why)) {
        fprintf(stderr, "perturb: %s\nTry perturb --help.\n", why.text);
        return why.exit_status;
    }
    if (act(&o, &why) && stdout_flush(&why))
        return EXIT_RIGHT;
    fflush(stdout); /* what was found comes before what went wrong */
    fprintf(stderr, "perturb: %s\n", why.text);
    return why.exit_status;
}
