#include "axis.h"

#include <math.h>

/* Room for rounding when a tick is compared with an end. */
#define SLACK 1e-9

double axis_place(const axis *a, double value)
{
    const double part = a->logarithmic ? log(value / a->low) / log(a->high / a->low)
                                       : (value - a->low) / (a->high - a->low);

    return a->from + part * (a->to - a->from);
}

/* 1, 2, 5, 10, 20, 50, ... by number; number 0 is 1. */
static double round_value(int number)
{
    static const double steps[] = {1, 2, 5};
    const int decade = number >= 0 ? number / 3 : -((2 - number) / 3);

    return steps[number - 3 * decade] * pow(10, decade);
}

/* The number of the largest of them up to `value`. */
static int round_below(double value)
{
    int number = 3 * (int)floor(log10(value)) - 1;

    while (round_value(number + 1) <= value * (1 + SLACK))
        number++;
    return number;
}

static size_t linear_ticks(const axis *a, size_t wanted, double ticks[AXIS_MAX_TICKS])
{
    const double span = a->high - a->low;
    int number = round_below(span / (double)wanted);
    size_t count = 0;

    if (round_value(number) * (double)wanted < span * (1 - SLACK))
        number++;

    const double step = round_value(number);
    for (double i = ceil(a->low / step - SLACK);
         i * step <= a->high + SLACK * span && count < AXIS_MAX_TICKS; i++)
        ticks[count++] = i * step + 0.0; /* never -0 */
    return count;
}

static size_t log_ticks(const axis *a, size_t wanted, double ticks[AXIS_MAX_TICKS])
{
    const double decades = log10(a->high / a->low);
    /* 1, 2, 5 of each decade, or every so many decades. */
    const int step = 3 * decades <= (double)wanted
                         ? 1
                         : 3 * (int)fmax(1, ceil(decades / (double)wanted));
    int number = round_below(a->low);
    size_t count = 0;

    if (step > 1)
        number = 3 * (int)floor(log10(a->low) + SLACK);
    for (; round_value(number) <= a->high * (1 + SLACK) && count < AXIS_MAX_TICKS;
         number += step)
        if (round_value(number) >= a->low * (1 - SLACK))
            ticks[count++] = round_value(number);
    return count;
}

size_t axis_ticks(const axis *a, size_t wanted, double ticks[AXIS_MAX_TICKS])
{
    return (a->logarithmic ? log_ticks : linear_ticks)(a, wanted, ticks);
}

void axis_round_out(axis *a)
{
    const int above = round_below(a->high);

    a->low = round_value(round_below(a->low));
    a->high =
        round_value(round_value(above) < a->high * (1 - SLACK) ? above + 1 : above);
    if (a->high <= a->low)
        a->high = round_value(round_below(a->low) + 1);
}
