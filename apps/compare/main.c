/* main.c: what the command line asks for. */
#include <signal.h>
#include <stdio.h>

#include <tessera/version.h>

#include "command.h"
#include "cores.h"
#include "list.h"
#include "progress.h"
#include "run.h"
#include "targets.h"

static void print_version(void)
{
    const char *clblast = tsr_clblast_version();

    printf("compare (tessera) %s\n", tsr_version());
    if (clblast[0])
        printf("CLBlast %s\n", clblast);
    else
        printf("built without CLBlast\n");
}

static bool act(const options *o, failure *why)
{
    switch (o->action) {
    case ACTION_HELP:
        fputs(options_help, stdout);
        break;
    case ACTION_VERSION:
        print_version();
        break;
    default:
        if (!list_devices(stdout, o->device, why))
            return false;
    }
    return stdout_flush(why);
}

static int report(const failure *why, const char *hint)
{
    fprintf(stderr, "compare: %s\n%s", why->text, hint);
    return why->exit_status;
}

int main(int argc, char *argv[])
{
    run r = {0};
    failure why;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like others, with a name */
    if (!options_parse(argc, argv, &r.options, &why))
        return report(&why, "Try compare --help.\n");
    if (r.options.action != ACTION_COMPARE)
        return act(&r.options, &why) ? EXIT_RIGHT : report(&why, "");
    r.command = command_line(argc, argv);
    cores_pin();
    interrupt_catch("compare");
    return run_all(&r);
}
