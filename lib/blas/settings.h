/* settings.h: what of the environment no call could be computed with.
 *
 * The core finds that out anew for each call, which then looks like one that the device
 * merely does not take. */
#ifndef TSR_BLAS_SETTINGS_H
#define TSR_BLAS_SETTINGS_H

#include <stdbool.h>

#include <tessera/device.h>

#define TSR__WHY_SIZE 256

/* False if there is such a setting; `why` says which. */
bool tsr__settings_fit(const tsr_device_info *info, char why[TSR__WHY_SIZE]);

#endif /* TSR_BLAS_SETTINGS_H */
