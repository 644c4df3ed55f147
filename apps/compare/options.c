#include "options.h"

#include <getopt.h>
#include <string.h>

#include "output.h"

/* Options without a letter of their own. */
enum {
    OPT_DTYPE = 256,
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

static bool parse_seed(const char *text, uint64_t *seed, failure *why)
{
    size_t value;

    if (!parse_size(text, "--seed", &value, why))
        return false;
    *seed = value;
    return true;
}

/* One option; `letter` is what getopt_long gave for it. */
static bool take(options *o, int letter, const char *value, failure *why)
{
    switch (letter) {
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
        o->shapes = value;
        return true;
    case OPT_A:
        o->a = value;
        return true;
    case OPT_B:
        o->b = value;
        return true;
    case OPT_OUT:
        o->out = value;
        return true;
    case OPT_JSON:
        o->json = value;
        return *value || fail_with(why, EXIT_INPUT, "--json needs a file name");
    case OPT_BLAS:
        o->blas = value;
        return true;
    case OPT_LIST:
        o->action = ACTION_LIST;
        return true;
    case OPT_HELP:
        o->action = ACTION_HELP;
        return true;
    case OPT_VERSION:
        o->action = ACTION_VERSION;
        return true;
    case OPT_PLOT:
        return fail_with(why, EXIT_INPUT, "--plot: plots come in a later version");
    default:
        return fail_with(why, EXIT_INPUT, "unknown option");
    }
}

/* No file is written twice, and none that is read. */
static bool check_files(const options *o, failure *why)
{
    const struct {
        const char *option, *path;
    } files[] = {{"--a", o->a},
                 {"--b", o->b},
                 {"--shapes", o->shapes},
                 {"--out", o->out},
                 {"--json", o->json && strcmp(o->json, "-") ? o->json : NULL}};

    for (int i = 3; i < 5; i++)
        for (int j = 0; j < i; j++)
            if (files[i].path && files[j].path &&
                output_same(files[i].path, files[j].path))
                return fail_with(why, EXIT_INPUT, "%s and %s are the same file",
                                 files[j].option, files[i].option);
    return true;
}

static bool check_together(const options *o, failure *why)
{
    if (o->action == ACTION_LIST && (o->json || o->out || o->shapes || o->a || o->b))
        return fail_with(why, EXIT_INPUT, "--list goes with --device alone");
    if (o->shapes && (o->m_given || o->n_given || o->k_given))
        return fail_with(why, EXIT_INPUT,
                         "-m, -n and -k are in the --shapes file already");
    if (o->shapes && (o->a || o->b || o->out))
        return fail_with(
            why, EXIT_INPUT,
            "--a, --b and --out are about one product, --shapes about several");
    return check_files(o, why);
}

bool options_parse(int argc, char *argv[], options *out, failure *why)
{
    int letter;

    *out = (options){.problem = problem_default(), .seed = 1, .repeat = 5};
    opterr = 0;
    optind = 0; /* begin anew, also for a second command line */
    while ((letter = getopt_long(argc, argv, ":m:n:k:", long_options, NULL)) != -1) {
        if (letter == ':')
            return fail_with(why, EXIT_INPUT, "%s needs a value", argv[optind - 1]);
        if (letter == '?' && optopt >= OPT_DTYPE)
            return fail_with(why, EXIT_INPUT, "%s takes no value", argv[optind - 1]);
        if (letter == '?' && optopt)
            return fail_with(why, EXIT_INPUT, "unknown option -%c", optopt);
        if (letter == '?')
            return fail_with(why, EXIT_INPUT, "unknown option %s", argv[optind - 1]);
        if (!take(out, letter, optarg, why))
            return false;
        if (out->action == ACTION_HELP)
            return true;
    }
    if (optind < argc)
        return fail_with(why, EXIT_INPUT, "\"%s\" is not an option", argv[optind]);
    return check_together(out, why);
}
