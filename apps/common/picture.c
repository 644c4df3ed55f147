#include "picture.h"

#include <cairo-svg.h>

/* Pixels of a PNG for each point. */
#define PNG_SCALE 2.0

bool picture_possible(void)
{
    return true;
}

static cairo_status_t write_bytes(void *file, const unsigned char *bytes,
                                  unsigned length)
{
    return fwrite(bytes, 1, length, file) == length ? CAIRO_STATUS_SUCCESS
                                                    : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *new_surface(FILE *file, picture_format format, double height)
{
    cairo_surface_t *surface;

    if (format == PICTURE_SVG)
        return cairo_svg_surface_create_for_stream(write_bytes, file, PICTURE_WIDTH,
                                                   height);
    surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(PICTURE_WIDTH * PNG_SCALE),
                                   (int)(height * PNG_SCALE));
    cairo_surface_set_device_scale(surface, PNG_SCALE, PNG_SCALE);
    return surface;
}

static void draw(cairo_surface_t *surface, const picture *p, paper on)
{
    canvas c = {.cairo = cairo_create(surface), .paper = on, .palette = palette_of(on)};

    canvas_bar(&c, 0, 0, PICTURE_WIDTH, p->height, c.palette->paper);
    p->draw(&c, p->data);
    cairo_destroy(c.cairo);
}

bool picture_write(FILE *file, const picture *p, picture_format format, paper on,
                   failure *why)
{
    cairo_surface_t *surface = new_surface(file, format, p->height);
    cairo_status_t status;

    draw(surface, p, on);
    if (format == PICTURE_PNG && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
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
