#include "html.h"

#include <string.h>

#include "utf8.h"

/* One that means something to HTML, a control character, or any other. */
static void put(FILE *file, const char *character, size_t length)
{
    switch (*character) {
    case '&':
        fputs("&amp;", file);
        break;
    case '<':
        fputs("&lt;", file);
        break;
    case '>':
        fputs("&gt;", file);
        break;
    case '"':
        fputs("&quot;", file);
        break;
    case '\'':
        fputs("&#39;", file);
        break;
    default:
        if ((unsigned char)*character < ' ')
            fputc(' ', file);
        else
            fwrite(character, 1, length, file);
    }
}

void html_text(FILE *file, const char *text)
{
    while (*text) {
        const size_t length = utf8_length(text);

        if (length)
            put(file, text, length);
        else
            fputc('?', file);
        text += length ? length : 1;
    }
}

void html_data(FILE *file, const char *type, const char *content, size_t size)
{
    /* What may stand in an address as it is, and means nothing to HTML. */
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~!$()*+,;=:@/?";

    fprintf(file, "data:%s,", type);
    for (size_t i = 0; i < size; i++)
        if (content[i] && strchr(plain, content[i]))
            fputc(content[i], file);
        else
            fprintf(file, "%%%02X", (unsigned char)content[i]);
}
