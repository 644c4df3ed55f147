/* conformance: every strategy and the router against the bound, over many cases.
 *
 *     conformance [--cases N] [--first N] [--case N] [--thin | --large]
 *                 [--strategy LIST] [--require LIST] [--lanes N] [--local BYTES]
 *                 [--sets N] [--record FILE]
 *     conformance --spaces SHAPES [--part I/N] [--type gpu] [...]
 *
 * A case is made from its number (case.h): --first is the seed, and any number of cases
 * may follow. --large: products so large that the oracle judges them by some of their rows
 * and a residual. full.sh runs all of it.
 *
 * --strategy: names, comma-separated; "router" is the router. All, if it is not there.
 *
 * Runs on the device that $TESSERA_DEVICE names. --require, or $TESSERA_REQUIRE_DEVICE,
 * is a comma-separated list of which one must be that device: a part of its platform's
 * or its own name in any case, or its type; "1" is any.
 *
 * --lanes and --local make the library take the device for one with other vectors (4, 8
 * or 16 elements) or with less local memory: what it would do on such a device is tried on
 * this one.
 *
 * --sets: strategies that have a space of parameter sets, and no others, run N sets of it
 * for each case, other ones for each, instead of the one that they would choose.
 *
 * --spaces: every parameter set that a tuner would look through for the products of a
 * shapes file, each with a case (--cases: more) that it fits (spaces.h). --part: of N parts
 * that have every N-th set each, the I-th, from 0. --type gpu: the device is taken for a
 * GPU, so that the kernels for those are run. spaces.sh runs all of it.
 *
 * --record: adds a line with what came of it to FILE (record.h).
 *
 * Exit status: 0 all right; 1 a case failed; 2 usage; 3 no device, or another one.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "device/device.h"
#include "judge.h"
#include "matmul/strategy.h"
#include "record.h"
#include "spaces.h"

enum { MAX_TALLIES = 32, MAX_PRINTS = 20 };

typedef struct options {
    unsigned long first, cases;
    unsigned long lanes, local; /* 0: as the device says */
    unsigned long sets;         /* 0: what the strategies choose */
    case_sizes sizes;
    const char *strategies; /* NULL: all and the router */
    const char *require;
    const char *record; /* NULL: none */
    const char *spaces; /* NULL: cases */
    unsigned long part, parts;
    bool as_gpu;
} options;

static bool parse_number(const char *text, unsigned long *out)
{
    char *end;

    if (!text || !isdigit((unsigned char)*text))
        return false;
    *out = strtoul(text, &end, 10);
    return *end == '\0';
}

/* "3/20" */
static bool parse_part(const char *text, options *o)
{
    char *end;

    if (!text || !isdigit((unsigned char)*text))
        return false;
    o->part = strtoul(text, &end, 10);
    return *end == '/' && parse_number(end + 1, &o->parts) && o->part < o->parts;
}

static bool parse(int argc, char **argv, options *o)
{
    unsigned long single = 0;
    bool one = false, cases = false;

    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        bool fine = true;

        if (strcmp(argv[i], "--thin") == 0 || strcmp(argv[i], "--large") == 0) {
            o->sizes = argv[i][2] == 't' ? SIZES_THIN : SIZES_LARGE;
            continue;
        }
        if (strcmp(argv[i], "--cases") == 0)
            fine = cases = parse_number(value, &o->cases);
        else if (strcmp(argv[i], "--first") == 0)
            fine = parse_number(value, &o->first);
        else if (strcmp(argv[i], "--lanes") == 0)
            fine = parse_number(value, &o->lanes);
        else if (strcmp(argv[i], "--local") == 0)
            fine = parse_number(value, &o->local);
        else if (strcmp(argv[i], "--sets") == 0)
            fine = parse_number(value, &o->sets);
        else if (strcmp(argv[i], "--part") == 0)
            fine = parse_part(value, o);
        else if (strcmp(argv[i], "--spaces") == 0 && value)
            o->spaces = value;
        else if (strcmp(argv[i], "--type") == 0 && value && strcmp(value, "gpu") == 0)
            o->as_gpu = true;
        else if (strcmp(argv[i], "--case") == 0)
            fine = one = parse_number(value, &single);
        else if (strcmp(argv[i], "--strategy") == 0 && value)
            o->strategies = value;
        else if (strcmp(argv[i], "--require") == 0 && value)
            o->require = value;
        else if (strcmp(argv[i], "--record") == 0 && value)
            o->record = value;
        else
            fine = false;
        if (!fine) {
            fprintf(stderr, "conformance: cannot make sense of %s\n", argv[i]);
            return false;
        }
        i++;
    }
    if (!cases)
        o->cases = o->spaces ? 1 : o->sizes == SIZES_ALL ? 20000 : 200;
    if (one)
        o->first = single, o->cases = 1;
    return true;
}

