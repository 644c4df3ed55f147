#include "matmul/pace.h"

double tsr__pace_of(const tsr__pace *pace, const tsr__strategy *strategy)
{
    for (size_t i = 0; i < TSR__MOST_STRATEGIES && pace->strategies[i]; i++)
        if (pace->strategies[i] == strategy)
            return pace->seconds[i];
    return 0.0;
}

void tsr__pace_note(tsr__pace *pace, const tsr__strategy *strategy, double seconds)
{
    double before = tsr__pace_of(pace, strategy);
    size_t i = 0;

    while (i < TSR__MOST_STRATEGIES && pace->strategies[i] &&
           pace->strategies[i] != strategy)
        i++;
    if (i == TSR__MOST_STRATEGIES)
        return;
    pace->strategies[i] = strategy;
    pace->seconds[i] = seconds > before ? seconds : (before + seconds) / 2.0;
}
