/* main.c: tune: finds out what is fastest on a device, and keeps it. */
#include <signal.h>
#include <stdio.h>

#include <tessera/tessera.h>

#include "actions.h"
#include "clock.h"
#include "cores.h"
#include "options.h"
#include "progress.h"
#include "table.h"
#include "targets.h"
#include "work.h"

static bool act(const options *o, tsr_device *device, double start, failure *why)
{
    switch (o->action) {
    case ACTION_SHOW:
        table_records(stdout, device);
        return true;
    case ACTION_EXPORT:
        return export_records(device, o->file, why);
    case ACTION_IMPORT:
        return import_records(device, o->file, o->quiet, why);
    case ACTION_CLEAR:
        return clear_records(device, o->quiet, why);
    default:
        return work(o, device, start, why);
    }
}

/* Records that cannot be kept, or read, are known of before anything is measured. */
static bool check_place(const options *o, failure *why)
{
    bool reads = o->action == ACTION_SHOW || o->action == ACTION_EXPORT;

    return tsr_tune_check_cache(!reads) == TSR_OK ||
           fail_with(why, EXIT_INPUT, "%s", tsr_error_detail());
}

static bool run(const options *o, failure *why)
{
    const double start = clock_now();
    tsr_device *device;
    tsr_status status;
    bool fine;

    if (o->action == ACTION_HELP || o->action == ACTION_VERSION) {
        if (o->action == ACTION_HELP)
            fputs(options_help, stdout);
        else
            printf("tune (tessera) %s\n", tsr_version());
        return stdout_flush(why);
    }
    if (!check_place(o, why))
        return false;
    cores_pin();
    interrupt_catch("tune");
    if ((status = tsr_device_open(o->device, &device)))
        return fail_call(why, status, "opening a device");
    fine = act(o, device, start, why);
    tsr_device_close(device);
    return fine && stdout_flush(why);
}

int main(int argc, char *argv[])
{
    options o;
    failure why;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like others, with a name */
    if (!options_parse(argc, argv, &o, &why)) {
        fprintf(stderr, "tune: %s\nTry tune --help.\n", why.text);
        return why.exit_status;
    }
    if (run(&o, &why))
        return EXIT_RIGHT;
    fprintf(stderr, "tune: %s\n", why.text);
    return why.exit_status;
}
