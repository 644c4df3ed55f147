/* text.h: paragraphs that fit the screen. */
#ifndef DEVICES_TEXT_H
#define DEVICES_TEXT_H

#include <stdio.h>

#define SCREEN_WIDTH 80

/* Writes the text in lines of at most SCREEN_WIDTH columns, each after `indent` spaces,
 * broken at spaces. A longer word has a line of its own. */
void print_wrapped(FILE *out, int indent, const char *text);

#endif /* DEVICES_TEXT_H */
