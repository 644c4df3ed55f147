/* cl_error.h: OpenCL's codes, by name, turned into a tsr_status.
 *
 * `if (code != CL_SUCCESS) return tsr__fail_cl(code, "clCreateBuffer", "%zu bytes", n);`
 */
#ifndef TSR_DEVICE_CL_ERROR_H
#define TSR_DEVICE_CL_ERROR_H

#include <tessera/interop.h>

#include "base/error.h"

/* Sets the detail to "CALL failed with NAME (code): what, and what to do" and gives the
 * status that fits the code: HOST_MEMORY for -6; DEVICE_MEMORY for -4; ALLOC_LIMIT for
 * -61; DEVICE_LOST for -5 and for an event that ended negative (-14); NO_DEVICE for
 * -1001 and -1; OPENCL for all others. `what` may be NULL. */
tsr_status tsr__fail_cl(cl_int code, const char *call, const char *what, ...)
    TSR__PRINTF(3, 4);

#endif /* TSR_DEVICE_CL_ERROR_H */
