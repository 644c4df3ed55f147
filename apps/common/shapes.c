#include "shapes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest line read, with its terminator; far more than seven numbers need. */
#define LINE_SIZE 512
#define MAX_WORDS 7

static size_t split(char *line, char *words[MAX_WORDS + 1])
{
    size_t count = 0;
    char *rest = NULL;

    line[strcspn(line, "#")] = '\0';
    for (char *word = strtok_r(line, " \t\r\n", &rest); word && count <= MAX_WORDS;
         word = strtok_r(NULL, " \t\r\n", &rest))
        words[count++] = word;
    return count;
}

static bool parse_transpose(const char *word, const char *what, bool *out, failure *why)
{
    if (strcmp(word, "n") != 0 && strcmp(word, "t") != 0)
        return fail_with(why, EXIT_INPUT, "%s is \"%s\"; it must be n or t", what,
                         word);
    *out = word[0] == 't';
    return true;
}

static bool parse_line(char *words[], size_t count, problem *p, failure *why)
{
    if (count < 3)
        return fail_with(why, EXIT_INPUT,
                         "a product needs M N K, and here is %zu of them", count);
    if (count > MAX_WORDS)
        return fail_with(why, EXIT_INPUT,
                         "more than M N K dtype ta tb batch on one line");
    if (!parse_size(words[0], "M", &p->m, why) ||
        !parse_size(words[1], "N", &p->n, why) ||
        !parse_size(words[2], "K", &p->k, why))
        return false;
    if (count > 3 && !parse_dtype(words[3], &p->dtype))
        return fail_with(why, EXIT_INPUT, "dtype is \"%s\"; it must be f32 or f64",
                         words[3]);
    if (count > 4 && !parse_transpose(words[4], "ta", &p->trans_a, why))
        return false;
    if (count > 5 && !parse_transpose(words[5], "tb", &p->trans_b, why))
        return false;
    if (count > 6 && !parse_size(words[6], "batch", &p->batch, why))
        return false;
    return problem_check(p, why);
}

static bool read_lines(FILE *file, const char *path, const problem *otherwise,
                       problem_list *list, failure *why)
{
    char line[LINE_SIZE];
    size_t number = 0;

    while (fgets(line, sizeof line, file)) {
        char *words[MAX_WORDS + 1];
        problem p = *otherwise;
        failure cause;
        size_t count;

        number++;
        if (!strchr(line, '\n') && !feof(file) && !strchr(line, '#'))
            return fail_with(why, EXIT_INPUT, "%s:%zu: the line is too long", path,
                             number);
        if (!strchr(line, '\n')) /* the rest of a long comment */
            for (int c = getc(file); c != EOF && c != '\n'; c = getc(file))
                continue;
        count = split(line, words);
        if (count == 0)
            continue;
        if (!parse_line(words, count, &p, &cause))
            return fail_with(why, EXIT_INPUT, "%s:%zu: %s", path, number, cause.text);
        if (!problem_list_add(list, &p, why))
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
    FILE *file = fopen(path, "r");
    bool fine;

    *out = (problem_list){0};
    if (!file)
        return fail_with(why, EXIT_INPUT, "%s: %s", path, strerror(errno));
    fine = read_lines(file, path, otherwise, out, why);
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

void problem_list_free(problem_list *list)
{
    free(list->items);
    *list = (problem_list){0};
}
