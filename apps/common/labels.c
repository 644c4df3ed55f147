#include "labels.h"

#include <math.h>
#include <stdlib.h>

#include "frame.h"

/* From one to the next, at least. */
#define STEP 17.0

static int by_end(const void *left, const void *right)
{
    const double a = ((const label *)left)->end, b = ((const label *)right)->end;

    return (a > b) - (a < b);
}

static void draw(canvas *c, const label *l, double right, double y)
{
    type t = frame_type(c, ALIGN_LEFT);

    t.colour = l->look.colour;
    t.bold = true;
    canvas_line(c, right - 2, l->end, right + 12, y, l->look.colour, 1, false);
    if (l->marked)
        canvas_mark(c, right + 20, y, l->look);
    canvas_text(c, right + (l->marked ? 30 : 16), y + 4.5, t, l->text);
}

/* How far down a label may be, so that those after it have room. */
static double limit_of(size_t index, size_t count, double bottom)
{
    return bottom - STEP * (double)(count - 1 - index);
}

void labels_draw(canvas *c, label *labels, size_t count, double right, double bottom)
{
    double free_from = -INFINITY;

    qsort(labels, count, sizeof *labels, by_end);
    for (size_t i = 0; i < count; i++) {
        const double wanted = fmax(labels[i].end, free_from);
        const double y = fmin(wanted, limit_of(i, count, bottom));

        draw(c, &labels[i], right, y);
        free_from = y + STEP;
    }
}