static bool contains(const char *text, const char *part, size_t length)
{
    for (; *text; text++) {
        if (strncasecmp(text, part, length) == 0)
            return true;
    }
    return false;
}

static bool is_required(const tsr_device_info *info, const char *list)
{
    const char *type = tsr_device_type_name(info->type);

    if (!list || !*list)
        return true;
    while (*list) {
        size_t length = strcspn(list, ",");

        if (length > 0 &&
            ((length == 1 && *list == '1') || contains(info->platform, list, length) ||
             contains(info->name, list, length) ||
             (strlen(type) == length && strncasecmp(type, list, length) == 0)))
            return true;
        list += length + (list[length] == ',');
    }
    return false;
}

/* Whether `name` is an item of a comma-separated list. */
static bool is_listed(const char *list, const char *name)
{
    while (*list) {
        size_t length = strcspn(list, ",");

        if (strlen(name) == length && strncmp(list, name, length) == 0)
            return true;
        list += length + (list[length] == ',');
    }
    return false;
}

/* The strategies asked for and the router, in the table's order; with `sets`, those that
 * have a space. */
static size_t make_tallies(const options *o, tally *tallies)
{
    const char *list = o->strategies;
    unsigned long sets = o->spaces ? 1 : o->sets;
    size_t count = 0;

    for (size_t i = 0; i < tsr_strategy_count() && count < MAX_TALLIES - 1; i++) {
        const char *name = tsr_strategy_name(i);

        if ((!list || is_listed(list, name)) &&
            (!sets || tsr__strategy_find(name)->space))
            tallies[count++] = (tally){.name = name, .forced = name, .sets = sets};
    }
    if (!sets && (!list || is_listed(list, "router")))
        tallies[count++] = (tally){.name = "router"};
    return count;
}

static void print_tally(const tally *t)
{
    printf("%-10s %7lu run, %6lu empty, %6lu skipped, %lu failed; worst ratio %.3f%s\n",
           t->name, t->run, t->empty, t->skipped, t->failed, t->worst,
           t->run ? "" : "  (NO CASE RUN)");
    for (unsigned long i = 0; i < t->num_reasons; i++)
        printf("           %7lu  %s\n", t->reasons[i].count, t->reasons[i].text);
}

/* Walks the spaces; false if a set failed, or met no case. */
static bool run_spaces(const options *o, tsr_device *device, tally *tallies,
                       size_t count)
{
    const walk w = {.shapes = o->spaces,
                    .first = o->first,
                    .cases = o->cases,
                    .part = o->part,
                    .parts = o->parts,
                    .sizes = o->sizes == SIZES_ALL ? SIZES_TILES : SIZES_THIN_TILES};
    bool right = true;

    for (size_t i = 0; i < count; i++) {
        space_outcome out = {.strategy = tallies[i].name};

        right &= walk_space(device, &w, &tallies[i], &out);
        if (out.sets == 0)
            continue;
        printf("%s: %lu of %lu sets, %lu products, worst error %.3f of the bound, %lu "
               "failed, %lu without a case, %.0f s\n",
               out.strategy, out.walked, out.sets, out.products, tallies[i].worst,
               out.failed, out.unmet, out.seconds);
        fflush(stdout);
        out.worst = tallies[i].worst;
        right &= !o->record || record_space(o->record, &device->info, &w, &out);
    }
    return right;
}

