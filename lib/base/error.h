/* error.h: how code inside the library fails.
 *
 * `return tsr__fail(TSR_ERROR_SHAPE, "A has %zu columns, B has %zu rows", k, kb);`
 *
 * Sets this thread's detail and gives the status back, so that a failure is said once,
 * where it happens. Callers pass statuses on unchanged; tsr__explain adds what only they
 * know.
 */
#ifndef TSR_BASE_ERROR_H
#define TSR_BASE_ERROR_H

#include <tessera/status.h>

#if defined(__GNUC__) || defined(__clang__)
#define TSR__PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define TSR__PRINTF(text, first)
#endif

/* Longest detail, in bytes with its terminator. A longer one ends in "...". */
#define TSR__DETAIL_SIZE 4096

tsr_status tsr__fail(tsr_status status, const char *format, ...) TSR__PRINTF(2, 3);

/* Puts "context: " before the detail that is there: "uploading B: clCreateBuffer ...". */
tsr_status tsr__explain(tsr_status status, const char *format, ...) TSR__PRINTF(2, 3);

#endif /* TSR_BASE_ERROR_H */
