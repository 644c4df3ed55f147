#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* More are a slip of the keyboard. */
#define MAX_STEPS 1000

static bool parse_part(const char **rest, const char *option, const char *what,
                       size_t *out, failure *why)
{
    char word[32], name[64];
    const size_t length = strcspn(*rest, ":");

    snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), *rest);
    snprintf(name, sizeof name, "%s %s", option, what);
    *rest += length;
    if (**rest == ':')
        ++*rest;
    else
        *rest = NULL;
    return parse_size(word, name, out, why);
}

bool sweep_parse(const char *text, const char *option, sweep *out, failure *why)
{
    const char *rest = text;

    *out = (sweep){0};
    if (!parse_part(&rest, option, "LO", &out->low, why))
        return false;
    if (!rest)
        return fail_with(why, EXIT_INPUT,
                         "%s is \"%s\"; it must be LO:HI or LO:HI:STEPS", option, text);
    if (!parse_part(&rest, option, "HI", &out->high, why) ||
        (rest && !parse_part(&rest, option, "STEPS", &out->steps, why)))
        return false;
    if (rest)
        return fail_with(why, EXIT_INPUT,
                         "%s is \"%s\"; it must be LO:HI or LO:HI:STEPS", option, text);
    if (out->low < 1 || out->high < out->low)
        return fail_with(why, EXIT_INPUT,
                         "%s is from %zu to %zu; it must go up from 1 or more", option,
                         out->low, out->high);
    if (strchr(strchr(text, ':') + 1, ':') &&
        (out->steps < 2 || out->steps > MAX_STEPS))
        return fail_with(why, EXIT_INPUT, "%s STEPS is %zu; it must be 2 to %d", option,
                         out->steps, MAX_STEPS);
    return true;
}

/* Size number i of `steps`. */
static size_t size_at(const sweep *s, size_t i, size_t steps, size_t multiple)
{
    const double low = (double)s->low, high = (double)s->high;
    double size;

    if (i == 0)
        return s->low;
    if (i + 1 >= steps)
        return s->high;
    size = low * pow(high / low, (double)i / (double)(steps - 1));
    if (size >= 8.0 * (double)multiple)
        return (size_t)(round(size / (double)multiple) * (double)multiple);
    return (size_t)round(size);
}

typedef struct shape_rule {
    double steps_per_doubling;
    size_t multiple; /* that large sizes are rounded to */
    bool square;
} shape_rule;

static bool fill(const sweep *s, const shape_rule *rule, const problem *otherwise,
                 problem_list *out, failure *why)
{
    const double doublings = log2((double)s->high / (double)s->low);
    const size_t steps =
        s->steps ? s->steps
                 : 1 + (size_t)ceil(doublings * rule->steps_per_doubling - 1e-9);
    size_t last = 0;

    *out = (problem_list){0};
    for (size_t i = 0; i < steps; i++) {
        problem p = *otherwise;
        const size_t size = size_at(s, i, steps, rule->multiple);

        if (size <= last || size > s->high)
            continue;
        last = size;
        p.m = size;
        if (rule->square)
            p.n = p.k = size;
        if (!problem_check(&p, why) || !problem_list_add(out, &p, why)) {
            problem_list_free(out);
            return false;
        }
    }
    return true;
}

bool sweep_squares(const sweep *s, const problem *otherwise, problem_list *out,
                   failure *why)
{
    const shape_rule rule = {.steps_per_doubling = 1, .multiple = 8, .square = true};

    return fill(s, &rule, otherwise, out, why);
}

bool sweep_rows(const sweep *s, const problem *otherwise, problem_list *out,
                failure *why)
{
    const shape_rule rule = {.steps_per_doubling = 2, .multiple = 1};

    return fill(s, &rule, otherwise, out, why);
}
