/* judge.h: how a run ends, by its results. */
#ifndef COMPARE_JUDGE_H
#define COMPARE_JUDGE_H

#include "results.h"

/* Says on stderr what failed, and gives the exit status. Wrong comes before failed, and
 * failed before slower than --fail-above allows. */
int judge_results(const results *all);

#endif /* COMPARE_JUDGE_H */
