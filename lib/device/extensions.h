/* extensions.h: facts that OpenCL 1.2 has no question for. */
#ifndef TSR_DEVICE_EXTENSIONS_H
#define TSR_DEVICE_EXTENSIONS_H

#include <tessera/interop.h>

/* Fills fp16, family, generation, wave_items and unit_registers by what CL_DEVICE_EXTENSIONS
 * said. info->version is set. A question goes only to a driver that has its extension; what
 * is not answered is 0. */
void tsr__facts_of_extensions(cl_device_id id, const char *extensions,
                              tsr_device_info *info);

#endif /* TSR_DEVICE_EXTENSIONS_H */
