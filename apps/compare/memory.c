#include "memory.h"

#include <stdint.h>
#include <stdlib.h>

void *memory_get(size_t bytes)
{
    void *memory = NULL;

    if (bytes > SIZE_MAX - MEMORY_PAGE)
        return NULL;
    bytes = (bytes / MEMORY_PAGE + 1) * MEMORY_PAGE;
    return posix_memalign(&memory, MEMORY_PAGE, bytes) == 0 ? memory : NULL;
}
