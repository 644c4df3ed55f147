#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void tsr__say(const char *format, ...)
{
    static const char start[] = "tessera-blas: ";
    char line[1024] = "";
    size_t length = sizeof start - 1, room = sizeof line - length - 1;
    va_list args;

    memcpy(line, start, length);
    va_start(args, format);
    vsnprintf(line + length, room, format, args);
    va_end(args);
    length += strlen(line + length);
    /* A build log has lines of its own. */
    for (size_t i = 0; i < length; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    line[length++] = '\n';
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nobody listens */
}
