/* canvas.h: what pictures are drawn with: cairo, with the few shapes they need. A build
 * without cairo has picture_none.c instead.
 *
 * Lengths and places are points from the upper left corner; a text's place is that of its
 * baseline. */
#ifndef COMMON_CANVAS_H
#define COMMON_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "palette.h"

typedef struct canvas {
    struct _cairo *cairo;
    paper paper;
    const palette *palette;
} canvas;

typedef enum align { ALIGN_LEFT, ALIGN_MIDDLE, ALIGN_RIGHT } align;

typedef struct type {
    double size;
    rgb colour;
    align align;
    bool bold;
} type;

void canvas_text(canvas *c, double x, double y, type t, const char *text);

double canvas_text_width(canvas *c, type t, const char *text);

void canvas_line(canvas *c, double x0, double y0, double x1, double y1, rgb colour,
                 double width, bool dashed);

/* Through `count` places. */
void canvas_curve(canvas *c, const double *x, const double *y, size_t count, rgb colour,
                  double width, bool dashed);

void canvas_bar(canvas *c, double x, double y, double width, double height, rgb colour);

/* With a rim of paper, so that marks upon each other can be told apart. */
void canvas_mark(canvas *c, double x, double y, look l);

#endif /* COMMON_CANVAS_H */
