/* above.h: why a row is above the roof, which no program can be.
 *
 * The roof is that of memory far beyond any cache, and of one device, as it was in the
 * probe's turns. Each of the three can be untrue for a row.
 */
#ifndef COMPARE_ABOVE_H
#define COMPARE_ABOVE_H

#include "results.h"
#include "voice.h"

/* More than this much of the roof is explained. */
#define ABOVE_ROOF 1.05

typedef enum above {
    ABOVE_NOT,
    ABOVE_ON_HOST,        /* the roof is the device's, the row the host's */
    ABOVE_IN_CACHE,       /* all operands fit in the device's cache */
    ABOVE_PARTLY_CACHED,  /* so much of them does that it explains the time */
    ABOVE_PERHAPS_CACHED, /* the driver does not say how large the cache is */
    ABOVE_DISTURBED,      /* the probe was */
    ABOVE_CLOCK           /* bound by arithmetic: or the clock moved */
} above;

above above_why(const case_result *c, const table_row *row);

/* In a few words, for the JSON; NULL for ABOVE_NOT. */
const char *above_words(above why);

/* What is above the roof anywhere in the run, for the line below a picture's title:
 * "; above it: from a cache"; "" if nothing is. */
const char *above_of_all(const results *all);

/* A sentence for each row that is above the roof, with the numbers. */
void above_say(const voice *v, const case_result *c);

#endif /* COMPARE_ABOVE_H */
