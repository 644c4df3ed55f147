#include "terminal.h"

#include <stdlib.h>
#include <string.h>

bool terminal_has_escapes(void)
{
    const char *name = getenv("TERM");

    return name && *name && strcmp(name, "dumb") != 0;
}
