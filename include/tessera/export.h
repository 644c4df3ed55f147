/* export.h: marks what the shared library shows. Nothing else is visible. */
#ifndef TESSERA_EXPORT_H
#define TESSERA_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define TSR_EXPORT __attribute__((visibility("default")))
#else
#define TSR_EXPORT
#endif

#endif /* TESSERA_EXPORT_H */
