/* known_record.h: what is known of one class of problems, and how it is written down.
 *
 *     any f32 1x~4871x~6889/16 rows rows rows = panel MR=6 NV=2 | 0.00291 s | ...
 *
 * The scope and the class are the key of a record (tune/records.h), the winner its value.
 */
#ifndef TSR_MATMUL_KNOWN_RECORD_H
#define TSR_MATMUL_KNOWN_RECORD_H

#include "matmul/class.h"
#include "matmul/winner.h"
#include "tune/records.h"

typedef struct tsr__known_record {
    tsr__class of;
    const tsr__strategy *scope; /* what was forced; NULL for any strategy */
    tsr__winner winner;
} tsr__known_record;

/* Puts or replaces it. False without memory. */
bool tsr__known_record_put(tsr__records *records, const tsr__known_record *record);

/* False if this build cannot read it. */
bool tsr__known_record_parse(const tsr__record_item *item, tsr__known_record *out);

/* Whether it can have been measured on such a device: a text may have been edited.
 * Errors: ARGUMENT (the detail says what is wrong). */
tsr_status tsr__known_record_check(const tsr__known_record *record,
                                   const tsr_device_info *info);

#endif /* TSR_MATMUL_KNOWN_RECORD_H */
