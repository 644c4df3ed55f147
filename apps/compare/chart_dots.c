/* chart_dots.c: several cases: how near each runner comes to the roof, a row for each. */
#include "charts.h"

#include <math.h>

#include "above.h"
#include "looks.h"

#define ROW   21.0
#define TOP   (FRAME_HEAD + 40.0)
#define LEFT  312.0
#define RIGHT 872.0

/* What is further above the roof is put at the edge. */
#define MOST 1.5

static double height(const results *all)
{
    return TOP + ROW * (double)all->case_count + 34 + FRAME_FOOT;
}

static axis scale_of(const results *all)
{
    axis a = {.low = 0, .high = 1.04, .from = LEFT, .to = RIGHT};

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            if (all->cases[i].rows[j].state == ROW_DONE)
                a.high = fmax(a.high, all->cases[i].rows[j].roof_fraction * 1.03);
    a.high = fmin(a.high, MOST);
    return a;
}

/* Past the edge, an arrow. */
static void draw_beyond(canvas *c, double x, double y, rgb colour)
{
    canvas_line(c, x - 7, y - 4, x, y, colour, 2, false);
    canvas_line(c, x - 7, y + 4, x, y, colour, 2, false);
}

static bool any_beyond(const results *all, const axis *a)
{
    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++)
            if (all->cases[i].rows[j].state == ROW_DONE &&
                all->cases[i].rows[j].roof_fraction > a->high)
                return true;
    return false;
}

/* Names and marks, in one line. Every case has the same runners. */
static void draw_legend(canvas *c, const results *all, const axis *a)
{
    const case_result *first = &all->cases[0];
    double x = FRAME_MARGIN;

    for (size_t i = 0; i < first->row_count; i++) {
        const char *name = results_shown_name(first->rows[i].runner);
        const type t = frame_type(c, ALIGN_LEFT);

        canvas_mark(c, x + 5, FRAME_HEAD + 2,
                    runner_look(first->rows[i].runner, c->paper));
        canvas_text(c, x + 15, FRAME_HEAD + 6.5, t, name);
        x += canvas_text_width(c, t, name) + 36;
    }
    if (!any_beyond(all, a))
        return;
    draw_beyond(c, x + 8, FRAME_HEAD + 2, c->palette->quiet);
    canvas_text(c, x + 15, FRAME_HEAD + 6.5, frame_quiet(c, ALIGN_LEFT),
                "still further above");
}

static void draw_case(canvas *c, const axis *a, const case_result *one, double y)
{
    const double middle = y + ROW / 2;
    char what[160];

    problem_describe(&one->problem, what, sizeof what);
    canvas_text(c, LEFT - 14, middle + 4, frame_type(c, ALIGN_RIGHT), what);
    canvas_line(c, LEFT, middle, RIGHT, middle, c->palette->grid, 1, false);
    /* The first runner on top. */
    for (size_t i = one->row_count; i-- > 0;) {
        const table_row *row = &one->rows[i];
        const look l = runner_look(row->runner, c->paper);

        if (row->state != ROW_DONE || !row->verdict.ok)
            continue;
        if (row->roof_fraction > a->high)
            draw_beyond(c, RIGHT, middle, l.colour);
        else
            canvas_mark(c, axis_place(a, row->roof_fraction), middle, l);
    }
}

static void draw(canvas *c, const results *all)
{
    const axis a = scale_of(all);
    const double bottom = TOP + ROW * (double)all->case_count;
    char title[64], subtitle[192];

    snprintf(title, sizeof title, "%zu products: how near to the roof",
             all->case_count);
    snprintf(subtitle, sizeof subtitle,
             "100%%: the best rate of bytes or flops in a product's own turns%s",
             above_of_all(all));
    chart_frame(c, all, height(all), title, subtitle);
    draw_legend(c, all, &a);
    chart_percents(c, &a, 8, TOP, bottom);
    chart_roof(c, &a, TOP, bottom);
    for (size_t i = 0; i < all->case_count; i++)
        draw_case(c, &a, &all->cases[i], TOP + ROW * (double)i);
}

const chart chart_dots = {height, draw};
