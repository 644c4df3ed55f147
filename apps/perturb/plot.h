/* plot.h: how training went, as a picture: the loss and what is read right, over steps, with
 * the time above. */
#ifndef PERTURB_PLOT_H
#define PERTURB_PLOT_H

#include "report.h"

/* As the options say; fails as picture_write does. */
bool plot_write(FILE *file, const report *r, failure *why);

#endif /* PERTURB_PLOT_H */
