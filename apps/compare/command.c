#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What means nothing to a shell. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789%+,-./:=@_";

static void write_word(FILE *file, const char *word)
{
    if (*word && word[strspn(word, plain)] == '\0') {
        fputs(word, file);
        return;
    }
    fputc('\'', file);
    for (; *word; word++)
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, file);
    fputc('\'', file);
}

char *command_line(int argc, char *const argv[])
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (!file)
        return NULL;
    for (int i = 0; i < argc; i++) {
        if (i)
            fputc(' ', file);
        write_word(file, argv[i]);
    }
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}
