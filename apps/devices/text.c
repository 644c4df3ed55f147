#include "text.h"

#include <string.h>

void print_wrapped(FILE *out, int indent, const char *text)
{
    int column = 0;

    while (*text) {
        size_t length = strcspn(text, " \n");

        if (length > 0 && column > 0 && column + 1 + (int)length > SCREEN_WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        if (length > 0) {
            column +=
                fprintf(out, "%*s%.*s", column ? 1 : indent, "", (int)length, text);
            text += length;
        }
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}
