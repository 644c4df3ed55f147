/* select.h: the order of devices, and which of them a spec means. Pure: no driver, no
 * environment.
 *
 * A spec is read in these ways; the first that names any entry decides:
 *     1. the whole of an entry's own `spec`        a pasted line
 *     2. a type                                    gpu, cpu, accelerator
 *     3. PLATFORM:DEVICE, cut at each colon        names may contain colons themselves
 *     4. PLATFORM
 *     5. a part of a device's name
 * PLATFORM and DEVICE are indices if they are all digits and such an index exists, else
 * a part of the name. All comparing is without regard to case. A platform also goes by
 * what its OpenCL version says: "OpenCL 3.0 PoCL HSTR: ..." is the only place where
 * PoCL says that it is PoCL.
 */
#ifndef TSR_DEVICE_SELECT_H
#define TSR_DEVICE_SELECT_H

#include "device/entries.h"

/* Puts the entries in order of choice: usable before not; GPU, accelerator, CPU, other;
 * compute units x clock; memory; then as the loader lists them. Drivers and platforms
 * without a device come last. */
void tsr__order(tsr__entries *entries);

/* Gives every entry the text that chooses it: "PLATFORM:DEVICE" by name, or by index
 * where another entry has the same names or the names could be read otherwise. An entry
 * that is no device has its platform's name. */
void tsr__assign_specs(tsr__entries *entries);

/* matches[i] says whether `spec` names entry i, usable or not; NULL or "" names all.
 * Errors: ARGUMENT (a spec with an empty part, such as ":" or "pocl:", unless it is an
 * entry's own: a name may end with a colon), NO_DEVICE (no
 * entry is usable; the detail says why), NO_MATCH (the detail lists what is there). */
tsr_status tsr__select(const tsr__entries *entries, const char *spec, bool *matches);

/* NO_DEVICE, with the reasons of all entries that match, or how to get a device. */
tsr_status tsr__fail_no_device(const tsr__entries *entries, const bool *matches);

#endif /* TSR_DEVICE_SELECT_H */
