#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char detail[TSR__DETAIL_SIZE];

const char *tsr_status_string(tsr_status status)
{
    switch (status) {
#define TSR_STATUS_TEXT(name, value, text)                                             \
    case name:                                                                         \
        return text;
        TSR_STATUS_MAP(TSR_STATUS_TEXT)
#undef TSR_STATUS_TEXT
    }
    return "unknown status";
}

const char *tsr_status_name(tsr_status status)
{
    switch (status) {
#define TSR_STATUS_NAME(name, value, text)                                             \
    case name:                                                                         \
        return #name;
        TSR_STATUS_MAP(TSR_STATUS_NAME)
#undef TSR_STATUS_NAME
    }
    return "unknown status";
}

const char *tsr_error_detail(void)
{
    return detail;
}

/* Formats into the detail. The text is made aside first: an argument may be the old
 * detail itself. */
static void set_detail(const char *format, va_list args, const char *tail)
{
    char text[TSR__DETAIL_SIZE];
    int written = vsnprintf(text, sizeof text, format, args);
    size_t length = written < 0 ? 0 : (size_t)written;

    if (length < sizeof text && tail) {
        int more = snprintf(text + length, sizeof text - length, ": %s", tail);
        length += more < 0 ? 0 : (size_t)more;
    }
    if (length >= sizeof text)
        memcpy(text + sizeof text - 4, "...", 4);
    memcpy(detail, text, sizeof text);
}

tsr_status tsr__fail(tsr_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_detail(format, args, NULL);
    va_end(args);
    return status;
}

tsr_status tsr__explain(tsr_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_detail(format, args, detail[0] ? detail : tsr_status_string(status));
    va_end(args);
    return status;
}
