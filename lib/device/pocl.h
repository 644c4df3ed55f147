/* pocl.h: what PoCL wants of the machine, apart from a cache that it can write. */
#ifndef TSR_DEVICE_POCL_H
#define TSR_DEVICE_POCL_H

#include <stdbool.h>

/* By the platform's name. */
bool tsr__is_pocl(const char *platform);

/* Whether `ld` is in $PATH. Without it PoCL's compiler calls abort() at the first kernel
 * that is not in its cache. */
bool tsr__pocl_has_linker(void);

#endif /* TSR_DEVICE_POCL_H */
