/* about.h: what records are about, and how near that is to a device.
 *
 * Measured times hold for one device, driver, set of kernels and CLBlast. The head of a
 * text of records names them, a line each: "driver 3.1". Records are taken for a device
 * only if every line is what its own head says.
 */
#ifndef TSR_TUNE_ABOUT_H
#define TSR_TUNE_ABOUT_H

#include <tessera/device.h>

/* Longest head, with its terminator. */
#define TSR__HEAD_SIZE 1024

/* The head of a device's records, ending with a newline. */
void tsr__about(const tsr_device_info *info, char head[TSR__HEAD_SIZE]);

/* Where two heads first differ: the field's name and both values, as "" where it is
 * missing. False if they do not. */
typedef struct tsr__difference {
    char field[32], theirs[160], ours[160];
} tsr__difference;
bool tsr__about_differ(const char *theirs, size_t length, const char *ours,
                       tsr__difference *difference);

/* How near what a head is about is to a device. */
typedef enum tsr__kinship {
    TSR__KIN_NONE,       /* another type, or no head */
    TSR__KIN_TYPE,       /* a GPU too, say */
    TSR__KIN_VENDOR,     /* of the same vendor */
    TSR__KIN_GENERATION, /* and the same generation of its hardware */
    TSR__KIN_DEVICE      /* the same device, perhaps by another driver */
} tsr__kinship;

tsr__kinship tsr__about_kinship(const char *head, size_t length,
                                const tsr_device_info *info);

#endif /* TSR_TUNE_ABOUT_H */
