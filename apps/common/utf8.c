#include "utf8.h"

#include <string.h>

/* What the first bytes of longer characters are, and the least value of each length (RFC
 * 3629): fewer bytes would have done for less. */
static const struct {
    unsigned char mask, first;
    unsigned least;
} lengths[] = {{0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

static size_t length_of(const unsigned char *text, size_t length)
{
    const unsigned char own = (unsigned char)~lengths[length - 2].mask;
    unsigned value = text[0] & own;

    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3f);
    }
    if (value < lengths[length - 2].least || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000))
        return 0;
    return length;
}

size_t utf8_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;

    if (bytes[0] < 0x80)
        return bytes[0] != 0;
    for (size_t length = 2; length <= 4; length++)
        if ((bytes[0] & lengths[length - 2].mask) == lengths[length - 2].first)
            return length_of(bytes, length);
    return 0;
}

void utf8_copy(char *to, size_t size, const char *from)
{
    while (*from) {
        const size_t length = utf8_length(from), taken = length ? length : 1;

        if (size <= taken)
            break;
        memcpy(to, length ? from : "?", taken);
        to += taken;
        size -= taken;
        from += taken;
    }
    *to = '\0';
}
