/* plot.h: the results as a picture.
 *
 * One case: how near each runner comes to the roof, as bars. Several: the same as dots, a
 * row for each case; or, if only one size varies from case to case, GFLOP/s over that
 * size, on logarithmic axes, with the roof.
 */
#ifndef COMPARE_PLOT_H
#define COMPARE_PLOT_H

#include "picture.h"
#include "results.h"

/* As picture_write. */
bool plot_write(FILE *file, const results *all, picture_format format, paper on,
                failure *why);

#endif /* COMPARE_PLOT_H */
