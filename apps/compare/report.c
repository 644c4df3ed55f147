#include "report.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include <tessera/version.h>

#include "html.h"
#include "meaning.h"
#include "plot.h"
#include "summary.h"
#include "text.h"

/* ---- The picture -------------------------------------------------------------------- */

static bool write_picture(FILE *file, const results *all, paper on, const char *before,
                          const char *after, failure *why)
{
    char *svg = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&svg, &size);
    bool fine = memory && plot_write(memory, all, PICTURE_SVG, on, why);

    if (!memory || fclose(memory) != 0)
        fine = fail_with(why, EXIT_INPUT, "out of host memory for the report");
    if (fine) {
        fputs(before, file);
        html_data(file, "image/svg+xml", svg, size);
        fputs(after, file);
    }
    free(svg);
    return fine;
}

/* Two pictures in one place: the reader's page decides which is shown. */
static bool write_pictures(FILE *file, const results *all, failure *why)
{
    if (!picture_possible()) {
        fputs("<p>This build of compare draws no pictures: it has no cairo.</p>\n",
              file);
        return true;
    }
    return write_picture(file, all, PAPER_DARK,
                         "<picture>\n<source media=\"screen and "
                         "(prefers-color-scheme: dark)\" srcset=\"",
                         "\">\n", why) &&
           write_picture(
               file, all, PAPER_LIGHT, "<img src=\"",
               "\" alt=\"Each runner's speed against the roof; the numbers are "
               "in the tables below.\">\n</picture>\n",
               why);
}

/* ---- Facts -------------------------------------------------------------------------- */

