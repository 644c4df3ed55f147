/* chart_bars.c: one case: how near each runner comes to the roof. */
#include "charts.h"

#include <math.h>

#include "looks.h"
#include "text.h"

#define ROW      34.0
#define BAR      20.0
#define TOP      (FRAME_HEAD + 26.0)
#define LEFT     200.0
#define RIGHT    578.0
#define TIME_END 668.0
#define RATE_END 782.0
#define ROOF_END 868.0

static double height(const results *all)
{
    return TOP + ROW * (double)all->cases[0].row_count + 34 + FRAME_FOOT;
}

/* What the roof is made of. */
static void describe(const case_result *c, char *text, size_t size)
{
    const char *what = results_bound_name(results_bound(c));

    if (!what)
        snprintf(text, size, "%s",
                 isnan(c->roof_s) ? "not measured" : "an empty product");
    else
        snprintf(text, size, "%s over %s, bound by %s; the roof is %s, or %s",
                 text_flops(c->flops).s, text_bytes(c->bytes).s, what,
                 text_seconds(c->roof_s).s, text_flops_rate(c->flops / c->roof_s).s);
}

static axis scale_of(const case_result *c)
{
    axis a = {.low = 0, .high = 1, .from = LEFT, .to = RIGHT};

    for (size_t i = 0; i < c->row_count; i++)
        if (c->rows[i].state == ROW_DONE)
            a.high = fmax(a.high, c->rows[i].roof_fraction * 1.02);
    return a;
}

static void draw_row(canvas *c, const axis *a, const table_row *row, double y)
{
    const look l = runner_look(row->runner, c->paper);
    const char *by = row->strategy ? row->strategy : row->method ? row->method : "";
    const double middle = y + ROW / 2 + 4.5;
    type name = frame_type(c, ALIGN_LEFT), number = frame_type(c, ALIGN_RIGHT);
    char text[64];

    name.bold = true;
    canvas_text(c, FRAME_MARGIN, middle, name, results_shown_name(row->runner));
    canvas_text(c, FRAME_MARGIN + 98, middle, frame_quiet(c, ALIGN_LEFT), by);
    if (row->state != ROW_DONE || !row->verdict.ok) {
        type said = frame_quiet(c, ALIGN_LEFT);

        if (row->state != ROW_SKIPPED)
            said.colour = c->palette->bad;
        snprintf(text, sizeof text, "%.46s",
                 row->state == ROW_SKIPPED  ? "skipped"
                 : row->state == ROW_FAILED ? "failed"
                                            : "the result is wrong");
        canvas_text(c, LEFT + 8, middle, said, text);
        return;
    }
    canvas_bar(c, LEFT, y + (ROW - BAR) / 2, axis_place(a, row->roof_fraction) - LEFT,
               BAR, l.colour);
    canvas_text(c, TIME_END, middle, number, text_seconds(row->time.best).s);
    canvas_text(c, RATE_END, middle, number, text_flops_rate(row->flops_per_second).s);
    number.bold = true;
    canvas_text(c, ROOF_END, middle, number, text_percent(row->roof_fraction).s);
}

static void draw(canvas *c, const results *all)
{
    const case_result *only = &all->cases[0];
    const axis a = scale_of(only);
    const double bottom = TOP + ROW * (double)only->row_count;
    const type title = frame_quiet(c, ALIGN_RIGHT);
    char what[160], subtitle[256];

    problem_describe(&only->problem, what, sizeof what);
    describe(only, subtitle, sizeof subtitle);
    chart_frame(c, all, height(all), what, subtitle);
    chart_percents(c, &a, 6, TOP, bottom);
    canvas_text(c, TIME_END, TOP - 11, title, "best");
    canvas_text(c, RATE_END, TOP - 11, title, "speed");
    canvas_text(c, ROOF_END, TOP - 11, title, "of the roof");
    for (size_t i = 0; i < only->row_count; i++)
        draw_row(c, &a, &only->rows[i], TOP + ROW * (double)i);
    chart_roof(c, &a, TOP, bottom);
}

const chart chart_bars = {height, draw};
