/* meaning.h: what the numbers of one problem mean, in sentences.
 *
 * A table alone invites the wrong conclusion: that a device is fast or slow, when the
 * answer was memory, the data type, the upload or the first call. Each has a sentence.
 */
#ifndef COMPARE_MEANING_H
#define COMPARE_MEANING_H

#include "results.h"
#include "voice.h"

/* All there is to say. */
void meaning_in_full(const voice *v, const case_result *c);

/* Upload, download and pay-off in a line, and warnings. */
void meaning_in_brief(const voice *v, const case_result *c);

#endif /* COMPARE_MEANING_H */