static void fact(FILE *file, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fact(FILE *file, const char *name, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(file, "<dt>%s</dt><dd>", name);
    html_text(file, text);
    fputs("</dd>\n", file);
}

static void write_facts(FILE *file, const results *all)
{
    const tsr_device_info *d = &all->device;
    const char *clblast = tsr_clblast_version();

    fputs("<h2>What it was measured on</h2>\n<dl>\n", file);
    fact(file, "device", "%s: %s (%s)", d->platform, d->name,
         tsr_device_type_name(d->type));
    fact(file, "driver", "%s, %s", d->driver, d->version);
    fact(file, "compute units", "%u", d->compute_units);
    fact(file, "memory", "%s%s, cache %s", text_bytes((double)d->memory_bytes).s,
         d->zero_copy ? " shared with the host" : "",
         d->cache_bytes ? text_bytes((double)d->cache_bytes).s : "of unknown size");
    fact(file, "roof, at best", "reads %s, f32 %s, f64 %s, an empty launch %s",
         text_bytes_rate(all->roof.read_bytes_per_second).s,
         text_flops_rate(all->roof.f32_flops_per_second).s,
         text_flops_rate(d->fp64 ? all->roof.f64_flops_per_second : NAN).s,
         text_seconds(all->roof.launch_seconds).s);
    fact(file, "caches", "%s",
         all->cold_bytes > 0 ? "cold: operands take turns so that no cache holds them"
                             : "hot: each call has the operands of the one before");
    if (all->blas.path) {
        char blas[512];

        results_describe_blas(&all->blas, blas, sizeof blas);
        fact(file, "blas", "%s", blas);
    }
    fact(file, "versions", "tessera %s, %s%s", tsr_version(),
         clblast[0] ? "CLBlast " : "no CLBlast", clblast);
    if (all->command) {
        fputs("<dt>command</dt><dd><code>", file);
        html_text(file, all->command);
        fputs("</code></dd>\n", file);
    }
    fputs("</dl>\n", file);
}

/* ---- Cases -------------------------------------------------------------------------- */

static void cell(FILE *file, const char *text)
{
    fputs("<td>", file);
    html_text(file, text);
    fputs("</td>", file);
}

static void write_row(FILE *file, const table_row *row, bool fastest)
{
    const bool ok = row->verdict.ok;

    fprintf(file, "<tr%s><td class=\"text\">", fastest ? " class=\"best\"" : "");
    html_text(file, row->runner);
    if (row->state != ROW_DONE) {
        fprintf(file, "</td><td class=\"reason\" colspan=\"10\">%s: ",
                row->state == ROW_FAILED ? "failed" : "skipped");
        html_text(file, row->reason);
        fputs("</td></tr>\n", file);
        return;
    }
    fputs("</td><td class=\"text\">", file);
    html_text(file, row->strategy ? row->strategy : row->method ? row->method : "");
    fputs("</td>", file);
    cell(file, text_seconds(row->time.best).s);
    cell(file, text_seconds(row->time.median).s);
    cell(file, text_seconds(row->first_s).s);
    cell(file, text_seconds(row->build_s).s);
    cell(file, text_flops_rate(row->flops_per_second).s);
    cell(file, text_bytes_rate(row->bytes_per_second).s);
    cell(file, text_percent(row->roof_fraction).s);
    cell(file, text_narrow(row->verdict.error_ratio).s);
    fprintf(file, "<td class=\"%s\">%s</td></tr>\n", ok ? "good" : "bad",
            ok ? "right" : "WRONG");
}

static void write_sentence(FILE *file, const char *sentence)
{
    fputs("<li>", file);
    html_text(file, sentence);
    fputs("</li>\n", file);
}

static void write_case(FILE *file, const case_result *c, bool brief)
{
    const voice v = {.file = file, .set = write_sentence};
    const table_row *fastest = results_fastest(c);
    char what[160];

    problem_describe(&c->problem, what, sizeof what);
    fputs("<h2>", file);
    html_text(file, what);
    fprintf(file,
            "</h2>\n<p class=\"quiet\">%s over %s, roof %s</p>\n"
            "<div class=\"wide\"><table>\n<thead><tr><th class=\"text\">runner</th>"
            "<th class=\"text\">by</th><th>best</th><th>median</th><th>first call</th>"
            "<th>of it build</th><th>arithmetic</th><th>bytes</th><th>of the roof</th>"
            "<th>error</th><th></th></tr></thead>\n<tbody>\n",
            text_flops(c->flops).s, text_bytes(c->bytes).s, text_seconds(c->roof_s).s);
    for (size_t i = 0; i < c->row_count; i++)
        write_row(file, &c->rows[i], &c->rows[i] == fastest);
    fputs("</tbody></table></div>\n<ul>\n", file);
    (brief ? meaning_in_brief : meaning_in_full)(&v, c);
    fputs("</ul>\n", file);
}

static void write_summary(FILE *file, const results *all)
{
    fputs("<h2>Over all products</h2>\n<p class=\"quiet\">tessera's best time over "
          "another's: below 1 tessera is faster.</p>\n<div class=\"wide\"><table>\n"
          "<thead><tr><th class=\"text\">over</th><th>geometric mean</th><th>cases</th>"
          "<th>worst</th><th class=\"text\">of</th></tr></thead>\n<tbody>\n",
          file);
    for (size_t i = 0; i < summary_count(all); i++) {
        const summary s = summary_of(all, i);
        char what[160] = "-", cases[24];

        if (s.cases)
            problem_describe(&all->cases[s.worst_case].problem, what, sizeof what);
        snprintf(cases, sizeof cases, "%zu", s.cases);
        fputs("<tr><td class=\"text\">", file);
        html_text(file, s.runner);
        fputs("</td>", file);
        cell(file, text_number(s.geomean).s);
        cell(file, cases);
        cell(file, text_number(s.worst).s);
        fputs("<td class=\"text\">", file);
        html_text(file, what);
        fputs("</td></tr>\n", file);
    }
    fputs("</tbody></table></div>\n", file);
}

bool report_write(FILE *file, const results *all, failure *why)
{
    const bool many = all->case_count > 1;

    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n<title>compare: ",
          file);
    html_text(file, all->device.name);
    fprintf(file, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_style);
    fputs("<h1>", file);
    html_text(file, all->device.name);
    fprintf(file, "</h1>\n<p class=\"quiet\">Matrix products, %s%s</p>\n", all->date,
            all->interrupted ? "; interrupted, these were finished" : "");
    if (!write_pictures(file, all, why))
        return false;
    if (many)
        write_summary(file, all);
    for (size_t i = 0; i < all->case_count; i++)
        write_case(file, &all->cases[i], many);
    write_facts(file, all);
    fputs("</body>\n</html>\n", file);
    return true;
}
