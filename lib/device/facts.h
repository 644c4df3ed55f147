/* facts.h: what a driver says about a device, asked once. */
#ifndef TSR_DEVICE_FACTS_H
#define TSR_DEVICE_FACTS_H

#include <tessera/interop.h>

/* Fills `info`, all but platform_index, device_index and spec, which only someone who
 * sees all devices can know. Texts have no white space at either end.
 * Errors: ARGUMENT (a malformed $TESSERA_MAX_ALLOC), OPENCL, HOST_MEMORY. */
tsr_status tsr__facts_read(cl_platform_id platform, cl_device_id id,
                           tsr_device_info *info);

/* "1048576", "1024K", "1M" or "2G" in bytes (K is 1024); false if it is not such a
 * size, or is 0 or beyond 64 bits. */
bool tsr__parse_size(const char *text, uint64_t *bytes);

/* " (TESSERA_MAX_ALLOC)" where that, as it is now, limits this device's allocations; else
 * "". */
const char *tsr__max_alloc_source(const tsr_device_info *info);

/* Of the bits of CL_DEVICE_TYPE, the one that decides. A device that claims several is
 * a simulator (Oclgrind says CPU, GPU and accelerator at once): it computes on the
 * host, so it is a CPU, and never preferred to a real GPU. */
tsr_device_type tsr__type_of_bits(cl_device_type bits);

#endif /* TSR_DEVICE_FACTS_H */
