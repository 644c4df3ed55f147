/* chart_parts.c: what compare's pictures have in common. */
#include "charts.h"

#include <stdio.h>

#include <tessera/version.h>

#include "scale.h"

void chart_frame(canvas *c, const results *all, double height, const char *title,
                 const char *subtitle)
{
    char about[512];

    snprintf(about, sizeof about,
             "%.10s; best times, every result checked; %stessera %s%s%s", all->date,
             all->cold_bytes > 0 ? "cold caches; " : "", tsr_version(),
             all->blas.path ? "; blas: " : "", all->blas.path ? all->blas.path : "");
    frame_draw(c, height,
               &(frame){.title = title,
                        .subtitle = subtitle,
                        .device = &all->device,
                        .about = about});
}

void chart_percents(canvas *c, const axis *a, size_t ticks, double top, double bottom)
{
    scale_down(c, a, ticks, (span){top, bottom}, scale_percent);
}

void chart_roof(canvas *c, const axis *a, double top, double bottom)
{
    const double x = axis_place(a, 1);
    type label = frame_type(c, ALIGN_MIDDLE);

    label.bold = true;
    canvas_line(c, x, top - 6, x, bottom, c->palette->roof, 1.5, true);
    canvas_text(c, x, top - 11, label, "roof");
}
