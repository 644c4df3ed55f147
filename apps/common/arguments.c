#include "arguments.h"

#include <stddef.h>
#include <string.h>

arguments arguments_begin(int argc, char *argv[], const char *letters,
                          const struct option *options)
{
    opterr = 0;
    optind = 0; /* begin anew, also for a second command line */
    return (arguments){argc, argv, letters, options};
}

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

int arguments_next(const arguments *a, const char **value, failure *why)
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
