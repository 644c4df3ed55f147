/* check_json.c: is stdin what compare --json promises?
 *
 * Every key of the contract must be there with its type, null only where the contract
 * allows it. Other keys are allowed. Numbers that follow from others are worked out again.
 * Exits 0, or 1 after naming the first thing that is wrong.
 *
 *     check_json [--row RUNNER STATE]...      STATE: right, wrong or skipped, in any case
 */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

static void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void refuse(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("check_json: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* What a key holds. */
typedef enum kind { TEXT, BOOL, NUMBER, OBJECT, ARRAY } kind;

static bool is_kind(const cJSON *item, kind wanted)
{
    switch (wanted) {
    case TEXT:
        return cJSON_IsString(item);
    case BOOL:
        return cJSON_IsBool(item);
    case NUMBER:
        return cJSON_IsNumber(item) && isfinite(item->valuedouble) &&
               item->valuedouble >= 0;
    case OBJECT:
        return cJSON_IsObject(item);
    case ARRAY:
        return cJSON_IsArray(item);
    }
    return false;
}

static const cJSON *get(const cJSON *object, const char *key, kind wanted,
                        bool nullable)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    if (!item)
        refuse("\"%s\" is missing", key);
    if (!is_kind(item, wanted) && !(nullable && cJSON_IsNull(item)))
        refuse("\"%s\" has the wrong type or value", key);
    return item;
}

static double number(const cJSON *object, const char *key)
{
    return get(object, key, NUMBER, false)->valuedouble;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b)) + 1e-300;
}

static void check_device(const cJSON *device)
{
    static const char *const types[] = {"cpu", "gpu", "accelerator", "other"};
    const char *type = get(device, "type", TEXT, false)->valuestring;
    bool known = false;

    get(device, "platform", TEXT, false);
    get(device, "name", TEXT, false);
    get(device, "driver", TEXT, false);
    get(device, "zero_copy", BOOL, false);
    for (int i = 0; i < 4; i++)
        known |= strcmp(type, types[i]) == 0;
    if (!known || number(device, "compute_units") < 1)
        refuse("\"device\" makes no sense");
}

/* "2026-11-24T18:46:11Z" */
static void check_date(const char *date)
{
    static const char like[] = "dddd-dd-ddTdd:dd:ddZ";

    for (size_t i = 0; i < sizeof like; i++)
        if (like[i] == 'd' ? date[i] < '0' || date[i] > '9' : date[i] != like[i])
            refuse("\"date\" is %s", date);
}

static void check_roof(const cJSON *roof)
{
    if (number(roof, "read_gbs") <= 0 || number(roof, "f32_gflops") <= 0)
        refuse("\"roof\" is nothing");
    if (number(roof, "launch_us") <= 0)
        refuse("an empty launch takes no time");
    get(roof, "f64_gflops", NUMBER, true);
}

static const char *const row_numbers[] = {"best_ms", "median_ms",   "first_ms",
                                          "loops",   "batches",     "gflops",
                                          "gbs",     "error_ratio", "roof_fraction"};

static void check_skipped(const cJSON *row)
{
    if (!get(row, "skipped", TEXT, false)->valuestring[0])
        refuse("\"skipped\" has no reason");
    for (size_t i = 0; i < sizeof row_numbers / sizeof row_numbers[0]; i++)
        if (!cJSON_IsNull(get(row, row_numbers[i], NUMBER, true)))
            refuse("a skipped row has a number: \"%s\"", row_numbers[i]);
    if (!cJSON_IsNull(get(row, "build_ms", NUMBER, true)) ||
        !cJSON_IsNull(get(row, "ok", BOOL, true)))
        refuse("a skipped row has a number");
}

static void check_done(const cJSON *row, const cJSON *product)
{
    const bool ok = cJSON_IsTrue(get(row, "ok", BOOL, false));
    const double best = number(row, "best_ms"), roof = number(product, "roof_ms");
    const double flops = 2 * number(product, "m") * number(product, "n") *
                         number(product, "k") * number(product, "batch");

    /* Everything but an infinite error_ratio and the bytes of nothing is a number. */
    for (size_t i = 0; i < sizeof row_numbers / sizeof row_numbers[0]; i++)
        get(row, row_numbers[i], NUMBER,
            (!ok && strcmp(row_numbers[i], "error_ratio") == 0) ||
                (roof == 0 && strcmp(row_numbers[i], "gbs") == 0));
    get(row, "build_ms", NUMBER, true);
    if (cJSON_IsNull(get(row, "above_roof", TEXT, true)) !=
        (number(row, "roof_fraction") <= 1.05))
        refuse("\"above_roof\" does not follow from roof_fraction");
    if (ok && number(row, "error_ratio") > 1)
        refuse("a right row has an error_ratio above 1");
    if (best <= 0 || number(row, "median_ms") < best || number(row, "loops") < 1 ||
        number(row, "batches") < 1)
        refuse("times make no sense");
    if (!near(number(row, "gflops") * best * 1e6, flops) ||
        !near(number(row, "roof_fraction") * best, roof))
        refuse("gflops or roof_fraction does not follow from best_ms");
}

/* The roof of a case follows from the rates seen while it ran, and no rate of the run
 * is lower than a case's. */
