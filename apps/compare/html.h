/* html.h: text in a page. */
#ifndef COMPARE_HTML_H
#define COMPARE_HTML_H

#include <stdio.h>

/* As text or within a quoted attribute: & < > " ' are written as references, control
 * characters as blanks, and what is no UTF-8 as question marks. */
void html_text(FILE *file, const char *text);

/* A file's content as the address of a resource (RFC 2397), for a quoted attribute. */
void html_data(FILE *file, const char *type, const char *content, size_t size);

#endif /* COMPARE_HTML_H */
