/* plot_none.c: in place of plot.c in a build without cairo. */
#include "plot.h"

bool plot_possible(void)
{
    return false;
}

bool plot_write(FILE *file, const results *all, plot_format format, plot_paper paper,
                failure *why)
{
    (void)file;
    (void)all;
    (void)format;
    (void)paper;
    return fail_with(why, EXIT_INPUT, "this compare was built without cairo");
}
