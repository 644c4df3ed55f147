/* version.h: which tessera this is. The build system reads the numbers from here. */
#ifndef TESSERA_VERSION_H
#define TESSERA_VERSION_H

#include <tessera/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_VERSION_MAJOR 0
#define TSR_VERSION_MINOR 1
#define TSR_VERSION_PATCH 0

/* The library's version at run time, "0.1.0". */
TSR_EXPORT const char *tsr_version(void);

/* What CLBlast this build uses: "1.5.3" or as its headers say, "" if it has none. */
TSR_EXPORT const char *tsr_clblast_version(void);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_VERSION_H */
