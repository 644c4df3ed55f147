#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "problem.h"
#include "same_file.h"
#include "targets.h"

#define COORDINATE_STEPS 200
#define DIRECTION_STEPS  300
#define DIRECTIONS       64
#define MOST_STEPS       10000000
#define MOST_DIRECTIONS  1048576

const char *options_method_name(method m)
{
    return m == METHOD_COORDINATE ? "coordinate" : "directions";
}

const char *options_noise_name(tsr_noise n)
{
    return n == TSR_NOISE_RADEMACHER ? "rademacher" : "gaussian";
}

/* ---- Values ------------------------------------------------------------------------- */

static bool parse_count(const char *text, const char *option, size_t most, size_t *out,
                        failure *why)
{
    if (!parse_size(text, option, out, why))
        return false;
    return (*out > 0 && *out <= most) ||
           fail_with(why, EXIT_INPUT, "%s is %s; it must be 1 to %zu", option, text,
                     most);
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

static bool parse_seed(const char *text, uint64_t *out, failure *why)
{
    size_t seed;

    if (!parse_size(text, "--seed", &seed, why))
        return false;
    *out = seed;
    return true;
}

static bool parse_file(const char *text, const char *option, const char **out,
                       failure *why)
{
    *out = text;
    return *text || fail_with(why, EXIT_INPUT, "%s needs a file name", option);
}

static bool parse_plot(const char *text, options *o, failure *why)
{
    o->plot = text;
    return picture_format_of(text, &o->plot_format, why);
}

/* ---- The command line ----------------------------------------------------------------- */

enum {
    OPT_METHOD = ARGUMENTS_LONG,
    OPT_STEPS,
    OPT_SIGMA,
    OPT_DIRECTIONS,
    OPT_NOISE,
    OPT_SEED,
    OPT_PRODUCTS,
    OPT_DATA,
    OPT_DEVICE,
    OPT_JSON,
    OPT_PLOT,
    OPT_QUIET,
    OPT_HELP,
    OPT_VERSION
};

static const struct option long_options[] = {
    {"method", required_argument, NULL, OPT_METHOD},
    {"steps", required_argument, NULL, OPT_STEPS},
    {"sigma", required_argument, NULL, OPT_SIGMA},
    {"directions", required_argument, NULL, OPT_DIRECTIONS},
    {"noise", required_argument, NULL, OPT_NOISE},
    {"seed", required_argument, NULL, OPT_SEED},
    {"products", no_argument, NULL, OPT_PRODUCTS},
    {"data", required_argument, NULL, OPT_DATA},
    {"device", required_argument, NULL, OPT_DEVICE},
    {"json", required_argument, NULL, OPT_JSON},
    {"plot", required_argument, NULL, OPT_PLOT},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

static taken take(void *to, int option, const char *value, failure *why)
{
    options *o = to;

    switch (option) {
    case OPT_METHOD:
        o->method_given = true;
        return parse_method(value, &o->method, why);
    case OPT_STEPS:
        return parse_count(value, "--steps", MOST_STEPS, &o->steps, why);
    case OPT_SIGMA:
        return parse_sigma(value, &o->sigma, why);
    case OPT_DIRECTIONS:
        return parse_count(value, "--directions", MOST_DIRECTIONS, &o->directions, why);
    case OPT_NOISE:
        o->noise_given = true;
        return parse_noise(value, &o->noise, why);
    case OPT_SEED:
        return parse_seed(value, &o->seed, why);
    case OPT_PRODUCTS:
        o->action = ACTION_PRODUCTS;
        return true;
    case OPT_DATA:
        return parse_file(value, "--data", &o->data, why);
    case OPT_DEVICE:
        o->device = value;
        return true;
    case OPT_JSON:
        return parse_file(value, "--json", &o->json, why);
    case OPT_PLOT:
        return parse_plot(value, o, why);
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

/* What says how to train is refused where nothing is trained. */
static bool check_products(const options *o, failure *why)
{
    const char *extra = o->method_given ? "--method"
                        : o->steps      ? "--steps"
                        : o->data       ? "--data"
                        : o->plot       ? "--plot"
                                        : NULL;

    if (extra)
        return fail_with(why, EXIT_INPUT,
                         "%s is for training, and --products trains nothing", extra);
    if (o->noise_given)
        return fail_with(why, EXIT_INPUT,
                         "--noise is for training; --products measures both kinds");
    return o->directions % 2 == 0 ||
           fail_with(
               why, EXIT_INPUT,
               "--directions is %zu; --products also measures pairs: it must be even",
               o->directions);
}

/* And so is what says how directions are, where every weight is tried for itself. */
static bool check_training(const options *o, failure *why)
{
    const char *extra = o->directions    ? "--directions"
                        : o->noise_given ? "--noise"
                                         : NULL;

    return o->method == METHOD_DIRECTIONS || !extra ||
           fail_with(why, EXIT_INPUT,
                     "%s needs --method directions: by coordinate every weight is "
                     "tried for itself",
                     extra);
}

static bool check_together(const options *o, failure *why)
{
    const named_file files[] = {{"--data", o->data},
                                {"--json", target_is_stdout(o->json) ? NULL : o->json},
                                {"--plot", o->plot}};

    return (o->action == ACTION_PRODUCTS ? check_products(o, why)
                                         : check_training(o, why)) &&
           files_differ(files, 1, 3, why);
}

bool options_parse(int argc, char *argv[], options *out, failure *why)
{
    const arguments a = {argc, argv, ":h", long_options};

    *out = (options){.sigma = 1e-3, .seed = 1};
    if (!arguments_read(&a, take, out, why))
        return false;
    if (out->action == ACTION_HELP || out->action == ACTION_VERSION)
        return true;
    if (!check_together(out, why))
        return false;
    if (out->directions == 0)
        out->directions = DIRECTIONS;
    if (out->steps == 0)
        out->steps =
            out->method == METHOD_COORDINATE ? COORDINATE_STEPS : DIRECTION_STEPS;
    return true;
}
