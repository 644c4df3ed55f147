#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"

#define COORDINATE_STEPS 200
#define DIRECTION_STEPS  300
#define MOST_STEPS       10000000
#define MOST_DIRECTIONS  1048576

typedef struct argument {
    const char *name, *value;
} argument;

const char *options_method_name(method m)
{
    return m == METHOD_COORDINATE ? "coordinate" : "directions";
}

const char *options_noise_name(tsr_noise n)
{
    return n == TSR_NOISE_RADEMACHER ? "rademacher" : "gaussian";
}

/* ---- Values ------------------------------------------------------------------------- */

static bool parse_count(const argument *a, size_t most, size_t *out, failure *why)
{
    if (!parse_size(a->value, a->name, out, why))
        return false;
    return (*out > 0 && *out <= most) ||
           fail_with(why, EXIT_INPUT, "%s is %s; it must be 1 to %zu", a->name,
                     a->value, most);
}

static bool parse_sigma(const char *text, double *out, failure *why)
{
    char *end;

    *out = strtod(text, &end);
    if (end == text || *end || !isfinite(*out) || *out <= 0)
        return fail_with(why, EXIT_INPUT,
                         "--sigma is \"%s\"; it must be a number above 0", text);
    return true;
}

static bool parse_method(const char *text, method *out, failure *why)
{
    for (int m = METHOD_COORDINATE; m <= METHOD_DIRECTIONS; m++)
        if (strcmp(text, options_method_name((method)m)) == 0) {
            *out = (method)m;
            return true;
        }
    return fail_with(why, EXIT_INPUT,
                     "--method is \"%s\"; it must be coordinate or directions", text);
}

static bool parse_noise(const char *text, tsr_noise *out, failure *why)
{
    for (int n = TSR_NOISE_RADEMACHER; n <= TSR_NOISE_GAUSSIAN; n++)
        if (strcmp(text, options_noise_name((tsr_noise)n)) == 0) {
            *out = (tsr_noise)n;
            return true;
        }
    return fail_with(why, EXIT_INPUT,
                     "--noise is \"%s\"; it must be rademacher or gaussian", text);
}

static bool parse_seed(const argument *a, uint64_t *out, failure *why)
{
    size_t seed;

    if (!parse_size(a->value, a->name, &seed, why))
        return false;
    *out = seed;
    return true;
}

/* ---- The command line ----------------------------------------------------------------- */

/* An option without a value; false if it is none. */
static bool parse_flag(const char *name, options *o)
{
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        o->action = ACTION_HELP;
    else if (strcmp(name, "--version") == 0)
        o->action = ACTION_VERSION;
    else if (strcmp(name, "--products") == 0)
        o->action = ACTION_PRODUCTS;
    else if (strcmp(name, "--quiet") == 0)
        o->quiet = true;
    else
        return false;
    return true;
}

static bool takes_value(const char *name)
{
    static const char *const names[] = {"--method", "--steps", "--sigma",
                                        "--noise",  "--seed",  "--directions",
                                        "--device", "--data",  "--json"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool parse_value(const argument *a, options *o, failure *why)
{
    if (strcmp(a->name, "--method") == 0)
        return parse_method(a->value, &o->method, why);
    if (strcmp(a->name, "--steps") == 0)
        return parse_count(a, MOST_STEPS, &o->steps, why);
    if (strcmp(a->name, "--sigma") == 0)
        return parse_sigma(a->value, &o->sigma, why);
    if (strcmp(a->name, "--noise") == 0)
        return parse_noise(a->value, &o->noise, why);
    if (strcmp(a->name, "--seed") == 0)
        return parse_seed(a, &o->seed, why);
    if (strcmp(a->name, "--directions") == 0)
        return parse_count(a, MOST_DIRECTIONS, &o->directions, why);
    if (strcmp(a->name, "--device") == 0)
        o->device = a->value;
    else if (strcmp(a->name, "--data") == 0)
        o->data = a->value;
    else
        o->json = a->value;
    return true;
}

bool options_parse(int argc, char *argv[], options *out, failure *why)
{
    *out = (options){.sigma = 1e-3, .directions = 64, .seed = 1};
    for (int i = 1; i < argc; i++) {
        if (parse_flag(argv[i], out)) {
            if (out->action == ACTION_HELP || out->action == ACTION_VERSION)
                return true;
            continue;
        }
        if (!takes_value(argv[i]))
            return fail_with(why, EXIT_INPUT, "%s is not an option", argv[i]);
        if (i + 1 == argc)
            return fail_with(why, EXIT_INPUT, "%s needs a value", argv[i]);
        if (!parse_value(&(argument){argv[i], argv[i + 1]}, out, why))
            return false;
        i++;
    }
    if (out->steps == 0)
        out->steps =
            out->method == METHOD_COORDINATE ? COORDINATE_STEPS : DIRECTION_STEPS;
    return true;
}
