/* palette.h: the colours of pictures, and marks, by which those tell curves apart who print
 * in grey. */
#ifndef COMMON_PALETTE_H
#define COMMON_PALETTE_H

/* A white page, which is also fine to print and as a card on a dark one; a dark page. */
typedef enum paper { PAPER_LIGHT, PAPER_DARK } paper;

typedef unsigned rgb; /* 0xrrggbb */

typedef struct palette {
    rgb paper, ink, quiet, grid, roof, bad;
} palette;

const palette *palette_of(paper p);

typedef enum mark {
    MARK_DISC,
    MARK_SQUARE,
    MARK_DIAMOND,
    MARK_UP,
    MARK_DOWN,
    MARK_CROSS
} mark;

/* How something that is drawn looks, on both kinds of paper. */
typedef struct style {
    rgb light, dark;
    mark mark;
} style;

/* The same on one of them. */
typedef struct look {
    rgb colour;
    mark mark;
} look;

look palette_look(const style *s, paper p);

#endif /* COMMON_PALETTE_H */
