/* findings.h: what the doctor has to say, one thing at a time. */
#ifndef DEVICES_FINDINGS_H
#define DEVICES_FINDINGS_H

#include <tessera/device.h>

/* One finding: about what, what is wrong, and the command that mends it ("" if there is
 * nothing to run). */
typedef struct finding {
    const char *subject;
    char problem[1024];
    char command[1024];
} finding;

/* Each makes a finding and says true, or says false: all is well there. */

/* Nothing at all: no driver, or $OCL_ICD_VENDORS leads nowhere. */
bool find_no_driver(const tsr_device_list *list, finding *out);

/* Drivers, but no usable device, and no PoCL. */
bool find_no_usable(const tsr_device_list *list, finding *out);

/* An entry that is not usable. */
bool find_unusable(const tsr_device_entry *entry, finding *out);

/* $TESSERA_DEVICE asks for something that is not there or not usable. */
bool find_wrong_choice(const tsr_device_list *list, finding *out);

/* PoCL is there and works, but not for long: its cache cannot be written. */
bool find_pocl_cache(const tsr_device_list *list, finding *out);

/* Nothing can be kept in $TESSERA_CACHE_DIR, or wherever it is by default. */
bool find_no_cache(finding *out);

/* A usable device without fp64. */
bool find_no_fp64(const tsr_device_list *list, const tsr_device_entry *entry,
                  finding *out);

/* A usable device that is the same hardware as one further up, by another driver. */
bool find_second_driver(const tsr_device_list *list, size_t index, finding *out);

#endif /* DEVICES_FINDINGS_H */
