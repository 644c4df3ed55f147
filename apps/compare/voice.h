/* voice.h: sentences for more than one output: who writes them does not know how they are
 * set (a list on a terminal, HTML). */
#ifndef COMPARE_VOICE_H
#define COMPARE_VOICE_H

#include <stdio.h>

typedef struct voice {
    FILE *file;
    void (*set)(FILE *file, const char *sentence);
} voice;

/* One paragraph; what is beyond 4 kB of it is cut off. */
void say(const voice *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Paragraphs as a list on a terminal, "- " before each. */
voice voice_list(FILE *file);

#endif /* COMPARE_VOICE_H */
