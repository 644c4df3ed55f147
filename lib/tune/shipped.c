#include "tune/shipped.h"

/* Defined in the generated shipped_records.c. */
extern const tsr__source tsr__shipped[];
extern const size_t tsr__shipped_count;

const tsr__source *tsr__nearest_of(const tsr__source *texts, size_t count,
                                   const tsr_device_info *info, tsr__kinship *kinship)
{
    const tsr__source *nearest = NULL;

    *kinship = TSR__KIN_NONE;
    for (size_t i = 0; i < count; i++) {
        tsr__kinship near = tsr__about_kinship(texts[i].text, texts[i].length, info);

        if (near > *kinship) {
            *kinship = near;
            nearest = &texts[i];
        }
    }
    return nearest;
}

const char *tsr__shipped_nearest(const tsr_device_info *info, size_t *length,
                                 tsr__kinship *kinship)
{
    const tsr__source *nearest =
        tsr__nearest_of(tsr__shipped, tsr__shipped_count, info, kinship);

    *length = nearest ? nearest->length : 0;
    return nearest ? nearest->text : NULL;
}
