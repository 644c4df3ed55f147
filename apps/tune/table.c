#include "table.h"

#include <math.h>
#include <string.h>

#include "text.h"

/* Longest name beside its times; a longer one has a line of its own. */
#define NAME_COLUMNS 35

static void head(FILE *file, const char *first, const char *last)
{
    fprintf(file, "%-*s %-15s %-15s %4s%s%s\n", NAME_COLUMNS, first, "stock", "fastest",
            "gain", last[0] ? "  " : "", last);
}

/* "stream 3.10 ms" */
static const char *who(const char *strategy, double seconds, char text[48])
{
    snprintf(text, 48, "%s %s", strategy, text_seconds(seconds).s);
    return text;
}

/* `last` is the last column, "" for none. */
static void row(FILE *file, const char *name, const tsr_tune_record *r,
                const char *last)
{
    char stock[48], winner[48];
    bool same = strcmp(r->stock, r->strategy) == 0 && !r->parameters[0];
    bool fits = strlen(name) <= NAME_COLUMNS;

    if (!fits)
        fprintf(file, "%s\n", name);
    fprintf(file, "%-*s %-15s %-15s %4s%s%s\n", NAME_COLUMNS, fits ? name : "",
            who(r->stock, r->stock_seconds, stock),
            same ? "the same" : who(r->strategy, r->seconds, winner),
            same ? "-" : text_number(r->stock_seconds / r->seconds).s,
            last[0] ? "  " : "", last);
    if (r->parameters[0])
        text_say(file, "    ", "%s", r->parameters);
}

static void result_row(FILE *file, const char *name, const tsr_tune_result *r)
{
    char tried[48];

    if (r->state == TSR_TUNE_RECORDED) {
        snprintf(tried, sizeof tried, "%zu/%zu", r->tried, r->candidates);
        row(file, name, &r->record, tried);
    } else if (r->state == TSR_TUNE_FAILED) {
        fprintf(file, "%-*s failed:\n", NAME_COLUMNS, name);
        text_say(file, "    ", "%s", r->reason);
    } else {
        fprintf(file, "%-*s %s%s\n", NAME_COLUMNS, name, r->reason,
                r->record.strategy ? "; its record stays" : "");
    }
}

/* Whether a longer run could say more. */
static bool is_all_tried(const problem_list *problems, const tsr_tune_result *results)
{
    for (size_t i = 0; i < problems->count; i++) {
        const tsr_tune_result *r = &results[i];

        if (r->state == TSR_TUNE_UNDECIDED ||
            (r->state == TSR_TUNE_RECORDED && r->tried < r->candidates))
            return false;
    }
    return true;
}

void table_results(FILE *file, const problem_list *problems,
                   const tsr_tune_result *results)
{
    double gains = 0.0;
    size_t found = 0;

    head(file, "product", "tried");
    for (size_t i = 0; i < problems->count; i++) {
        const tsr_tune_result *r = &results[i];
        char name[96];

        problem_describe(&problems->items[i], name, sizeof name);
        result_row(file, name, r);
        if (r->state == TSR_TUNE_RECORDED) {
            gains += log(r->record.stock_seconds / r->record.seconds);
            found++;
        }
    }
    if (found)
        text_say(file, "", "Over stock: %s, the geometric mean of %zu product%s.",
                 text_number(exp(gains / (double)found)).s, found,
                 found == 1 ? "" : "s");
    if (!is_all_tried(problems, results))
        text_say(file, "", "A longer --budget tries more of the candidates.");
}

void table_records(FILE *file, tsr_device *device)
{
    size_t count = tsr_tune_record_count(device);
    tsr_tune_record r;

    if (count == 0) {
        fputs("There are no records of this device as it is. tune makes them; until\n"
              "then a relative's are taken, of which the library comes with some, or\n"
              "what a cost model says.\n",
              file);
        return;
    }
    head(file, "class", "");
    for (size_t i = 0; i < count; i++)
        if (tsr_tune_record_get(device, i, &r) == TSR_OK) {
            char name[sizeof r.problems + 48];

            snprintf(name, sizeof name, "%s%s%s",
                     strcmp(r.scope, "any") == 0 ? "" : r.scope,
                     strcmp(r.scope, "any") == 0 ? "" : ": ", r.problems);
            row(file, name, &r, "");
        }
}
