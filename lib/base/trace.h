/* trace.h: TESSERA_TRACE, the library's decisions on stderr, off unless asked for.
 *
 *     TESSERA_TRACE=router,build     or   all
 *
 * One line per decision: "tessera router: 1x5000x6400 f32 -> stream (3.7 ms; ...)".
 */
#ifndef TSR_BASE_TRACE_H
#define TSR_BASE_TRACE_H

#include <stdbool.h>

#include "base/error.h"

typedef enum tsr__topic {
    TSR__TRACE_ROUTER,
    TSR__TRACE_BUILD,
    TSR__TRACE_CACHE,
    TSR__TRACE_MEMORY,
    TSR__TRACE_DEVICE,
    TSR__TRACE_TOPICS
} tsr__topic;

/* The environment is read once per process. */
bool tsr__trace_on(tsr__topic topic);

/* Writes one whole line (a newline is added) if the topic is on. */
void tsr__trace(tsr__topic topic, const char *format, ...) TSR__PRINTF(2, 3);

#endif /* TSR_BASE_TRACE_H */
