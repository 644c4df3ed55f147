#include "against.h"

#include <math.h>
#include <string.h>

#include "colour.h"
#include "text.h"

static void print_change(FILE *file, const results *all, const table_row *row)
{
    static const struct {
        const char *word;
        colour colour;
    } changes[] = {[CHANGE_UNKNOWN] = {"no number now", COLOUR_BAD},
                   [CHANGE_NONE] = {"same", COLOUR_HEAD},
                   [CHANGE_FASTER] = {"faster", COLOUR_GOOD},
                   [CHANGE_SLOWER] = {"slower", COLOUR_BAD}};
    const change c = results_change(row);
    const bool known = c != CHANGE_UNKNOWN;
    const char *word = changes[c].word;
    char percent[16] = "-";

    if (isnan(row->earlier_s))
        return;
    if (c == CHANGE_NONE && row->noise > all->earlier.fail_above)
        word = "within noise"; /* which may hide more than is allowed */
    if (known)
        snprintf(percent, sizeof percent, "%+.1f%%",
                 fmin(row->time.best / row->earlier_s - 1, 99) * 100);
    fprintf(file, "  %-12s %10s %10s %9s %8s  %s%s%s%s\n",
            results_shown_name(row->runner), text_seconds(row->earlier_s).s,
            text_seconds(known ? row->time.best : NAN).s, percent,
            text_percent(row->noise).s, colour_on(changes[c].colour), word,
            results_regressed(all, row) ? ": FAILED" : "", colour_off());
}

static bool was_there(const case_result *c)
{
    for (size_t i = 0; i < c->row_count; i++)
        if (!isnan(c->rows[i].earlier_s))
            return true;
    return false;
}

/* More than this much between two roofs is not the program's doing. */
#define ROOF_DRIFT 1.15

static void say_drift(FILE *file, const results *all)
{
    const double then = all->earlier.read_bytes_per_second,
                 now = all->roof.read_bytes_per_second;

    if (then > 0 && now > 0 && (now > ROOF_DRIFT * then || then > ROOF_DRIFT * now))
        text_say(file, "",
                 "The roof itself was another: memory was read at %s then, at %s now.",
                 text_bytes_rate(then).s, text_bytes_rate(now).s);
}

void against_print(FILE *file, const results *all)
{
    char device[272];

    snprintf(device, sizeof device, "%s: %s", all->device.platform, all->device.name);
    fputc('\n', file);
    text_say(file, "", "Beside %s of %s%s%s:", all->earlier.path, all->earlier.date,
             strcmp(device, all->earlier.device) ? ", on another device, " : "",
             strcmp(device, all->earlier.device) ? all->earlier.device : "");
    fprintf(file, "%s  %-12s %10s %10s %9s %8s%s\n", colour_on(COLOUR_HEAD), "runner",
            "then", "now", "change", "noise", colour_off());
    for (size_t i = 0; i < all->case_count; i++) {
        const case_result *c = &all->cases[i];
        char what[160];

        problem_describe(&c->problem, what, sizeof what);
        fprintf(file, "%.60s%s\n", what, was_there(c) ? "" : ": not there");
        for (size_t j = 0; j < c->row_count; j++)
            print_change(file, all, &c->rows[j]);
    }
    say_drift(file, all);
}
