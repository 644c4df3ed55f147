#include "html.h"

#include <string.h>

void html_text(FILE *file, const char *text)
{
    for (; *text; text++)
        switch (*text) {
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
            fputc((unsigned char)*text < ' ' ? ' ' : *text, file);
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
