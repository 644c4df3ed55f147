#include "colour.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "terminal.h"

static bool coloured;

void colour_start(FILE *file)
{
    const char *refused = getenv("NO_COLOR");

    coloured = isatty(fileno(file)) && !(refused && *refused) && terminal_has_escapes();
}

const char *colour_on(colour c)
{
    if (!coloured)
        return "";
    switch (c) {
    case COLOUR_HEAD:
        return "\033[2m";
    case COLOUR_BEST:
        return "\033[1m";
    case COLOUR_GOOD:
        return "\033[32m";
    case COLOUR_BAD:
        return "\033[1;31m";
    case COLOUR_CAUTION:
        return "\033[33m";
    }
    return "";
}

const char *colour_off(void)
{
    return coloured ? "\033[0m" : "";
}
