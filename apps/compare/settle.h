/* settle.h: the roof of a case beside the best of the run.
 *
 * A case is judged by what a probe reached in turns with its runners: a machine that others
 * share, or whose memory is faster in one minute than in the next, has a roof for each
 * minute. What the run saw at best stands beside it.
 */
#ifndef COMPARE_SETTLE_H
#define COMPARE_SETTLE_H

#include "results.h"

/* Puts c->run_roof_s by the best of the run so far; a case without a roof has none there,
 * either. */
void settle_roof(case_result *c, const tsr_roof *best);

/* Whether the run's best is further from the roof of the case than two undisturbed probes
 * are from each other. */
bool settle_has_moved(const case_result *c);

/* Of how many cases. */
size_t settle_count_moved(const results *all);

#endif /* COMPARE_SETTLE_H */
