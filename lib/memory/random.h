/* random.h: the generator itself. For lib/memory and its tests. */
#ifndef TSR_MEMORY_RANDOM_H
#define TSR_MEMORY_RANDOM_H

#include <stdint.h>

/* Philox4x32-10: four words that depend on nothing but the arguments. */
void tsr__philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]);

#endif /* TSR_MEMORY_RANDOM_H */
