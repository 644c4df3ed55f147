#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "output.h"
#include "same_file.h"

/* Options without a letter of their own. */
enum {
    OPT_DTYPE = ARGUMENTS_LONG,
    OPT_TRANS_A,
    OPT_TRANS_B,
    OPT_BATCH,
    OPT_DEVICE,
    OPT_LIST,
    OPT_SEED,
    OPT_REPEAT,
    OPT_SHAPES,
    OPT_A,
    OPT_B,
    OPT_OUT,
    OPT_JSON,
    OPT_PLOT,
    OPT_REPORT,
    OPT_COMPARE,
    OPT_FAIL_ABOVE,
    OPT_SWEEP,
    OPT_SWEEP_ROWS,
    OPT_COLD,
    OPT_ALL,
    OPT_PREPARED,
    OPT_BLAS,
    OPT_QUIET,
    OPT_HELP,
    OPT_VERSION
};

static const struct option long_options[] = {
    {"dtype", required_argument, NULL, OPT_DTYPE},
    {"trans-a", no_argument, NULL, OPT_TRANS_A},
    {"trans-b", no_argument, NULL, OPT_TRANS_B},
    {"batch", required_argument, NULL, OPT_BATCH},
    {"device", required_argument, NULL, OPT_DEVICE},
    {"list", no_argument, NULL, OPT_LIST},
    {"seed", required_argument, NULL, OPT_SEED},
    {"repeat", required_argument, NULL, OPT_REPEAT},
    {"shapes", required_argument, NULL, OPT_SHAPES},
    {"a", required_argument, NULL, OPT_A},
    {"b", required_argument, NULL, OPT_B},
    {"out", required_argument, NULL, OPT_OUT},
    {"json", required_argument, NULL, OPT_JSON},
    {"plot", required_argument, NULL, OPT_PLOT},
    {"report", required_argument, NULL, OPT_REPORT},
    {"compare", required_argument, NULL, OPT_COMPARE},
    {"fail-above", required_argument, NULL, OPT_FAIL_ABOVE},
    {"sweep", required_argument, NULL, OPT_SWEEP},
    {"sweep-rows", required_argument, NULL, OPT_SWEEP_ROWS},
    {"cold", optional_argument, NULL, OPT_COLD},
    {"all", no_argument, NULL, OPT_ALL},
    {"prepared", no_argument, NULL, OPT_PREPARED},
    {"blas", required_argument, NULL, OPT_BLAS},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

/* Batches beyond this are a slip of the keyboard. */
#define MAX_REPEAT 10000

static bool parse_repeat(const char *text, size_t *repeat, failure *why)
{
    if (!parse_size(text, "--repeat", repeat, why))
        return false;
    if (*repeat < 1 || *repeat > MAX_REPEAT)
        return fail_with(why, EXIT_INPUT, "--repeat is %s; it must be 1 to %d", text,
                         MAX_REPEAT);
    return true;
}

static bool parse_percent(const char *text, double *fraction, failure *why)
{
    char *end;

    *fraction = strtod(text, &end) / 100;
    return (text[strspn(text, "0123456789.")] == '\0' && end != text && *end == '\0') ||
           fail_with(why, EXIT_INPUT,
                     "--fail-above is \"%s\"; it must be a percentage, such as 5",
                     text);
}

/* --cold alone, or --cold=MB. */
static bool parse_cold(const char *text, options *o, failure *why)
{
    size_t megabytes = 0;

    o->cold = true;
    if (!text)
        return true;
    if (!parse_size(text, "--cold", &megabytes, why))
        return false;
    if (megabytes < 1 || megabytes > SIZE_MAX / 1000000)
        return fail_with(why, EXIT_INPUT, "--cold=%s makes no sense; it counts in MB",
                         text);
    o->cold_bytes = megabytes * 1000000;
    return true;
}

static bool take_file(const char **path, const char *value, const char *option,
                      failure *why)
{
    *path = value;
    return *value || fail_with(why, EXIT_INPUT, "%s needs a file name", option);
}

/* What is no text, or goes beside the table, needs a file of its own. */
static bool take_own_file(const char **path, const char *value, const char *option,
                          failure *why)
{
    return take_file(path, value, option, why) &&
           (strcmp(value, "-") != 0 ||
            fail_with(why, EXIT_INPUT,
                      "%s needs a file name; only --json can be -, standard output",
                      option));
}

static bool take_report(options *o, const char *value, failure *why)
{
    return take_own_file(&o->report, value, "--report", why) &&
           (output_ends_in(value, ".html") || output_ends_in(value, ".htm") ||
            output_is_device(value) ||
            fail_with(why, EXIT_INPUT,
                      "--report is \"%s\"; it must end in .html or .htm", value));
}

static bool take_plot(options *o, const char *value, failure *why)
{
    return take_file(&o->plot, value, "--plot", why) &&
           picture_format_of(value, &o->plot_format, why);
}

static bool parse_seed(const char *text, uint64_t *seed, failure *why)
{
    size_t value;

    if (!parse_size(text, "--seed", &value, why))
        return false;
    *seed = value;
    return true;
}

/* One option, by its letter or number. */
static taken take(void *to, int option, const char *value, failure *why)
{
    options *o = to;

    switch (option) {
    case 'm':
        o->m_given = true;
        return parse_size(value, "-m", &o->problem.m, why);
    case 'n':
        o->n_given = true;
        return parse_size(value, "-n", &o->problem.n, why);
    case 'k':
        o->k_given = true;
        return parse_size(value, "-k", &o->problem.k, why);
    case OPT_BATCH:
        o->batch_given = true;
        return parse_size(value, "--batch", &o->problem.batch, why);
    case OPT_DTYPE:
        o->dtype_given = true;
        return parse_dtype(value, &o->problem.dtype) ||
               fail_with(why, EXIT_INPUT, "--dtype is \"%s\"; it must be f32 or f64",
                         value);
    case OPT_SEED:
        return parse_seed(value, &o->seed, why);
    case OPT_REPEAT:
        return parse_repeat(value, &o->repeat, why);
    case OPT_TRANS_A:
        return o->problem.trans_a = true;
    case OPT_TRANS_B:
        return o->problem.trans_b = true;
    case OPT_ALL:
        return o->all = true;
    case OPT_PREPARED:
        return o->prepared = true;
    case OPT_QUIET:
        return o->quiet = true;
    case OPT_DEVICE:
        o->device = value;
        return true;
    case OPT_SHAPES:
        return take_file(&o->shapes, value, "--shapes", why);
    case OPT_A:
        return take_file(&o->a, value, "--a", why);
    case OPT_B:
        return take_file(&o->b, value, "--b", why);
    case OPT_OUT:
        return take_own_file(&o->out, value, "--out", why);
    case OPT_JSON:
        return take_file(&o->json, value, "--json", why);
    case OPT_PLOT:
        return take_plot(o, value, why);
    case OPT_REPORT:
        return take_report(o, value, why);
    case OPT_COMPARE:
        return take_file(&o->earlier, value, "--compare", why);
    case OPT_FAIL_ABOVE:
        return parse_percent(value, &o->fail_above, why);
    case OPT_SWEEP:
        return sweep_parse(value, "--sweep", &o->sweep, why);
    case OPT_SWEEP_ROWS:
        return sweep_parse(value, "--sweep-rows", &o->sweep_rows, why);
    case OPT_COLD:
        return parse_cold(value, o, why);
    case OPT_BLAS:
        return take_file(&o->blas, value, "--blas", why);
    case OPT_LIST:
        o->action = ACTION_LIST;
        return true;
    case OPT_HELP:
        o->action = ACTION_HELP;
        return TAKEN_LAST;
    default: /* OPT_VERSION */
        o->action = ACTION_VERSION;
        return TAKEN;
    }
}

/* No file is written twice, and none that is read. */
static bool check_files(const options *o, failure *why)
{
    const named_file files[] = {
        {"--a", o->a},
        {"--b", o->b},
        {"--shapes", o->shapes},
        {"--compare", o->earlier},
        {"--out", o->out},
        {"--json", o->json && strcmp(o->json, "-") ? o->json : NULL},
        {"--plot", o->plot},
        {"--report", o->report}};

    return files_differ(files, 4, 8, why);
}

bool options_many(const options *o)
{
    return o->shapes || o->sweep.high || o->sweep_rows.high;
}

/* One source of products, and no size said twice. */
static bool check_products(const options *o, failure *why)
{
    const char *source = o->shapes       ? "--shapes"
                         : o->sweep.high ? "--sweep"
                                         : "--sweep-rows";

    if (!options_many(o))
        return true;
    if (!!o->shapes + !!o->sweep.high + !!o->sweep_rows.high > 1)
        return fail_with(why, EXIT_INPUT,
                         "--shapes, --sweep and --sweep-rows do not go together");
    if (o->m_given || (!o->sweep_rows.high && (o->n_given || o->k_given)))
        return fail_with(why, EXIT_INPUT, "%s says already what %s", source,
                         o->sweep_rows.high ? "-m is" : "-m, -n and -k are");
    if (o->a || o->b || o->out)
        return fail_with(why, EXIT_INPUT,
                         "--a, --b and --out are about one product, %s about several",
                         source);
    return true;
}

static bool check_together(const options *o, failure *why)
{
    if (o->action == ACTION_LIST && (o->json || o->plot || o->report || o->out ||
                                     options_many(o) || o->a || o->b || o->earlier))
        return fail_with(why, EXIT_INPUT, "--list goes with --device alone");
    if (!isnan(o->fail_above) && !o->earlier)
        return fail_with(why, EXIT_INPUT,
                         "--fail-above needs --compare: above which earlier run?");
    return check_products(o, why) && check_files(o, why);
}

bool options_parse(int argc, char *argv[], options *out, failure *why)
{
    const arguments a = {argc, argv, ":m:n:k:", long_options};

    *out = (options){
        .problem = problem_default(), .seed = 1, .repeat = 5, .fail_above = NAN};
    if (!arguments_read(&a, take, out, why))
        return false;
    return out->action == ACTION_HELP || check_together(out, why);
}
