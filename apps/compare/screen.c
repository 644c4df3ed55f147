#include "screen.h"

#include <math.h>

#include <tessera/version.h>

#include "colour.h"
#include "meaning.h"
#include "settle.h"
#include "summary.h"
#include "summary_table.h"
#include "text.h"

static void print_roof(FILE *file, const tsr_roof *roof, bool fp64, const char *when)
{
    char f64[48] = "no f64";

    if (fp64)
        snprintf(f64, sizeof f64, "f64 %s",
                 text_flops_rate(roof->f64_flops_per_second).s);
    text_say(file, "roof    ", "%s: reads %s, f32 %s, %s; an empty launch takes %s",
             when, text_bytes_rate(roof->read_bytes_per_second).s,
             text_flops_rate(roof->f32_flops_per_second).s, f64,
             text_seconds(roof->launch_seconds).s);
}

void screen_head(FILE *file, const results *all)
{
    const tsr_device_info *d = &all->device;
    const char *clblast = tsr_clblast_version();

    text_say(file, "tessera ", "%s, %s%s", tsr_version(),
             clblast[0] ? "CLBlast " : "built without CLBlast", clblast);
    text_say(file, "device  ", "%s: %s, driver %s; %s, %u compute unit%s, %s memory%s",
             d->platform, d->name, d->driver, tsr_device_type_name(d->type),
             d->compute_units, d->compute_units == 1 ? "" : "s",
             text_bytes((double)d->memory_bytes).s,
             d->zero_copy ? " shared with the host" : "");
    print_roof(file, &all->first_roof, d->fp64, "at first");
    if (all->blas.path) {
        char blas[512];

        results_describe_blas(&all->blas, blas, sizeof blas);
        text_say(file, "blas    ", "%s", blas);
    }
}

/* "stream" of the device, "rows" of the host. */
static const char *who(const table_row *row)
{
    return row->strategy ? row->strategy : row->method ? row->method : "";
}

/* A part of the roof in at most 5 characters. */
static short_text narrow_percent(double fraction)
{
    return fraction < 99.99 || isnan(fraction) ? text_percent(fraction)
                                               : (short_text){">99x"};
}

/* Widths that add up to 80 with any numbers in them. */
#define COLUMNS "%-11.11s %-9.9s %8s %8s %12s %9s %5s %5s"

static void print_row(FILE *file, const table_row *row, bool fastest)
{
    const char *name = results_shown_name(row->runner);
    char lead[32];

    if (row->state != ROW_DONE) {
        snprintf(lead, sizeof lead, "%-11.11s ", name);
        fputs(colour_on(row->state == ROW_FAILED ? COLOUR_BAD : COLOUR_CAUTION), file);
        text_say(file, lead, "%s: %s", row->state == ROW_FAILED ? "FAILED" : "skipped",
                 row->reason);
        fputs(colour_off(), file);
        return;
    }
    fprintf(file, "%s" COLUMNS "%s", fastest ? colour_on(COLOUR_BEST) : "", name,
            who(row), text_seconds(row->time.best).s, text_seconds(row->time.median).s,
            text_flops_rate(row->flops_per_second).s,
            text_bytes_rate(row->bytes_per_second).s,
            narrow_percent(row->roof_fraction).s,
            text_narrow(row->verdict.error_ratio).s, fastest ? colour_off() : "");
    fprintf(file, " %s%s%s\n", colour_on(row->verdict.ok ? COLOUR_GOOD : COLOUR_BAD),
            row->verdict.ok ? "right" : "WRONG", colour_off());
}

static void print_table(FILE *file, const case_result *c)
{
    const table_row *fastest = results_fastest(c);
    char what[160];

    problem_describe(&c->problem, what, sizeof what);
    fputc('\n', file);
    text_say(file, "", "%s: %s over %s, roof %s", what, text_flops(c->flops).s,
             text_bytes(c->bytes).s, text_seconds(c->roof_s).s);
    fprintf(file, "%s" COLUMNS "%s\n", colour_on(COLOUR_HEAD), "runner", "by", "best",
            "median", "arithmetic", "bytes", "roof", "error", colour_off());
    for (size_t i = 0; i < c->row_count; i++)
        print_row(file, &c->rows[i], &c->rows[i] == fastest);
}

/* Where a wrong result is wrong, and by how much. */
static void print_wrong(FILE *file, const table_row *row)
{
    const tsr_verdict *v = &row->verdict;
    const double got = isnan(v->got) ? fabs(v->got) : v->got; /* "nan", never "-nan" */

    if (v->worst_column == (size_t)-1)
        text_say(
            file, "  ",
            "%s is WRONG: product %zu, row %zu, summed with random signs, is %.9g; "
            "right is %.9g, give or take %.2g.",
            row->runner, v->worst_batch, v->worst_row, got, v->exact, v->bound);
    else
        text_say(file, "  ",
                 "%s is WRONG: C[%zu,%zu] of product %zu is %.9g; right is %.9g, give "
                 "or take %.2g.",
                 row->runner, v->worst_row, v->worst_column, v->worst_batch, got,
                 v->exact, v->bound);
}

/* What first calls cost, and the device's own clock beside the wall's. */
static void print_calls(FILE *file, const case_result *c)
{
    fprintf(file, "\n%s%-12s %10s %12s %10s %14s%s\n", colour_on(COLOUR_HEAD), "runner",
            "first call", "of it build", "then", "device clock", colour_off());
    for (size_t i = 0; i < c->row_count; i++) {
        const table_row *row = &c->rows[i];

        if (row->state == ROW_DONE)
            fprintf(file, "%-12s %10s %12s %10s %14s\n",
                    results_shown_name(row->runner), text_seconds(row->first_s).s,
                    text_seconds(row->build_s).s, text_seconds(row->time.best).s,
                    text_seconds(row->device_s).s);
    }
}

void screen_case(FILE *file, const case_result *c, bool brief)
{
    const voice v = voice_list(file);

    print_table(file, c);
    for (size_t i = 0; i < c->row_count; i++)
        if (c->rows[i].state == ROW_DONE && !c->rows[i].verdict.ok)
            print_wrong(file, &c->rows[i]);
    if (brief) {
        meaning_in_brief(&v, c);
    } else {
        print_calls(file, c);
        fputc('\n', file);
        meaning_in_full(&v, c);
    }
}

/* Of how many cases the roof was lower than at best. */
static void print_moved(FILE *file, size_t count)
{
    if (count)
        text_say(
            file, "        ",
            "%zu product%s had a lower roof in %s own turns: that is what judges, and "
            "the JSON has both",
            count, count == 1 ? "" : "s", count == 1 ? "its" : "their");
}

void screen_summary(FILE *file, const results *all)
{
    const size_t done = results_count(all, ROW_DONE);
    const size_t wrong = results_count_wrong(all);

    fprintf(file,
            "\n%zu product%s: %zu row%s right, %zu wrong, %zu skipped, %zu failed\n",
            all->case_count, all->case_count == 1 ? "" : "s", done - wrong,
            done - wrong == 1 ? "" : "s", wrong, results_count(all, ROW_SKIPPED),
            results_count(all, ROW_FAILED));
    print_roof(file, &all->roof, all->device.fp64, "at best");
    print_moved(file, settle_count_moved(all));
    if (all->cold_bytes > 0)
        text_say(file, "caches  ",
                 "cold: calls take turns with operands of at least %s together",
                 text_bytes(all->cold_bytes).s);
    else
        text_say(
            file, "caches  ",
            "hot: each call has the operands of the one before; --cold gives others");
    summary_table_print(file, all);
    summary_print(file, all);
}
