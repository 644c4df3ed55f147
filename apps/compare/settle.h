/* settle.h: the roof of a case, which its own turns may not have seen. */
#ifndef COMPARE_SETTLE_H
#define COMPARE_SETTLE_H

#include "results.h"

/* Raises the roof of the case to the best rates of the run where those are better, and
 * puts its rows in relation to that. What a launch costs stays as the case saw it. */
void settle_roof(case_result *c, const tsr_roof *best);

/* Whether something slowed the roof's probe in the case's own turns. */
bool settle_was_disturbed(const case_result *c);

#endif /* COMPARE_SETTLE_H */
