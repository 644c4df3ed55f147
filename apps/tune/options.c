#include "options.h"

#include <stdlib.h>

#include "arguments.h"

#define DEFAULT_BUDGET 60.0

static bool set_action(options *o, action wanted, failure *why)
{
    if (o->action != ACTION_TUNE)
        return fail_with(why, EXIT_INPUT,
                         "--show, --export, --import and --clear exclude each other");
    o->action = wanted;
    return true;
}

static bool parse_budget(const char *text, double *out, failure *why)
{
    char *end;

    *out = strtod(text, &end);
    if (text[0] < '0' || text[0] > '9' || *end || !(*out > 0.0) || *out > 1e6)
        return fail_with(why, EXIT_INPUT,
                         "--budget is \"%s\"; it must be seconds, above 0", text);
    return true;
}

enum {
    OPT_BUDGET = ARGUMENTS_LONG,
    OPT_SHAPES,
    OPT_DEVICE,
    OPT_STRATEGY,
    OPT_SHOW,
    OPT_EXPORT,
    OPT_IMPORT,
    OPT_CLEAR,
    OPT_QUIET,
    OPT_HELP,
    OPT_VERSION
};

static const struct option long_options[] = {
    {"budget", required_argument, NULL, OPT_BUDGET},
    {"shapes", required_argument, NULL, OPT_SHAPES},
    {"device", required_argument, NULL, OPT_DEVICE},
    {"strategy", required_argument, NULL, OPT_STRATEGY},
    {"show", no_argument, NULL, OPT_SHOW},
    {"export", required_argument, NULL, OPT_EXPORT},
    {"import", required_argument, NULL, OPT_IMPORT},
    {"clear", no_argument, NULL, OPT_CLEAR},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

static taken take(void *to, int option, const char *value, failure *why)
{
    options *o = to;

    switch (option) {
    case OPT_BUDGET:
        return parse_budget(value, &o->budget, why);
    case OPT_SHAPES:
        o->shapes = value;
        return true;
    case OPT_DEVICE:
        o->device = value;
        return true;
    case OPT_STRATEGY:
        o->strategy = value;
        return true;
    case OPT_SHOW:
        return set_action(o, ACTION_SHOW, why);
    case OPT_EXPORT:
        o->file = value;
        return set_action(o, ACTION_EXPORT, why);
    case OPT_IMPORT:
        o->file = value;
        return set_action(o, ACTION_IMPORT, why);
    case OPT_CLEAR:
        return set_action(o, ACTION_CLEAR, why);
    case OPT_QUIET:
        return o->quiet = true;
    case OPT_VERSION:
        o->action = ACTION_VERSION;
        return TAKEN_LAST;
    default: /* OPT_HELP, h */
        o->action = ACTION_HELP;
        return TAKEN_LAST;
    }
}

/* What says how to tune is refused where nothing is tuned. */
static bool check_together(const options *o, failure *why)
{
    const char *extra = o->budget > 0.0 ? "--budget"
                        : o->shapes     ? "--shapes"
                        : o->strategy   ? "--strategy"
                                        : NULL;

    return o->action == ACTION_TUNE || !extra ||
           fail_with(
               why, EXIT_INPUT,
               "%s is for tuning, which --show, --export, --import and --clear do "
               "not do",
               extra);
}

bool options_parse(int argc, char *argv[], options *out, failure *why)
{
    const arguments a = {argc, argv, ":h", long_options};

    *out = (options){.action = ACTION_TUNE};
    if (!arguments_read(&a, take, out, why))
        return false;
    if (out->action == ACTION_HELP || out->action == ACTION_VERSION)
        return true;
    if (!check_together(out, why))
        return false;
    if (out->budget == 0.0)
        out->budget = DEFAULT_BUDGET;
    return true;
}
