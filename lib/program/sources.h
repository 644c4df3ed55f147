/* sources.h: the kernel files, embedded at build time by cmake/EmbedTexts.cmake. */
#ifndef TSR_PROGRAM_SOURCES_H
#define TSR_PROGRAM_SOURCES_H

#include <stddef.h>

typedef struct tsr__source {
    const char *name; /* the file's stem: "tile" for kernels/tile.cl */
    const char *text; /* terminated */
    size_t length;    /* bytes, without the terminator */
} tsr__source;

/* All embedded files, in order of name. Defined in the generated sources.c. */
extern const tsr__source tsr__sources[];
extern const size_t tsr__sources_count;

/* The file with that stem, or NULL. */
const tsr__source *tsr__source_find(const char *name);

#endif /* TSR_PROGRAM_SOURCES_H */
