/* spec.h: the spec a caller gave, or the environment's, and whose it was in a failure. */
#ifndef TSR_DEVICE_SPEC_H
#define TSR_DEVICE_SPEC_H

#include <stdlib.h>

#include "base/error.h"

/* `spec`; if that is NULL or "", $TESSERA_DEVICE; if that is not set or "", NULL. */
static inline const char *tsr__spec_or_environment(const char *spec)
{
    if (!spec || !*spec)
        spec = getenv("TESSERA_DEVICE");
    return spec && *spec ? spec : NULL;
}

/* Adds to a failure that it is about the environment's spec, where `given` is none. */
static inline tsr_status tsr__explain_spec(tsr_status status, const char *given)
{
    if ((given && *given) || !tsr__spec_or_environment(NULL) ||
        (status != TSR_ERROR_ARGUMENT && status != TSR_ERROR_NO_MATCH))
        return status;
    return tsr__explain(status, "TESSERA_DEVICE");
}

#endif /* TSR_DEVICE_SPEC_H */
