/* chart_frame.c: what every picture says: what it is about, and where and when that was. */
#include "charts.h"

#include <string.h>

#include <tessera/version.h>

type chart_type(const canvas *c, align a)
{
    return (type){.size = 12.5, .colour = c->palette->ink, .align = a};
}

type chart_quiet(const canvas *c, align a)
{
    return (type){.size = 11.5, .colour = c->palette->quiet, .align = a};
}

/* Cut at the end, with dots, where it is wider than `width`. */
static void fit(canvas *c, type t, double width, char *text)
{
    size_t length = strlen(text);

    while (length > 4 && canvas_text_width(c, t, text) > width) {
        length--;
        memcpy(text + length - 3, "...", 4);
    }
}

static void draw_foot(canvas *c, const results *all, double height)
{
    const tsr_device_info *d = &all->device;
    const type t = chart_quiet(c, ALIGN_LEFT);
    char text[512];

    snprintf(text, sizeof text, "%s: %s, driver %s; %s, %u compute unit%s", d->platform,
             d->name, d->driver, tsr_device_type_name(d->type), d->compute_units,
             d->compute_units == 1 ? "" : "s");
    fit(c, t, CHART_WIDTH - 2 * CHART_MARGIN, text);
    canvas_text(c, CHART_MARGIN, height - 31, t, text);
    snprintf(text, sizeof text,
             "%.10s; best times, every result checked; %stessera %s%s%s", all->date,
             all->cold_bytes > 0 ? "cold caches; " : "", tsr_version(),
             all->blas.path ? "; blas: " : "", all->blas.path ? all->blas.path : "");
    fit(c, t, CHART_WIDTH - 2 * CHART_MARGIN, text);
    canvas_text(c, CHART_MARGIN, height - 15, t, text);
}

void chart_frame(canvas *c, const results *all, double height, const char *title,
                 const char *subtitle)
{
    const type head = {.size = 19, .colour = c->palette->ink, .bold = true};
    type below = chart_type(c, ALIGN_LEFT);

    below.colour = c->palette->quiet;
    canvas_bar(c, 0, 0, CHART_WIDTH, height, c->palette->paper);
    canvas_text(c, CHART_MARGIN, 36, head, title);
    canvas_text(c, CHART_MARGIN, 58, below, subtitle);
    draw_foot(c, all, height);
}

void chart_percents(canvas *c, const axis *a, size_t ticks, double top, double bottom)
{
    double values[AXIS_MAX_TICKS];
    const size_t count = axis_ticks(a, ticks, values);

    for (size_t i = 0; i < count; i++) {
        const double x = axis_place(a, values[i]);
        char text[32];

        canvas_line(c, x, top, x, bottom, c->palette->grid, 1, false);
        snprintf(text, sizeof text, "%.0f%%", values[i] * 100);
        canvas_text(c, x, bottom + 18, chart_quiet(c, ALIGN_MIDDLE), text);
    }
}

void chart_roof(canvas *c, const axis *a, double top, double bottom)
{
    const double x = axis_place(a, 1);
    type label = chart_type(c, ALIGN_MIDDLE);

    label.bold = true;
    canvas_line(c, x, top - 6, x, bottom, c->palette->roof, 1.5, true);
    canvas_text(c, x, top - 11, label, "roof");
}
