/* ask.h: asking the drivers in a child process, tessera-ask.
 *
 * A driver that crashes or hangs takes the child with it and nothing else.
 */
#ifndef TSR_DEVICE_ASK_H
#define TSR_DEVICE_ASK_H

#include <stdatomic.h>

#include "device/entries.h"

/* How long a child may take. Only tests change it. */
extern atomic_int tsr__ask_milliseconds;

typedef enum tsr__outcome {
    TSR__ANSWERED,
    TSR__DRIVER_FAILED, /* the child crashed, ended early or hung in some driver */
    TSR__NO_HELPER      /* there is no tessera-ask of this build that runs */
} tsr__outcome;

typedef struct tsr__answer {
    tsr__outcome outcome;
    tsr__entries entries; /* what was answered, also before a crash */
    char how[64];         /* "crashed with SIGABRT", "did not answer within 30 s" */
} tsr__answer;

/* All devices of all platforms, not tested yet, platforms without devices, and ICD
 * files whose library cannot be loaded. `vendors` is the child's $OCL_ICD_VENDORS; NULL
 * leaves it as it is. The answer is to be freed, also after a failure.
 * Errors: HOST_MEMORY, and what tsr__enumerate fails with in the child. */
tsr_status tsr__ask_devices(const char *vendors, tsr__answer *answer);

/* Self-tests the device with this spec (tsr__assign_specs). The answer is one entry,
 * with `usable` and `reason` decided. Errors: as above, and NO_DEVICE if it is gone. */
tsr_status tsr__ask_selftest(const char *vendors, const char *spec,
                             tsr__answer *answer);

void tsr__answer_free(tsr__answer *answer);

#endif /* TSR_DEVICE_ASK_H */
