/* program.h: built programs, one per (kernel file, options), kept with the device.
 *
 * The text built is kernels/common.cl followed by the file. "-cl-std=CL1.2" and the
 * definitions of REAL (see common.cl) are added to the options here; never
 * -cl-fast-relaxed-math.
 */
#ifndef TSR_PROGRAM_PROGRAM_H
#define TSR_PROGRAM_PROGRAM_H

#include <stddef.h>

#include <tessera/tensor.h>

#include "device/device.h"

/* Longest options text, with its terminator. */
#define TSR__OPTIONS_SIZE 512

/* One kernel of a built program. Belongs to the device, lives as long as it does. */
typedef struct tsr__kernel tsr__kernel;

/* The kernel `entry` of kernels/<file>.cl, built for `dtype` with `options`
 * ("-DTM=64 -DTN=64"; "" for none). Built, or loaded from the disk cache, on first use,
 * by one thread while others that want the same program wait. If `build_seconds` is not
 * NULL, the time spent here on building or loading is added to it.
 * Errors: BUILD (the detail has the first error of the log), HOST_MEMORY, OPENCL. */
tsr_status tsr__kernel_get(tsr_device *device, const char *file, const char *entry,
                           tsr_dtype dtype, const char *options, double *build_seconds,
                           tsr__kernel **out);

/* The largest work-group this kernel can have on its device
 * (CL_KERNEL_WORK_GROUP_SIZE), in work-items; 1 if the driver does not say. */
size_t tsr__kernel_max_group(const tsr__kernel *kernel);

#endif /* TSR_PROGRAM_PROGRAM_H */
