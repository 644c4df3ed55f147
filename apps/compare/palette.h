/* palette.h: the colours of pictures. A runner has the same colour and mark everywhere,
 * and runners differ in their marks as well, for those who print in grey. */
#ifndef COMPARE_PALETTE_H
#define COMPARE_PALETTE_H

#include "plot.h"

typedef unsigned rgb; /* 0xrrggbb */

typedef struct palette {
    rgb paper, ink, quiet, grid, roof, bad;
} palette;

const palette *palette_of(plot_paper paper);

typedef enum mark {
    MARK_DISC,
    MARK_SQUARE,
    MARK_DIAMOND,
    MARK_UP,
    MARK_DOWN,
    MARK_CROSS
} mark;

typedef struct look {
    rgb colour;
    mark mark;
} look;

look palette_look(const char *runner, plot_paper paper);

#endif /* COMPARE_PALETTE_H */