/* Runs the cases; false if one failed. */
static bool run_cases(const options *o, tsr_device *device, tally *tallies,
                      size_t count, outcome *out)
{
    int prints = MAX_PRINTS;
    double start = tsr__seconds();

    for (unsigned long i = 0; i < o->cases; i++) {
        test_case c = make_case(o->first + i, device->info.fp64, o->sizes);

        if (o->cases == 1)
            print_case(stdout, &c);
        out->cases[c.dtype == TSR_F64]++;
        out->failed += !run_case(device, &c, tallies, count, &prints);
    }
    out->seconds = tsr__seconds() - start;
    for (size_t i = 0; i < count; i++) {
        out->products += tallies[i].run + tallies[i].empty;
        if (tallies[i].worst > out->worst)
            out->worst = tallies[i].worst;
    }
    return out->failed == 0;
}

static void print_outcome(const options *o, const outcome *out)
{
    printf(
        "%lu cases (%lu f32, %lu f64; %s sizes), %lu products, worst error %.3f of the "
        "bound, %lu failed, %.0f s\n",
        o->cases, out->cases[0], out->cases[1], out->sizes, out->products, out->worst,
        out->failed, out->seconds);
    if (out->failed)
        printf("one again: conformance%s --case N\n", o->sizes == SIZES_ALL ? ""
                                                      : o->sizes == SIZES_THIN
                                                          ? " --thin"
                                                          : " --large");
}

int main(int argc, char **argv)
{
    options o = {.require = getenv("TESSERA_REQUIRE_DEVICE"), .parts = 1};
    static tally tallies[MAX_TALLIES];
    const tsr_device_info *info;
    outcome out = {0};
    tsr_device *device;
    size_t count;
    bool right;

    if (!parse(argc, argv, &o))
        return 2;
    count = make_tallies(&o, tallies);
    if (count == 0) {
        fprintf(stderr, "conformance: none of %s is in this build%s\n",
                o.strategies ? o.strategies : "the strategies",
                o.sets || o.spaces ? ", with a space" : "");
        return 2;
    }
    unsetenv("TESSERA_STRATEGY"); /* the router is to choose */
    if (tsr_device_open(NULL, &device)) {
        fprintf(stderr, "conformance: %s\n", tsr_error_detail());
        return 3;
    }
    info = tsr_device_get_info(device);
    printf("device: %s, %s (%s, driver %s, %s fp64)\n", info->platform, info->name,
           tsr_device_type_name(info->type), info->driver,
           info->fp64 ? "with" : "without");
    if (!is_required(info, o.require)) {
        fprintf(stderr, "conformance: that is not the device required: %s\n",
                o.require);
        tsr_device_close(device);
        return 3;
    }
    if (o.lanes)
        device->info.float_lanes = device->info.double_lanes = (unsigned)o.lanes;
    if (o.local)
        device->info.local_memory_bytes = o.local;
    if (o.as_gpu)
        device->info.type = TSR_DEVICE_GPU;
    if (o.spaces) {
        right = run_spaces(&o, device, tallies, count);
        tsr_device_close(device);
        return right ? 0 : 1;
    }
    out.first = o.first;
    out.sizes = sizes_name(o.sizes);
    right = run_cases(&o, device, tallies, count, &out);
    for (size_t i = 0; i < count; i++)
        print_tally(&tallies[i]);
    print_outcome(&o, &out);
    right &= !o.record || record_outcome(o.record, info, &out);
    tsr_device_close(device);
    return right ? 0 : 1;
}
