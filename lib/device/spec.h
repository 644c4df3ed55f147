/* spec.h: the spec a caller gave, or the environment's. */
#ifndef TSR_DEVICE_SPEC_H
#define TSR_DEVICE_SPEC_H

#include <stdlib.h>

/* `spec`; if that is NULL or "", $TESSERA_DEVICE; if that is not set or "", NULL. */
static inline const char *tsr__spec_or_environment(const char *spec)
{
    if (!spec || !*spec)
        spec = getenv("TESSERA_DEVICE");
    return spec && *spec ? spec : NULL;
}

#endif /* TSR_DEVICE_SPEC_H */
