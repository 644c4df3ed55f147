/* shipped.h: records that come with the library, of devices that were measured.
 *
 * The files of records/, embedded at build. A device without records of its own starts
 * from those of its nearest relative.
 */
#ifndef TSR_TUNE_SHIPPED_H
#define TSR_TUNE_SHIPPED_H

#include <stddef.h>

#include "program/sources.h"
#include "tune/about.h"

/* The text that is nearest to the device, and how near; NULL if none is of its type. */
const char *tsr__shipped_nearest(const tsr_device_info *info, size_t *length,
                                 tsr__kinship *kinship);

/* The same of any texts; the first of equally near ones. */
const tsr__source *tsr__nearest_of(const tsr__source *texts, size_t count,
                                   const tsr_device_info *info, tsr__kinship *kinship);

#endif /* TSR_TUNE_SHIPPED_H */
