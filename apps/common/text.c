#include "text.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

short_text text_number(double value)
{
    const double size = fabs(value);
    short_text out;

    if (isnan(value))
        snprintf(out.s, sizeof out.s, "-");
    else if (size > 0 && size < 0.0005)
        snprintf(out.s, sizeof out.s, "%.0e", value);
    else if (size >= 1e6)
        snprintf(out.s, sizeof out.s, "%.2e", value);
    else
        snprintf(out.s, sizeof out.s, "%.*f",
                 size >= 99.95    ? 0
                 : size >= 9.995  ? 1
                 : size >= 0.9995 ? 2
                                  : 3,
                 value);
    return out;
}

short_text text_narrow(double value)
{
    short_text out = text_number(value);

    if (value >= 9.5e99)
        return (short_text){">1e99"};
    if (strlen(out.s) > 5)
        snprintf(out.s, sizeof out.s, "%.0e", value);
    return out;
}

typedef struct unit {
    double size;
    const char *name;
} unit;

/* In the largest unit of which there is at least one; the last if there is none. */
static short_text in_units(double value, const unit *units, size_t count)
{
    size_t i = 0;
    short_text out;

    if (isnan(value))
        return text_number(value);
    if (value == 0)
        return (short_text){"0"};
    while (i + 1 < count && value < 0.9995 * units[i].size)
        i++;
    snprintf(out.s, sizeof out.s, "%.20s %s", text_number(value / units[i].size).s,
             units[i].name);
    return out;
}

short_text text_seconds(double seconds)
{
    static const unit units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};

    return in_units(seconds, units, 4);
}

short_text text_bytes(double bytes)
{
    static const unit units[] = {
        {1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}};

    return in_units(bytes, units, 5);
}

short_text text_flops(double flops)
{
    static const unit units[] = {{1e15, "PFLOP"}, {1e12, "TFLOP"}, {1e9, "GFLOP"},
                                 {1e6, "MFLOP"},  {1e3, "kFLOP"},  {1, "FLOP"}};

    return in_units(flops, units, 6);
}

/* "of what" as a rate; nothing has none. */
static short_text per_second(short_text amount)
{
    if (strchr(amount.s, ' '))
        strcat(amount.s, "/s");
    return amount;
}

short_text text_flops_rate(double flops_per_second)
{
    return per_second(text_flops(flops_per_second));
}

short_text text_bytes_rate(double bytes_per_second)
{
    return per_second(text_bytes(bytes_per_second));
}

short_text text_percent(double fraction)
{
    short_text out;

    if (isnan(fraction))
        return text_number(fraction);
    if (fraction > 0 && fraction < 0.0005)
        return (short_text){"<0.1%"};
    snprintf(out.s, sizeof out.s, fraction < 0.0995 ? "%.1f%%" : "%.0f%%",
             fraction * 100);
    return out;
}

void text_quote(const char *text, char *out, size_t size)
{
    size_t length = 0;

    for (; *text && length + 5 < size; text++)
        if (*text >= ' ' && *text <= '~')
            out[length++] = *text;
        else
            length += (size_t)snprintf(out + length, size - length, "\\x%02x",
                                       (unsigned char)*text);
    out[length] = '\0';
}

void text_say(FILE *file, const char *lead, const char *format, ...)
{
    char paragraph[4096];
    const size_t indent = strlen(lead);
    size_t column = indent;
    char *rest = NULL;
    va_list args;

    va_start(args, format);
    vsnprintf(paragraph, sizeof paragraph, format, args);
    va_end(args);
    fputs(lead, file);
    for (char *word = strtok_r(paragraph, " \n", &rest); word;
         word = strtok_r(NULL, " \n", &rest)) {
        const size_t length = strlen(word);

        if (column > indent && column + 1 + length >= TEXT_COLUMNS) {
            fprintf(file, "\n%*s", (int)indent, "");
            column = indent;
        }
        if (column > indent) {
            fputc(' ', file);
            column++;
        }
        fputs(word, file);
        column += length;
    }
    fputc('\n', file);
}
