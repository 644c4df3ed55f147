#include "tune/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char separator[] = " = ";

/* ---- In memory ------------------------------------------------------------------- */

/* Where the key is, or would be. */
static size_t place_of(const tsr__records *records, const char *key, bool *there)
{
    size_t low = 0, high = records->count;

    *there = false;
    while (low < high && !*there) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(records->items[middle].key, key);

        if (order < 0)
            low = middle + 1;
        else
            high = middle;
        *there = order == 0;
    }
    return high;
}

const char *tsr__records_get(const tsr__records *records, const char *key)
{
    bool there;
    size_t i = place_of(records, key, &there);

    return there ? records->items[i].value : NULL;
}

/* One line's part: not empty, no control characters, no space at either end. */
static bool is_text(const char *text)
{
    size_t length = strlen(text);

    if (length == 0 || length >= TSR__RECORD_SIZE || text[0] == ' ' ||
        text[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            return false;
    return true;
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

static bool insert(tsr__records *records, size_t at, char *key, char *value)
{
    tsr__record_item *items =
        realloc(records->items, (records->count + 1) * sizeof *items);

    if (!items)
        return false;
    memmove(items + at + 1, items + at, (records->count - at) * sizeof *items);
    items[at] = (tsr__record_item){key, value, 0};
    records->items = items;
    records->count++;
    return true;
}

static bool is_record(const char *key, const char *value)
{
    return is_text(key) && is_text(value) && !strstr(key, separator);
}

bool tsr__records_put(tsr__records *records, const char *key, const char *value)
{
    char *own_key = NULL, *own_value;
    bool there;
    size_t at;

    if (!is_record(key, value))
        return false;
    at = place_of(records, key, &there);
    own_value = copy_of(value);
    if (there && own_value) {
        free(records->items[at].value);
        records->items[at].value = own_value;
        return true;
    }
    own_key = copy_of(key);
    if (own_key && own_value && insert(records, at, own_key, own_value))
        return true;
    free(own_key);
    free(own_value);
    return false;
}

void tsr__records_free(tsr__records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        free(records->items[i].key);
        free(records->items[i].value);
    }
    free(records->items);
    *records = (tsr__records){0};
}

/* ---- As text --------------------------------------------------------------------- */

size_t tsr__records_write(const tsr__records *records, const char *head, char *text,
                          size_t size)
{
    size_t length = (size_t)snprintf(text, size, "%s\n", head);

    for (size_t i = 0; i < records->count; i++) {
        bool room = length < size;

        length += (size_t)snprintf(
            room ? text + length : NULL, room ? size - length : 0, "%s%s%s\n",
            records->items[i].key, separator, records->items[i].value);
    }
    return length;
}

/* A line of key and value, which `line`, without its end, is cut into. Without memory
 * *number becomes 0. */
static bool read_line(char *line, size_t *number, tsr__records *out)
{
    char *cut = strstr(line, separator);
    size_t place;
    bool there;

    if (!cut)
        return false;
    *cut = '\0';
    if (!is_record(line, cut + strlen(separator)) || tsr__records_get(out, line))
        return false;
    if (!tsr__records_put(out, line, cut + strlen(separator))) {
        *number = 0;
        return false;
    }
    place = place_of(out, line, &there);
    out->items[place].line = *number;
    return true;
}

/* Lines from `text` on, counted from *line: the bad one's, or 0 without memory. */
static bool read_lines(const char *text, const char *end, tsr__records *out,
                       size_t *line)
{
    char copy[2 * TSR__RECORD_SIZE];

    for (; text < end; (*line)++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = stop ? (size_t)(stop - text) : 0;

        if (!stop || length >= sizeof copy || memchr(text, '\0', length))
            return false;
        memcpy(copy, text, length);
        copy[length] = '\0';
        if (!read_line(copy, line, out))
            return false;
        text = stop + 1;
    }
    return true;
}

bool tsr__records_read(const char *text, size_t length, tsr__records *out,
                       size_t *head_length, size_t *bad_line)
{
    const char *end = text + length, *at = text;

    *out = (tsr__records){0};
    *head_length = 0;
    *bad_line = 1;
    for (;;) { /* the head ends with an empty line */
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (!stop || memchr(at, '\0', (size_t)(stop - at)))
            return false;
        ++*bad_line;
        if (stop == at)
            break;
        at = stop + 1;
    }
    *head_length = (size_t)(at - text);
    if (read_lines(at + 1, end, out, bad_line))
        return true;
    tsr__records_free(out);
    return false;
}
