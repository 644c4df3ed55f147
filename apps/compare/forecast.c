#include "forecast.h"

/* Seconds for a product of any size, and for each flop of a large one, in all runners and
 * batches together. Only their ratio counts; plain C decides the second. */
#define EACH_SECONDS 2.0
#define FLOP_SECONDS 4e-9

static double weight(const problem *p)
{
    return EACH_SECONDS + FLOP_SECONDS * problem_flops(p);
}

double forecast_before(const problem_list *problems, size_t index)
{
    double before = 0, all = 0;

    for (size_t i = 0; i < problems->count; i++) {
        all += weight(&problems->items[i]);
        if (i < index)
            before += weight(&problems->items[i]);
    }
    return all > 0 ? before / all : 0;
}
