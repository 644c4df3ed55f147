/* colour.h: colour on a terminal, and nowhere else. */
#ifndef COMPARE_COLOUR_H
#define COMPARE_COLOUR_H

#include <stdio.h>

typedef enum colour {
    COLOUR_HEAD,   /* column titles */
    COLOUR_BEST,   /* the fastest row */
    COLOUR_GOOD,   /* right, faster */
    COLOUR_BAD,    /* wrong, failed, slower */
    COLOUR_CAUTION /* skipped, a warning */
} colour;

/* Colours what is printed to `file` from here on if it is a terminal that has colours and
 * $NO_COLOR is not set (https://no-color.org). Before this, nothing is coloured. */
void colour_start(FILE *file);

/* What turns a colour on, and all of them off; "" where there are none. */
const char *colour_on(colour c);
const char *colour_off(void);

#endif /* COMPARE_COLOUR_H */
