/* text.h: numbers and sentences for people, in 80 columns. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdio.h>

#define TEXT_COLUMNS 80

/* A short text in a value of its own, so that several fit in one printf. */
typedef struct short_text {
    char s[32];
} short_text;

/* Three digits and a unit: "3.71 ms", "812 us"; "-" for NAN. */
short_text text_seconds(double seconds);
short_text text_bytes(double bytes); /* "128 MB" */
short_text text_flops(double flops); /* "64.0 MFLOP" */

/* Work and bytes per second: "9.09 GFLOP/s", "3.35 TB/s". */
short_text text_flops_rate(double flops_per_second);
short_text text_bytes_rate(double bytes_per_second);

/* Three digits: "17.3", "0.061"; "-" for NAN. */
short_text text_number(double value);
short_text text_narrow(double value); /* in at most 5 characters: "0.061", "1e+06" */
short_text text_percent(double fraction); /* "98%", "0.4%" */

/* What a file holds, fit for a terminal: \xNN for each byte that is no printable ASCII. */
void text_quote(const char *text, char *out, size_t size);

/* Prints a paragraph, broken between words. The first line begins with `lead`, the others
 * with as many spaces. */
void text_say(FILE *file, const char *lead, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* COMMON_TEXT_H */
