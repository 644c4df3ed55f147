/* labels.h: the names of curves, beside their right ends. */
#ifndef COMMON_LABELS_H
#define COMMON_LABELS_H

#include "canvas.h"

typedef struct label {
    const char *text; /* lent */
    look look;
    bool marked; /* its mark goes before the text */
    double end;  /* of the curve */
} label;

/* Draws them right of `right`, none upon another nor, while there is room, below `bottom`.
 * Changes their order. */
void labels_draw(canvas *c, label *labels, size_t count, double right, double bottom);

#endif /* COMMON_LABELS_H */
