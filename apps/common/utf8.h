/* utf8.h: names of files are bytes; what is shown must be characters. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stddef.h>

/* How many bytes the character has that `text` begins with: 1 to 4; 0 if it begins with
 * none, or ends. */
size_t utf8_length(const char *text);

/* Copies the characters that fit, with a question mark for each byte that is of none. */
void utf8_copy(char *to, size_t size, const char *from);

#endif /* COMMON_UTF8_H */
