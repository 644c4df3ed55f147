/* enumerate.h: asking every platform for its devices, in this process.
 *
 * The calls in here run drivers' code, which may crash or hang: the first time in a
 * process is after a child has survived the same calls (discover.h).
 */
#ifndef TSR_DEVICE_ENUMERATE_H
#define TSR_DEVICE_ENUMERATE_H

#include "device/create.h"
#include "device/entries.h"

/* Adds an entry for each device of each platform, and for each platform that has none
 * or could not be asked. `usable` means no reason against it is known yet; the
 * self-test is still to come. No platform at all is a success.
 * Errors: ARGUMENT (a malformed $TESSERA_MAX_ALLOC), HOST_MEMORY, OPENCL. */
tsr_status tsr__enumerate(tsr__entries *entries);

/* The platform and device at info's two indices. Errors: NO_DEVICE, HOST_MEMORY,
 * OPENCL. */
tsr_status tsr__find_handles(const tsr_device_info *info, tsr__handles *handles);

#endif /* TSR_DEVICE_ENUMERATE_H */
