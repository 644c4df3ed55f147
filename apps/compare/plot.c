/* plot.c: which picture, on which surface. */
#include "plot.h"

#include <cairo-svg.h>

#include "charts.h"
#include "series.h"

/* Pixels of a PNG for each point. */
#define PNG_SCALE 2.0

bool plot_possible(void)
{
    return true;
}

static const chart *choose(const results *all)
{
    if (all->case_count == 1)
        return &chart_bars;
    return series_of(all) == SERIES_NONE ? &chart_dots : &chart_curves;
}

static cairo_status_t write_bytes(void *file, const unsigned char *bytes,
                                  unsigned length)
{
    return fwrite(bytes, 1, length, file) == length ? CAIRO_STATUS_SUCCESS
                                                    : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *new_surface(FILE *file, plot_format format, double height)
{
    cairo_surface_t *surface;

    if (format == PLOT_SVG)
        return cairo_svg_surface_create_for_stream(write_bytes, file, CHART_WIDTH,
                                                   height);
    surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)(CHART_WIDTH * PNG_SCALE), (int)(height * PNG_SCALE));
    cairo_surface_set_device_scale(surface, PNG_SCALE, PNG_SCALE);
    return surface;
}

static void draw(cairo_surface_t *surface, const chart *picture, const results *all,
                 plot_paper paper)
{
    canvas c = {
        .cairo = cairo_create(surface), .paper = paper, .palette = palette_of(paper)};

    picture->draw(&c, all);
    cairo_destroy(c.cairo);
}

bool plot_write(FILE *file, const results *all, plot_format format, plot_paper paper,
                failure *why)
{
    const chart *picture = choose(all);
    cairo_surface_t *surface = new_surface(file, format, picture->height(all));
    cairo_status_t status;

    draw(surface, picture, all, paper);
    if (format == PLOT_PNG && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, write_bytes, file);
    else {
        cairo_surface_finish(surface);
        status = cairo_surface_status(surface);
    }
    cairo_surface_destroy(surface);
    /* A write error stays with the file, whose owner names it. */
    return status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR ||
           fail_with(why, EXIT_INPUT, "cannot draw the plot: %s",
                     cairo_status_to_string(status));
}
