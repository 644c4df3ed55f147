#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

/* What was given to a program and is quoted may hold anything; a terminal would obey it. */
static void disarm(char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < ' ' && *text != '\n' && *text != '\t') ||
            *text == '\x7f')
            *text = '?';
}

bool fail_with(failure *why, int exit_status, const char *format, ...)
{
    va_list args;

    why->exit_status = exit_status;
    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    disarm(why->text);
    return false;
}

static int exit_status_of(tsr_status status)
{
    switch (status) {
    case TSR_ERROR_NO_DEVICE:
    case TSR_ERROR_NO_MATCH:
        return EXIT_NO_DEVICE;
    case TSR_ERROR_ARGUMENT:
    case TSR_ERROR_SHAPE:
    case TSR_ERROR_OVERFLOW:
    case TSR_ERROR_ALLOC_LIMIT:
    case TSR_ERROR_UNSUPPORTED:
        return EXIT_INPUT;
    default:
        return EXIT_DEVICE;
    }
}

bool fail_call(failure *why, tsr_status status, const char *what)
{
    const char *detail = tsr_error_detail();

    return fail_with(why, exit_status_of(status), "%s: %s", what,
                     detail[0] ? detail : tsr_status_string(status));
}

bool fail_interrupted(failure *why)
{
    return fail_with(why, EXIT_INTERRUPTED, "interrupted; nothing was written");
}
