/* create.h: making a tsr_device of handles. For lib/device only. */
#ifndef TSR_DEVICE_CREATE_H
#define TSR_DEVICE_CREATE_H

#include "device/device.h"

/* What a device is made of. `context` and `queue` are the caller's and are retained, or
 * NULL: then they are created. */
typedef struct tsr__handles {
    cl_platform_id platform;
    cl_device_id id;
    cl_context context;
    cl_command_queue queue;
} tsr__handles;

/* A device with one reference. Reads $TESSERA_STRATEGY and $TESSERA_TUNE. Nothing is checked or tested.
 * Errors: ARGUMENT (one of the two is malformed), HOST_MEMORY, DEVICE_LOST,
 * OPENCL. */
tsr_status tsr__device_create(const tsr__handles *handles, const tsr_device_info *info,
                              tsr_device **out);

#endif /* TSR_DEVICE_CREATE_H */
