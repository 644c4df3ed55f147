/* memory.h: host arrays that a device may use in place.
 *
 * Page-aligned and a whole number of pages, which is what drivers ask of memory they are
 * to share. Never NULL for 0 bytes.
 */
#ifndef COMPARE_MEMORY_H
#define COMPARE_MEMORY_H

#include <stddef.h>

#define MEMORY_PAGE 4096

/* At least `bytes` bytes, or NULL. Freed with free(). */
void *memory_get(size_t bytes);

#endif /* COMPARE_MEMORY_H */
