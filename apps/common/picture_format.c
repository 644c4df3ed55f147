/* picture_format.c: what a picture's name says. */
#include "picture.h"

#include "output.h"

bool picture_format_of(const char *path, picture_format *out, failure *why)
{
    *out = output_ends_in(path, ".png") ? PICTURE_PNG : PICTURE_SVG;
    if (*out != PICTURE_PNG && !output_ends_in(path, ".svg") && !output_is_device(path))
        return fail_with(why, EXIT_INPUT,
                         "--plot is \"%s\"; it must end in .svg or .png", path);
    return picture_possible() ||
           fail_with(why, EXIT_INPUT,
                     "--plot: this program was built without cairo (Debian: apt-get "
                     "install libcairo2-dev, and build again)");
}
