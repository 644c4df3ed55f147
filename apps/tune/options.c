#include "options.h"

#include <stdlib.h>
#include <string.h>

typedef struct argument {
    const char *name, *value;
} argument;

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

/* An option without a value. *known says whether it is one. */
static bool parse_flag(const char *name, options *o, bool *known, failure *why)
{
    *known = true;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        o->action = ACTION_HELP;
    else if (strcmp(name, "--version") == 0)
        o->action = ACTION_VERSION;
    else if (strcmp(name, "--show") == 0)
        return set_action(o, ACTION_SHOW, why);
    else if (strcmp(name, "--clear") == 0)
        return set_action(o, ACTION_CLEAR, why);
    else if (strcmp(name, "--quiet") == 0)
        o->quiet = true;
    else
        *known = false;
    return true;
}

static bool parse_value(const argument *a, options *o, failure *why)
{
    if (strcmp(a->name, "--budget") == 0)
        return parse_budget(a->value, &o->budget, why);
    if (strcmp(a->name, "--export") == 0 || strcmp(a->name, "--import") == 0) {
        o->file = a->value;
        return set_action(o, a->name[2] == 'e' ? ACTION_EXPORT : ACTION_IMPORT, why);
    }
    if (strcmp(a->name, "--shapes") == 0)
        o->shapes = a->value;
    else if (strcmp(a->name, "--strategy") == 0)
        o->strategy = a->value;
    else
        o->device = a->value;
    return true;
}

static bool takes_value(const char *name)
{
    static const char *const names[] = {"--budget", "--device", "--export",
                                        "--import", "--shapes", "--strategy"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

bool options_parse(int argc, char *argv[], options *out, failure *why)
{
    *out = (options){.budget = 60.0};
    for (int i = 1; i < argc; i++) {
        bool known;

        if (!parse_flag(argv[i], out, &known, why))
            return false;
        if (out->action == ACTION_HELP || out->action == ACTION_VERSION)
            return true;
        if (known)
            continue;
        if (!takes_value(argv[i]))
            return fail_with(why, EXIT_INPUT, "%s is not an option", argv[i]);
        if (i + 1 == argc)
            return fail_with(why, EXIT_INPUT, "%s needs a value", argv[i]);
        if (!parse_value(&(argument){argv[i], argv[i + 1]}, out, why))
            return false;
        i++;
    }
    return true;
}
