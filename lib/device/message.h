/* message.h: what tessera-ask writes to the library, one message after another.
 *
 *     HELLO  (ENTRY)*  END          or          HELLO  (ENTRY)*  FAILED
 *
 * Plain structs of one size between two programs of one build. `magic`, `size` and
 * `version` show a helper of another build, which is then not used.
 */
#ifndef TSR_DEVICE_MESSAGE_H
#define TSR_DEVICE_MESSAGE_H

#include <tessera/device.h>
#include <tessera/version.h>

#include "base/error.h"

#define TSR__MESSAGE_MAGIC 0x61736b31u /* "ask1" */

typedef enum tsr__message_kind {
    TSR__MESSAGE_HELLO = 1,  /* before any driver is touched */
    TSR__MESSAGE_ENTRY = 2,  /* `entry` */
    TSR__MESSAGE_FAILED = 3, /* `status` and `detail`; the last message */
    TSR__MESSAGE_END = 4     /* the last message */
} tsr__message_kind;

typedef struct tsr__message {
    uint32_t magic;
    uint32_t size; /* sizeof(tsr__message) */
    char version[16];
    uint32_t kind;
    uint32_t status;
    tsr_device_entry entry;
    char detail[TSR__DETAIL_SIZE];
} tsr__message;

#endif /* TSR_DEVICE_MESSAGE_H */
