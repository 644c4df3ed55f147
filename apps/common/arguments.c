#include "arguments.h"

#include <stddef.h>
#include <string.h>

static int fail(failure *why, const char *word, const char *what)
{
    fail_with(why, EXIT_INPUT, "%s %s", word, what);
    return -1;
}

/* Long options may be cut short. How many begin like the word. */
static size_t count_begun(const struct option *options, const char *word)
{
    const size_t length = strcspn(word, "=");
    size_t count = 0;

    for (; length > 2 && options->name; options++)
        count += strncmp(word + 2, options->name, length - 2) == 0;
    return count;
}

/* The next one, or 0 after the last; -1 is a failure. */
static int next(const arguments *a, const char **value, failure *why)
{
    const int option = getopt_long(a->count, a->words, a->letters, a->options, NULL);

    *value = optarg;
    if (option == -1 && optind < a->count)
        return fail(why, a->words[optind], "is not an option");
    if (option == -1)
        return 0;
    if (option == ':')
        return fail(why, a->words[optind - 1], "needs a value");
    if (option != '?')
        return option;
    if (optopt >= ARGUMENTS_LONG)
        return fail(why, a->words[optind - 1], "takes no value");
    if (optopt)
        return fail(why, (const char[]){'-', (char)optopt, '\0'}, "is not an option");
    return fail(why, a->words[optind - 1],
                count_begun(a->options, a->words[optind - 1]) > 1
                    ? "begins several options"
                    : "is not an option");
}

bool arguments_read(const arguments *a, arguments_take *take, void *options,
                    failure *why)
{
    const char *value;
    int option;

    opterr = 0;
    optind = 0; /* begin anew, also for a second command line */
    while ((option = next(a, &value, why)) > 0) {
        const taken what = take(options, option, value, why);

        if (what != TAKEN)
            return what == TAKEN_LAST;
    }
    return option == 0;
}
