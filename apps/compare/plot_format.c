/* plot_format.c: what a plot's name says. */
#include "plot.h"

#include <string.h>

#include "output.h"

static bool ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), tail = strlen(end);

    return length > tail && strcmp(path + length - tail, end) == 0;
}

bool plot_format_of(const char *path, plot_format *out, failure *why)
{
    *out = ends_in(path, ".png") ? PLOT_PNG : PLOT_SVG;
    return *out == PLOT_PNG || ends_in(path, ".svg") || output_is_device(path) ||
           fail_with(why, EXIT_INPUT, "--plot is \"%s\"; it must end in .svg or .png",
                     path);
}
