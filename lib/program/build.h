/* build.h: from a kernel file to a built cl_program. */
#ifndef TSR_PROGRAM_BUILD_H
#define TSR_PROGRAM_BUILD_H

#include "device/device.h"
#include "program/sources.h"

/* Builds common.cl followed by `source` with exactly `options` for the device, from the
 * disk cache when it has it. The program is the caller's. *unsaved says that it is not
 * in the disk cache yet and tsr__program_save is to be called when there is time.
 * Errors: BUILD (the detail has the log's first error), HOST_MEMORY, OPENCL. */
tsr_status tsr__program_build(tsr_device *device, const tsr__source *source,
                              const char *options, cl_program *out, bool *unsaved);

/* Puts a program built so into the disk cache, if that can be done. */
void tsr__program_save(tsr_device *device, const tsr__source *source,
                       const char *options, cl_program program);

#endif /* TSR_PROGRAM_BUILD_H */
