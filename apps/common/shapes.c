#include "shapes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Longest line read, with its terminator; far more than seven numbers need. */
#define LINE_SIZE 512
#define MAX_WORDS 7

/* The words of a line and what of it was not understood. */
typedef struct shape_line {
    char text[LINE_SIZE];
    char *words[MAX_WORDS + 1]; /* in text; one more than there may be */
    size_t count;
    const char *wrong; /* in text */
} shape_line;

/* Why a line cannot be read, NULL if it can: then without its comment and its end. */
static const char *read_line(FILE *file, shape_line *line, size_t *column)
{
    size_t length = 0;
    bool comment = false;
    int c;

    for (*column = 1; (c = getc(file)) != EOF && c != '\n'; (*column)++) {
        comment = comment || c == '#';
        if (c == '\0') /* would end a string, and with it the line */
            return "a zero byte; this is no text";
        if (comment)
            continue;
        if (length == LINE_SIZE - 1)
            return "the line is too long";
        line->text[length++] = (char)c;
    }
    line->text[length] = '\0';
    return NULL;
}

/* Editors put it before a text to say that it is UTF-8. */
static void drop_mark(shape_line *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    const size_t length = sizeof mark - 1;

    if (strncmp(line->text, mark, length) == 0)
        memmove(line->text, line->text + length, strlen(line->text + length) + 1);
}

static void split(shape_line *line)
{
    char *rest = NULL;

    line->count = 0;
    for (char *word = strtok_r(line->text, " \t\r\n", &rest);
         word && line->count <= MAX_WORDS; word = strtok_r(NULL, " \t\r\n", &rest))
        line->words[line->count++] = word;
}

/* The word with that index, NULL if the line ends before it. It is to blame if what
 * follows fails. */
static const char *word_of(shape_line *line, size_t index)
{
    if (index >= line->count)
        return NULL;
    return line->wrong = line->words[index];
}

static bool parse_transpose(const char *word, const char *what, bool *out, failure *why)
{
    if (strcmp(word, "n") != 0 && strcmp(word, "t") != 0)
        return fail_with(why, EXIT_INPUT, "%s is \"%s\"; it must be n or t", what,
                         word);
    *out = word[0] == 't';
    return true;
}

/* The three sizes, or the end of the line to blame. */
static bool parse_sizes(shape_line *line, problem *p, failure *why)
{
    static const char *const names[] = {"M", "N", "K"};
    size_t *const sizes[] = {&p->m, &p->n, &p->k};

    for (size_t i = 0; i < 3; i++) {
        const char *word = word_of(line, i);

        if (!word) {
            line->wrong = line->words[i - 1] + strlen(line->words[i - 1]);
            return fail_with(why, EXIT_INPUT, "%s is missing; a product needs M N K",
                             names[i]);
        }
        if (!parse_size(word, names[i], sizes[i], why))
            return false;
    }
    return true;
}

static bool parse_line(shape_line *line, problem *p, failure *why)
{
    const char *word;

    if (!parse_sizes(line, p, why))
        return false;
    if ((word = word_of(line, 3)) && !parse_dtype(word, &p->dtype))
        return fail_with(why, EXIT_INPUT, "dtype is \"%s\"; it must be f32 or f64",
                         word);
    if (((word = word_of(line, 4)) && !parse_transpose(word, "ta", &p->trans_a, why)) ||
        ((word = word_of(line, 5)) && !parse_transpose(word, "tb", &p->trans_b, why)) ||
        ((word = word_of(line, 6)) && !parse_size(word, "batch", &p->batch, why)))
        return false;
    if ((word = word_of(line, 7)))
        return fail_with(why, EXIT_INPUT,
                         "\"%s\" is one too many after M N K dtype ta tb batch", word);
    word_of(line, 0);
    return problem_check(p, why);
}

/* The list's last product is this line's. */
static bool note_place(problem_list *list, size_t line, size_t column, failure *why)
{
    shape_place *places = realloc(list->places, list->count * sizeof *places);

    if (!places)
        return fail_with(why, EXIT_INPUT, "out of memory for %zu products",
                         list->count);
    list->places = places;
    places[list->count - 1] = (shape_place){line, column};
    return true;
}

static size_t column_of(const shape_line *line, const char *word)
{
    return (size_t)(word - line->text) + 1;
}

static bool read_lines(FILE *file, const char *path, const problem *otherwise,
                       problem_list *list, failure *why)
{
    shape_line line;
    size_t number = 0, column;

    while (!feof(file)) {
        problem p = *otherwise;
        failure cause;
        const char *unread = read_line(file, &line, &column);

        if (ferror(file))
            break;
        number++;
        if (unread)
            return fail_with(why, EXIT_INPUT, "%s:%zu:%zu: %s", path, number, column,
                             unread);
        if (number == 1)
            drop_mark(&line);
        split(&line);
        if (line.count == 0)
            continue;
        if (!parse_line(&line, &p, &cause)) {
            char text[4 * LINE_SIZE]; /* it has words of the file in it */

            text_quote(cause.text, text, sizeof text);
            return fail_with(why, EXIT_INPUT, "%s:%zu:%zu: %s", path, number,
                             column_of(&line, line.wrong), text);
        }
        if (!problem_list_add(list, &p, why) ||
            !note_place(list, number, column_of(&line, line.words[0]), why))
            return false;
    }
    if (ferror(file))
        return fail_with(why, EXIT_INPUT, "%s: %s", path, strerror(errno));
    if (list->count == 0)
        return fail_with(why, EXIT_INPUT, "%s: no product in it", path);
    return true;
}

bool shapes_read(const char *path, const problem *otherwise, problem_list *out,
                 failure *why)
{
    bool is_input = strcmp(path, "-") == 0, fine;
    const char *name = is_input ? "standard input" : path;
    FILE *file = is_input ? stdin : fopen(path, "r");

    *out = (problem_list){.path = name};
    if (!file)
        return fail_with(why, EXIT_INPUT, "%s: %s", name, strerror(errno));
    fine = read_lines(file, name, otherwise, out, why);
    if (!is_input)
        fclose(file);
    if (!fine)
        problem_list_free(out);
    return fine;
}

bool problem_list_add(problem_list *list, const problem *p, failure *why)
{
    problem *items = realloc(list->items, (list->count + 1) * sizeof *items);

    if (!items)
        return fail_with(why, EXIT_INPUT, "out of memory for %zu products",
                         list->count + 1);
    list->items = items;
    list->items[list->count++] = *p;
    return true;
}

bool problem_list_blame(const problem_list *list, size_t index, const failure *cause,
                        failure *why)
{
    char what[160];

    problem_describe(&list->items[index], what, sizeof what);
    if (!list->path)
        return fail_with(why, cause->exit_status, "%s: %s", what, cause->text);
    return fail_with(why, cause->exit_status, "%s:%zu:%zu: %s: %s", list->path,
                     list->places[index].line, list->places[index].column, what,
                     cause->text);
}

void problem_list_free(problem_list *list)
{
    free(list->places);
    free(list->items);
    *list = (problem_list){0};
}