static void check_case_roof(const cJSON *product, const cJSON *roof)
{
    const bool f64 =
        strcmp(get(product, "dtype", TEXT, false)->valuestring, "f64") == 0;
    const double m = number(product, "m"), n = number(product, "n"),
                 k = number(product, "k"), batch = number(product, "batch");
    const double bytes = (f64 ? 8 : 4) * batch * (m * k + k * n + m * n);
    const double reads = number(product, "roof_read_gbs"),
                 adds = number(product, "roof_gflops"),
                 best = number(roof, f64 ? "f64_gflops" : "f32_gflops");
    const double expected =
        m * n * batch == 0 ? 0
                           : fmax(bytes / reads, 2 * m * n * k * batch / adds) * 1e-6;

    if (!near(number(product, "roof_ms"), expected))
        refuse("\"roof_ms\" does not follow from the rates of its case");
    if (!near(number(product, "run_roof_ms"),
              expected == 0 ? 0
                            : fmax(bytes / number(roof, "read_gbs"),
                                   2 * m * n * k * batch / best) *
                                  1e-6))
        refuse("\"run_roof_ms\" does not follow from the best rates of the run");
    if (reads > number(roof, "read_gbs") || adds > best ||
        number(product, "launch_us") < number(roof, "launch_us"))
        refuse("\"roof\" is not the best of all cases");
    if (cJSON_IsNull(get(product, "bound", TEXT, true)) != (expected == 0))
        refuse("\"bound\" does not follow from the roof");
}

/* Whether it has rows, and all are skipped. */
static bool is_skipped(const cJSON *product)
{
    const cJSON *row, *rows = get(product, "runners", ARRAY, false);

    cJSON_ArrayForEach(row, rows)
    {
        if (!cJSON_GetObjectItemCaseSensitive(row, "skipped"))
            return false;
    }
    return cJSON_GetArraySize(rows) > 0;
}

static void check_case(const cJSON *product)
{
    const char *dtype = get(product, "dtype", TEXT, false)->valuestring;
    const bool skipped = is_skipped(product);
    const cJSON *row;

    number(product, "m");
    number(product, "n");
    number(product, "k");
    number(product, "batch");
    get(product, "upload_ms", NUMBER, skipped);
    get(product, "download_ms", NUMBER, true);
    get(product, "roof_ms", NUMBER, skipped);
    get(product, "trans_a", BOOL, false);
    get(product, "trans_b", BOOL, false);
    if (strcmp(dtype, "f32") != 0 && strcmp(dtype, "f64") != 0)
        refuse("\"dtype\" is %s", dtype);
    cJSON_ArrayForEach(row, get(product, "runners", ARRAY, false))
    {
        get(row, "name", TEXT, false);
        get(row, "strategy", TEXT, true);
        if (cJSON_GetObjectItemCaseSensitive(row, "skipped"))
            check_skipped(row);
        else
            check_done(row, product);
    }
}

/* The worst ratio of a runner is that of its worst case, and no mean is above it. */
static void check_summary(const cJSON *cases, const cJSON *summary)
{
    const cJSON *entry, *row;

    cJSON_ArrayForEach(entry, summary)
    {
        const char *name = get(entry, "name", TEXT, false)->valuestring;
        double mine = NAN, its = NAN;

        if (number(entry, "cases") == 0)
            continue;
        if (number(entry, "geomean") > number(entry, "worst") * (1 + 1e-9) ||
            number(entry, "cases") > cJSON_GetArraySize(cases))
            refuse("the summary of %s makes no sense", name);
        cJSON_ArrayForEach(
            row, get(cJSON_GetArrayItem(cases, (int)number(entry, "worst_case")),
                     "runners", ARRAY, false))
        {
            if (strcmp(get(row, "name", TEXT, false)->valuestring, "tessera") == 0)
                mine = number(row, "best_ms");
            if (strcmp(get(row, "name", TEXT, false)->valuestring, name) == 0)
                its = number(row, "best_ms");
        }
        if (!near(mine / its, number(entry, "worst")))
            refuse("the worst case of %s is another", name);
    }
}

static const char *state_of(const cJSON *row)
{
    if (cJSON_GetObjectItemCaseSensitive(row, "skipped"))
        return "skipped";
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "ok")) ? "right"
                                                                     : "wrong";
}

/* Whether each case has that runner in that state. */
static void check_row(const cJSON *cases, const char *runner, const char *state)
{
    const cJSON *product, *row;

    cJSON_ArrayForEach(product, cases)
    {
        bool found = false;

        cJSON_ArrayForEach(row, get(product, "runners", ARRAY, false))
        {
            if (strcmp(get(row, "name", TEXT, false)->valuestring, runner) != 0)
                continue;
            found = true;
            if (strcmp(state_of(row), state) != 0)
                refuse("%s is %s, not %s", runner, state_of(row), state);
        }
        if (!found)
            refuse("there is no %s", runner);
    }
}

static cJSON *parse_stdin(void)
{
    static char text[4 << 20];
    const size_t size = fread(text, 1, sizeof text - 1, stdin);
    cJSON *root = cJSON_ParseWithOpts(text, NULL, 1); /* nothing may follow it */

    if (!root)
        refuse("not JSON, or more than JSON (%zu bytes)", size);
    return root;
}

int main(int argc, char *argv[])
{
    cJSON *root = parse_stdin();
    const cJSON *cases, *product;

    get(root, "tessera", TEXT, false);
    check_date(get(root, "date", TEXT, false)->valuestring);
    check_device(get(root, "device", OBJECT, false));
    check_roof(get(root, "roof", OBJECT, false));
    cases = get(root, "cases", ARRAY, false);
    if (cJSON_GetArraySize(cases) < 1)
        refuse("there is no case");
    cJSON_ArrayForEach(product, cases)
    {
        check_case(product);
        if (!cJSON_IsNull(get(product, "roof_ms", NUMBER, is_skipped(product))))
            check_case_roof(product, get(root, "roof", OBJECT, false));
    }
    check_summary(cases, get(root, "summary", ARRAY, false));
    for (int i = 1; i + 2 < argc && strcmp(argv[i], "--row") == 0; i += 3)
        check_row(cases, argv[i + 1], argv[i + 2]);
    cJSON_Delete(root);
    return 0;
}
