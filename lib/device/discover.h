/* discover.h: this process's own list of devices.
 *
 * The first time, a child asks the drivers (drivers.h), unless a record (record.h) says
 * that they have survived that before. Those that fail there are kept
 * out of this process: $OCL_ICD_VENDORS leads the loader to the others while it loads
 * them, which it does once, and is then put back. From then on the drivers are asked
 * directly; they have answered the same questions before. If all fail the loader is not
 * started, and the next time begins anew.
 *
 * Threads may call this at once. Setting the environment is not safe beside another
 * thread's getenv; it happens only after a driver has crashed.
 */
#ifndef TSR_DEVICE_DISCOVER_H
#define TSR_DEVICE_DISCOVER_H

#include "device/drivers.h"
#include "device/entries.h"
#include "device/record.h"

/* Adds all devices, in order and with their specs, not tested yet, and what is left
 * out, with reasons. Errors: HOST_MEMORY, ARGUMENT, OPENCL, NO_DEVICE. */
tsr_status tsr__discover(tsr__entries *entries);

/* The records as they were when this process loaded its drivers. After tsr__discover. */
const tsr__record *tsr__discover_record(void);

/* The drivers that this process loads, for a child that is to load the same: only `vendors`
 * is filled in. To be freed, also after a failure. After tsr__discover.
 * Errors: HOST_MEMORY, NO_DEVICE (no temporary folder could be made). */
tsr_status tsr__discover_drivers(tsr__drivers *drivers);

#endif /* TSR_DEVICE_DISCOVER_H */
