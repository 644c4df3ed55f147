#include "digits.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELD_OUT_EVERY 5
#define MOST_IMAGES    10000000
#define LINE_SIZE      1024

/* A file on its way in. */
typedef struct reader {
    const char *path;
    FILE *file;
    size_t line;
    char text[LINE_SIZE];
} reader;

static bool next_line(reader *r)
{
    do {
        if (!fgets(r->text, sizeof r->text, r->file))
            return false;
        r->line++;
    } while (r->text[0] == '#');
    return true;
}

static bool fail_at(const reader *r, failure *why, const char *what)
{
    return fail_with(why, EXIT_INPUT, "%s, line %zu: %s", r->path,
                     r->line ? r->line : 1, what);
}

/* One number, and the character that must follow it; *text moves on. */
static bool take(char **text, unsigned long most, char behind, unsigned long *out)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    *out = strtoul(*text, &end, 10);
    if (*out > most || (*end != behind && !(behind == '\n' && *end == '\0')))
        return false;
    *text = end + 1;
    return true;
}

static bool read_image(const reader *r, char *text, float *pixels, uint32_t *label,
                       failure *why)
{
    unsigned long value;

    for (int i = 0; i < DIGITS_PIXELS; i++) {
        if (!take(&text, 16, ',', &value))
            return fail_at(r, why, "an image is 64 pixels of 0 to 16, and its digit");
        pixels[i] = (float)value / 16;
    }
    if (!take(&text, ULONG_MAX, '\n', &value))
        return fail_at(r, why, "a digit of 0 to 9 is to follow the 64 pixels");
    if (value >= DIGITS_CLASSES)
        return fail_at(r, why, "the label is out of range: digits are 0 to 9");
    *label = (uint32_t)value;
    return true;
}

static bool reserve(digits *d, size_t count, failure *why)
{
    *d = (digits){.pixels = malloc((count + 1) * DIGITS_PIXELS * sizeof *d->pixels),
                  .labels = malloc((count + 1) * sizeof *d->labels)};
    return (d->pixels && d->labels) ||
           fail_with(why, EXIT_INPUT, "no memory for %zu images", count);
}

static bool read_images(reader *r, digits *train, digits *held_out, failure *why)
{
    unsigned long count;
    char *text = r->text + strlen("images ");

    if (!next_line(r) || strncmp(r->text, "images ", strlen("images ")) != 0 ||
        !take(&text, MOST_IMAGES, '\n', &count) || count < HELD_OUT_EVERY)
        return fail_at(r, why, "\"images N\" is expected, with 5 or more");
    if (!reserve(train, count, why) || !reserve(held_out, count, why))
        return false;
    for (size_t n = 1; n <= count; n++) {
        digits *to = n % HELD_OUT_EVERY == 0 ? held_out : train;

        if (!next_line(r))
            return fail_with(why, EXIT_INPUT,
                             "%s is cut short: it has %zu of its %lu images", r->path,
                             n - 1, count);
        if (!read_image(r, r->text, to->pixels + to->count * DIGITS_PIXELS,
                        to->labels + to->count, why))
            return false;
        to->count++;
    }
    return !next_line(r) || fail_at(r, why, "more follows the last image");
}

bool digits_read(const char *path, digits *train, digits *held_out, failure *why)
{
    reader r = {.path = path, .file = fopen(path, "r")};
    bool fine;

    *train = *held_out = (digits){0};
    if (!r.file)
        return fail_with(why, EXIT_INPUT, "cannot read %s: %s", path, strerror(errno));
    fine = read_images(&r, train, held_out, why);
    if (ferror(r.file))
        fine = fail_with(why, EXIT_INPUT, "cannot read %s: %s", path, strerror(errno));
    fclose(r.file);
    if (!fine) {
        digits_free(train);
        digits_free(held_out);
    }
    return fine;
}

void digits_free(digits *d)
{
    free(d->pixels);
    free(d->labels);
    *d = (digits){0};
}

const char *digits_shipped(void)
{
    static char path[PATH_MAX + sizeof PERTURB_DATA_FROM_BIN];
    const ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    char *slash;

    if (length <= 0)
        return PERTURB_DATA_INSTALLED;
    path[length] = '\0';
    slash = strrchr(path, '/');
    strcpy(slash + 1, "digits.csv");
    if (access(path, R_OK) != 0)
        strcpy(slash + 1, PERTURB_DATA_FROM_BIN);
    return access(path, R_OK) == 0 ? path : PERTURB_DATA_INSTALLED;
}
