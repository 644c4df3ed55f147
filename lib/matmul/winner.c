#include "matmul/winner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tsr__set_text(const tsr__strategy *strategy, const tsr__parameters *set,
                   char text[TSR__SET_SIZE])
{
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; set && strategy->space->names[i] && length < TSR__SET_SIZE; i++)
        length +=
            (size_t)snprintf(text + length, TSR__SET_SIZE - length, "%s%s=%u",
                             i ? " " : "", strategy->space->names[i], set->values[i]);
}

void tsr__winner_text(const tsr__winner *w, char text[TSR__WINNER_SIZE])
{
    char set[TSR__SET_SIZE];

    tsr__set_text(w->strategy, w->has_set ? &w->set : NULL, set);
    snprintf(text, TSR__WINNER_SIZE,
             "%s%s%s | %.4g s | stock %s %.4g s | %zux%zux%zu times %zu",
             w->strategy->name, set[0] ? " " : "", set, w->seconds, w->stock->name,
             w->stock_seconds, w->m, w->n, w->k, w->batch);
}

bool tsr__winner_can_run(const tsr__winner *w, const tsr__problem *problem,
                         const tsr_device_info *info)
{
    return !w->strategy->cannot_run(problem, info) &&
           (!w->has_set ||
            (w->strategy->space && w->strategy->space->fits(problem, info, &w->set)));
}

/* ---- Reading --------------------------------------------------------------------- */

/* Takes `word` off the text, if it is what comes next. */
static bool take(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

/* A word up to the next space, as a strategy of this build. */
static bool take_strategy(const char **text, const tsr__strategy **out)
{
    char name[32];
    size_t length = strcspn(*text, " ");

    if (length >= sizeof name)
        return false;
    memcpy(name, *text, length);
    name[length] = '\0';
    *text += length;
    return (*out = tsr__strategy_find(name)) != NULL;
}

static bool take_count(const char **text, size_t most, size_t *out)
{
    const char *at = *text;

    *out = 0;
    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        size_t digit = (size_t)(*at - '0');

        if (*out > (most - digit) / 10)
            return false;
        *out = 10 * *out + digit;
    }
    *text = at;
    return true;
}

static bool take_seconds(const char **text, double *out)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    *out = strtod(*text, &end);
    *text = end;
    return isfinite(*out) && *out > 0.0 && take(text, " s | ");
}

/* All parameters, by name and in order, or none. */
static bool take_set(const char **text, tsr__winner *w)
{
    const char *const *names = w->strategy->space ? w->strategy->space->names : NULL;
    size_t value;

    w->has_set = strncmp(*text, " |", 2) != 0;
    for (size_t i = 0; w->has_set && names && names[i]; i++) {
        if (!take(text, " ") || !take(text, names[i]) || !take(text, "=") ||
            !take_count(text, UINT32_MAX, &value))
            return false;
        w->set.values[i] = (unsigned)value;
    }
    return take(text, " | ");
}

bool tsr__winner_parse(const char *text, tsr__winner *out)
{
    tsr__winner w = {0};

    if (!take_strategy(&text, &w.strategy) || !take_set(&text, &w) ||
        !take_seconds(&text, &w.seconds) || !take(&text, "stock ") ||
        !take_strategy(&text, &w.stock) || !take(&text, " ") ||
        !take_seconds(&text, &w.stock_seconds) || !take_count(&text, SIZE_MAX, &w.m) ||
        !take(&text, "x") || !take_count(&text, SIZE_MAX, &w.n) || !take(&text, "x") ||
        !take_count(&text, SIZE_MAX, &w.k) || !take(&text, " times ") ||
        !take_count(&text, SIZE_MAX, &w.batch) || *text != '\0')
        return false;
    *out = w;
    return true;
}
