/* picture.h: what is drawn, as a file. */
#ifndef COMMON_PICTURE_H
#define COMMON_PICTURE_H

#include <stdio.h>

#include "canvas.h"
#include "failure.h"

#define PICTURE_WIDTH 900.0

typedef struct picture {
    double height; /* points, as PICTURE_WIDTH is */
    void (*draw)(canvas *c, const void *data);
    const void *data;
} picture;

typedef enum picture_format { PICTURE_SVG, PICTURE_PNG } picture_format;

/* Whether this build can draw: it needs cairo. */
bool picture_possible(void);

/* What --plot asks for, by the end of the name: .svg or .png; of a device such as
 * /dev/stdout, SVG. A failure as well where this build draws nothing. */
bool picture_format_of(const char *path, picture_format *out, failure *why);

/* Fails only without memory, or if the picture cannot be drawn; failures of the file are
 * its owner's to see. */
bool picture_write(FILE *file, const picture *p, picture_format format, paper on,
                   failure *why);

#endif /* COMMON_PICTURE_H */
