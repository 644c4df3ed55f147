/* plot.h: the results as a picture.
 *
 * One case: how near each runner comes to the roof, as bars. Several: the same as dots, a
 * row for each case; or, if only one size varies from case to case, GFLOP/s over that
 * size, on logarithmic axes, with the roof.
 */
#ifndef COMPARE_PLOT_H
#define COMPARE_PLOT_H

#include <stdio.h>

#include "failure.h"
#include "results.h"

typedef enum plot_format { PLOT_SVG, PLOT_PNG } plot_format;

/* For a white page, which is also fine to print and as a card on a dark one; for a dark
 * page. */
typedef enum plot_paper { PLOT_LIGHT, PLOT_DARK } plot_paper;

/* Whether this build can draw: it needs cairo. */
bool plot_possible(void);

/* By the end of the name: .svg or .png; of a device such as /dev/stdout, SVG. */
bool plot_format_of(const char *path, plot_format *out, failure *why);

/* Fails only without memory, or if the picture cannot be drawn; failures of the file are
 * its owner's to see. */
bool plot_write(FILE *file, const results *all, plot_format format, plot_paper paper,
                failure *why);

#endif /* COMPARE_PLOT_H */
