/* vendors.h: which drivers the ICD loader will load, told without loading them.
 *
 * As ocl-icd does it (man 7 libOpenCL): $OCL_ICD_VENDORS is a folder, one .icd file, or
 * one library; else the folder is $OPENCL_VENDOR_PATH or /etc/OpenCL/vendors. An ICD
 * file holds the name of a library in its first line.
 */
#ifndef TSR_DEVICE_VENDORS_H
#define TSR_DEVICE_VENDORS_H

#include "device/entries.h"

#define TSR__ICD_PATH_SIZE 1024

typedef struct tsr__icd {
    char
        path[TSR__ICD_PATH_SIZE]; /* of the ICD file; "" if a library was named alone */
    char library[256];            /* "" if the file cannot be read or is empty */
} tsr__icd;

typedef struct tsr__icds {
    tsr__icd *items; /* in order of path */
    size_t count;
} tsr__icds;

/* Errors: HOST_MEMORY. A folder that is not there is an empty list. */
tsr_status tsr__icds_find(tsr__icds *icds);

void tsr__icds_free(tsr__icds *icds);

/* Adds an entry with the reason for each driver whose library cannot be loaded. Loads
 * those that can: call it where the loader has already done so.
 * Errors: HOST_MEMORY. */
tsr_status tsr__icds_check(tsr__entries *entries);

/* An entry for a driver, by its library or else its file. */
tsr_device_entry tsr__icd_entry(const tsr__icd *icd);

#endif /* TSR_DEVICE_VENDORS_H */
