/* chart_curves.c: a series of cases: GFLOP/s over the size that varies, with the roof. */
#include "charts.h"

#include <math.h>
#include <stdlib.h>

#include "above.h"
#include "labels.h"
#include "looks.h"
#include "scale.h"
#include "series.h"
#include "text.h"

#define HEIGHT 560.0
#define TOP    (FRAME_HEAD + 22.0)
#define BOTTOM (HEIGHT - FRAME_FOOT - 48.0)
#define LEFT   92.0
#define RIGHT  740.0

static double height(const results *all)
{
    (void)all;
    return HEIGHT;
}

/* ---- Values ------------------------------------------------------------------------- */

/* Flops per second of one runner in one case; NAN where it has none that are right. */
static double rate_of(const case_result *one, size_t runner)
{
    const table_row *row = &one->rows[runner];

    return row->state == ROW_DONE && row->verdict.ok ? row->flops_per_second : NAN;
}

static double roof_of(const case_result *one)
{
    return one->roof_s > 0 ? one->flops / one->roof_s : NAN;
}

static void widen(axis *a, double value)
{
    if (!(value > 0))
        return;
    a->low = fmin(a->low, value);
    a->high = fmax(a->high, value);
}

static axis rates_of(const results *all)
{
    axis a = {
        .low = INFINITY, .high = 0, .from = BOTTOM, .to = TOP, .logarithmic = true};

    for (size_t i = 0; i < all->case_count; i++) {
        widen(&a, roof_of(&all->cases[i]));
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            widen(&a, rate_of(&all->cases[i], j));
    }
    if (!(a.low < a.high)) { /* nothing to show */
        a.low = 1e9;
        a.high = 1e10;
    }
    axis_round_out(&a);
    return a;
}

static axis sizes_of(const results *all)
{
    return (axis){.low = (double)all->cases[0].problem.m,
                  .high = (double)all->cases[all->case_count - 1].problem.m,
                  .from = LEFT + 10,
                  .to = RIGHT - 10,
                  .logarithmic = true};
}

/* ---- Axes --------------------------------------------------------------------------- */

static void write_gflops(double rate, char *text, size_t size)
{
    scale_plain(rate * 1e-9, text, size);
}

static void draw_rates(canvas *c, const axis *a)
{
    scale_across(c, a, 12, (span){LEFT, RIGHT}, write_gflops);
    canvas_text(c, FRAME_MARGIN, TOP - 14, frame_quiet(c, ALIGN_LEFT), "GFLOP/s");
}

/* A tick for each case, with its size where there is room. */
static void draw_sizes(canvas *c, const axis *a, const results *all, const char *name)
{
    double free_from = 0;

    for (size_t i = 0; i < all->case_count; i++) {
        const type t = frame_quiet(c, ALIGN_MIDDLE);
        const double x = axis_place(a, (double)all->cases[i].problem.m);
        char text[32];
        double half;

        snprintf(text, sizeof text, "%zu", all->cases[i].problem.m);
        half = canvas_text_width(c, t, text) / 2;
        canvas_line(c, x, TOP, x, BOTTOM, c->palette->grid, 1, false);
        if (x - half < free_from)
            continue;
        canvas_text(c, x, BOTTOM + 18, t, text);
        free_from = x + half + 8;
    }
    canvas_text(c, (LEFT + RIGHT) / 2, BOTTOM + 38, frame_quiet(c, ALIGN_MIDDLE), name);
}

/* ---- Curves ------------------------------------------------------------------------- */

/* Room for the places of one curve. */
typedef struct places {
    double *x, *y;
    size_t count;
} places;

static void add_place(places *p, double x, double y)
{
    p->x[p->count] = x;
    p->y[p->count++] = y;
}

static void draw_roof(canvas *c, const results *all, const axis *sizes,
                      const axis *rates, places p, label *out)
{
    for (size_t i = 0; i < all->case_count; i++)
        if (roof_of(&all->cases[i]) > 0)
            add_place(&p, axis_place(sizes, (double)all->cases[i].problem.m),
                      axis_place(rates, roof_of(&all->cases[i])));
    if (!p.count)
        return;
    canvas_curve(c, p.x, p.y, p.count, c->palette->roof, 2, true);
    *out = (label){
        .text = "roof", .look = {.colour = c->palette->roof}, .end = p.y[p.count - 1]};
}

static void draw_runner(canvas *c, const results *all, size_t runner, const axis *sizes,
                        const axis *rates, places p, label *out)
{
    const char *name = all->cases[0].rows[runner].runner;
    const look l = runner_look(name, c->paper);

    for (size_t i = 0; i < all->case_count; i++)
        if (rate_of(&all->cases[i], runner) > 0)
            add_place(&p, axis_place(sizes, (double)all->cases[i].problem.m),
                      axis_place(rates, rate_of(&all->cases[i], runner)));
    if (!p.count)
        return;
    canvas_curve(c, p.x, p.y, p.count, l.colour, 2, false);
    for (size_t i = 0; i < p.count; i++)
        canvas_mark(c, p.x[i], p.y[i], l);
    *out = (label){.text = results_shown_name(name),
                   .look = l,
                   .marked = true,
                   .end = p.y[p.count - 1]};
}

static void draw_all(canvas *c, const results *all, const axis *sizes,
                     const axis *rates, places p, label *labels)
{
    const size_t runners = all->cases[0].row_count;
    size_t count = 0;

    draw_roof(c, all, sizes, rates, p, &labels[count]);
    count += labels[count].text != NULL;
    /* The first runner on top. */
    for (size_t i = runners; i-- > 0; count += labels[count].text != NULL)
        draw_runner(c, all, i, sizes, rates, p, &labels[count]);
    labels_draw(c, labels, count, RIGHT, BOTTOM);
}

static void draw_curves(canvas *c, const results *all, const axis *sizes,
                        const axis *rates)
{
    const size_t runners = all->cases[0].row_count;
    label *labels = calloc(runners + 1, sizeof *labels);
    const places p = {.x = calloc(all->case_count, sizeof *p.x),
                      .y = calloc(all->case_count, sizeof *p.y)};

    if (labels && p.x && p.y)
        draw_all(c, all, sizes, rates, p, labels);
    free(p.y);
    free(p.x);
    free(labels);
}

static void draw(canvas *c, const results *all)
{
    const problem *p = &all->cases[0].problem;
    const bool squares = series_of(all) == SERIES_SQUARES;
    const axis sizes = sizes_of(all), rates = rates_of(all);
    char title[160], subtitle[192], shape[96], batch[32] = "";

    if (squares)
        snprintf(shape, sizeof shape, "A[N,N]%s @ B[N,N]%s", p->trans_a ? "^T" : "",
                 p->trans_b ? "^T" : "");
    else
        snprintf(shape, sizeof shape, "A[M,%zu]%s @ B[%zu,%zu]%s", p->k,
                 p->trans_a ? "^T" : "", p->k, p->n, p->trans_b ? "^T" : "");
    if (p->batch != 1)
        snprintf(batch, sizeof batch, " x%zu", p->batch);
    snprintf(title, sizeof title, "%s %s%s", shape, tsr_dtype_name(p->dtype), batch);
    snprintf(
        subtitle, sizeof subtitle,
        "Speed over size, both logarithmic; the roof is of each size's own turns%s",
        above_of_all(all));
    chart_frame(c, all, HEIGHT, title, subtitle);
    draw_rates(c, &rates);
    draw_sizes(c, &sizes, all, squares ? "N" : "M, rows of A");
    draw_curves(c, all, &sizes, &rates);
}

const chart chart_curves = {height, draw};
