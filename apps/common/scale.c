#include "scale.h"

#include <stdio.h>

#include "frame.h"

void scale_percent(double value, char *text, size_t size)
{
    snprintf(text, size, "%.0f%%", value * 100);
}

void scale_plain(double value, char *text, size_t size)
{
    snprintf(text, size, "%g", value);
}

void scale_across(canvas *c, const axis *a, size_t wanted, span across,
                  scale_text *write)
{
    double ticks[AXIS_MAX_TICKS];
    const size_t count = axis_ticks(a, wanted, ticks);

    for (size_t i = 0; i < count; i++) {
        const double y = axis_place(a, ticks[i]);
        char text[32];

        canvas_line(c, across.from, y, across.to, y, c->palette->grid, 1, false);
        write(ticks[i], text, sizeof text);
        canvas_text(c, across.from - 10, y + 4, frame_quiet(c, ALIGN_RIGHT), text);
    }
}

void scale_down(canvas *c, const axis *a, size_t wanted, span down, scale_text *write)
{
    double ticks[AXIS_MAX_TICKS];
    const size_t count = axis_ticks(a, wanted, ticks);

    for (size_t i = 0; i < count; i++) {
        const double x = axis_place(a, ticks[i]);
        char text[32];

        canvas_line(c, x, down.from, x, down.to, c->palette->grid, 1, false);
        write(ticks[i], text, sizeof text);
        canvas_text(c, x, down.to + 18, frame_quiet(c, ALIGN_MIDDLE), text);
    }
}
