/* picture_none.c: in place of picture.c and canvas.c in a build without cairo. */
#include "picture.h"

bool picture_possible(void)
{
    return false;
}

bool picture_write(FILE *file, const picture *p, picture_format format, paper on,
                   failure *why)
{
    (void)file, (void)p, (void)format, (void)on;
    return fail_with(why, EXIT_INPUT, "this program was built without cairo");
}

/* Nothing is ever drawn. */

void canvas_text(canvas *c, double x, double y, type t, const char *text)
{
    (void)c, (void)x, (void)y, (void)t, (void)text;
}

double canvas_text_width(canvas *c, type t, const char *text)
{
    (void)c, (void)t, (void)text;
    return 0;
}

void canvas_line(canvas *c, double x0, double y0, double x1, double y1, rgb colour,
                 double width, bool dashed)
{
    (void)c, (void)x0, (void)y0, (void)x1, (void)y1;
    (void)colour, (void)width, (void)dashed;
}

void canvas_curve(canvas *c, const double *x, const double *y, size_t count, rgb colour,
                  double width, bool dashed)
{
    (void)c, (void)x, (void)y, (void)count, (void)colour, (void)width, (void)dashed;
}

void canvas_bar(canvas *c, double x, double y, double width, double height, rgb colour)
{
    (void)c, (void)x, (void)y, (void)width, (void)height, (void)colour;
}

void canvas_mark(canvas *c, double x, double y, look l)
{
    (void)c, (void)x, (void)y, (void)l;
}
