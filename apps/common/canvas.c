#include "canvas.h"

#include <math.h>

#include <cairo.h>

#include "utf8.h"

#define PI          3.14159265358979323846
#define MARK_RADIUS 4.5
#define RIM         1.5

static void set_colour(canvas *c, rgb colour)
{
    cairo_set_source_rgb(c->cairo, (colour >> 16 & 255) / 255.0,
                         (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

static void set_type(canvas *c, type t)
{
    cairo_select_font_face(c->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           t.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c->cairo, t.size);
    set_colour(c, t.colour);
}

/* Cairo draws nothing more once a text was no UTF-8. */
#define MOST_TEXT 1024

double canvas_text_width(canvas *c, type t, const char *text)
{
    cairo_text_extents_t extents;
    char shown[MOST_TEXT];

    utf8_copy(shown, sizeof shown, text);
    set_type(c, t);
    cairo_text_extents(c->cairo, shown, &extents);
    return extents.x_advance;
}

void canvas_text(canvas *c, double x, double y, type t, const char *text)
{
    const double width = canvas_text_width(c, t, text);
    const double left = t.align == ALIGN_LEFT     ? x
                        : t.align == ALIGN_MIDDLE ? x - width / 2
                                                  : x - width;

    char shown[MOST_TEXT];

    utf8_copy(shown, sizeof shown, text);
    cairo_move_to(c->cairo, left, y);
    cairo_show_text(c->cairo, shown);
}

static void stroke(canvas *c, rgb colour, double width, bool dashed)
{
    static const double dashes[] = {6, 4};

    set_colour(c, colour);
    cairo_set_line_width(c->cairo, width);
    cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(c->cairo, dashes, dashed ? 2 : 0, 0);
    cairo_stroke(c->cairo);
}

void canvas_curve(canvas *c, const double *x, const double *y, size_t count, rgb colour,
                  double width, bool dashed)
{
    cairo_new_path(c->cairo); /* a text leaves its end behind */
    for (size_t i = 0; i < count; i++)
        cairo_line_to(c->cairo, x[i], y[i]);
    stroke(c, colour, width, dashed);
}

void canvas_line(canvas *c, double x0, double y0, double x1, double y1, rgb colour,
                 double width, bool dashed)
{
    const double x[] = {x0, x1}, y[] = {y0, y1};

    canvas_curve(c, x, y, 2, colour, width, dashed);
}

void canvas_bar(canvas *c, double x, double y, double width, double height, rgb colour)
{
    set_colour(c, colour);
    cairo_rectangle(c->cairo, x, y, width, height);
    cairo_fill(c->cairo);
}

/* A polygon around (x, y), one corner at `turn`, in parts of a full turn. */
static void polygon(canvas *c, double x, double y, double radius, int corners,
                    double turn)
{
    for (int i = 0; i < corners; i++) {
        const double angle = 2 * PI * (turn + (double)i / corners);

        cairo_line_to(c->cairo, x + radius * cos(angle), y + radius * sin(angle));
    }
    cairo_close_path(c->cairo);
}

static void cross(canvas *c, double x, double y, double arm)
{
    const double w = arm / 3;

    cairo_rectangle(c->cairo, x - arm, y - w, 2 * arm, 2 * w);
    cairo_rectangle(c->cairo, x - w, y - arm, 2 * w, 2 * arm);
}

/* Of the marks that are polygons; as large to the eye as a disc of MARK_RADIUS. */
static const struct {
    double size;
    int corners;
    double turn;
} polygons[] = {[MARK_SQUARE] = {1.25, 4, 0.125},
                [MARK_DIAMOND] = {1.35, 4, 0},
                [MARK_UP] = {1.3, 3, 0.75},
                [MARK_DOWN] = {1.3, 3, 0.25}};

static void outline(canvas *c, double x, double y, mark m)
{
    cairo_new_path(c->cairo);
    if (m == MARK_DISC) {
        cairo_new_sub_path(c->cairo);
        cairo_arc(c->cairo, x, y, MARK_RADIUS, 0, 2 * PI);
    } else if (m == MARK_CROSS)
        cross(c, x, y, MARK_RADIUS);
    else
        polygon(c, x, y, MARK_RADIUS * polygons[m].size, polygons[m].corners,
                polygons[m].turn);
}

void canvas_mark(canvas *c, double x, double y, look l)
{
    outline(c, x, y, l.mark);
    stroke(c, c->palette->paper, 2 * RIM, false);
    outline(c, x, y, l.mark);
    set_colour(c, l.colour);
    cairo_fill(c->cairo);
}
