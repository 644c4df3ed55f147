#include "table.h"

#include <math.h>
#include <string.h>

#include "text.h"

static void head(FILE *file, const char *first)
{
    fprintf(file, "%-37s %-17s %-17s %5s\n", first, "stock", "fastest", "gain");
}

/* "stream 3.10 ms" */
static const char *who(const char *strategy, double seconds, char text[48])
{
    snprintf(text, 48, "%s %s", strategy, text_seconds(seconds).s);
    return text;
}

static void row(FILE *file, const char *name, const tsr_tune_record *r)
{
    char stock[48], winner[48];
    bool same = strcmp(r->stock, r->strategy) == 0 && !r->parameters[0];

    fprintf(file, "%-37s %-17s %-17s %5s\n", name,
            who(r->stock, r->stock_seconds, stock),
            same ? "the same" : who(r->strategy, r->seconds, winner),
            same ? "-" : text_number(r->stock_seconds / r->seconds).s);
    if (r->parameters[0])
        text_say(file, "    ", "%s", r->parameters);
}

void table_results(FILE *file, const problem_list *problems,
                   const tsr_tune_result *results)
{
    double gains = 0.0;
    size_t found = 0;

    head(file, "product");
    for (size_t i = 0; i < problems->count; i++) {
        const tsr_tune_result *r = &results[i];
        char name[96];

        problem_describe(&problems->items[i], name, sizeof name);
        if (r->state == TSR_TUNE_RECORDED) {
            row(file, name, &r->record);
            gains += log(r->record.stock_seconds / r->record.seconds);
            found++;
        } else {
            fprintf(file, "%-37s %s\n", name,
                    r->state == TSR_TUNE_FAILED ? "failed:" : "no time was left");
            if (r->state == TSR_TUNE_FAILED)
                text_say(file, "    ", "%s", r->reason);
        }
    }
    if (found)
        text_say(file, "", "Over stock: %s, the geometric mean of %zu product%s.",
                 text_number(exp(gains / (double)found)).s, found,
                 found == 1 ? "" : "s");
}

void table_records(FILE *file, tsr_device *device)
{
    size_t count = tsr_tune_record_count(device);
    tsr_tune_record r;

    if (count == 0) {
        fputs("There are no records of this device as it is. tune makes them.\n", file);
        return;
    }
    head(file, "class");
    for (size_t i = 0; i < count; i++)
        if (tsr_tune_record_get(device, i, &r) == TSR_OK) {
            char name[sizeof r.problems + 48];

            snprintf(name, sizeof name, "%s%s%s",
                     strcmp(r.scope, "any") == 0 ? "" : r.scope,
                     strcmp(r.scope, "any") == 0 ? "" : ": ", r.problems);
            row(file, name, &r);
        }
}
