#include "tune/shipped.h"

#include "program/sources.h"

/* Defined in the generated shipped_records.c. */
extern const tsr__source tsr__shipped[];
extern const size_t tsr__shipped_count;

const char *tsr__shipped_nearest(const tsr_device_info *info, size_t *length,
                                 tsr__kinship *kinship)
{
    const tsr__source *nearest = NULL;

    *kinship = TSR__KIN_NONE;
    for (size_t i = 0; i < tsr__shipped_count; i++) {
        tsr__kinship near =
            tsr__about_kinship(tsr__shipped[i].text, tsr__shipped[i].length, info);

        if (near > *kinship) {
            *kinship = near;
            nearest = &tsr__shipped[i];
        }
    }
    *length = nearest ? nearest->length : 0;
    return nearest ? nearest->text : NULL;
}
