#include "program/sources.h"

#include <string.h>

const tsr__source *tsr__source_find(const char *name)
{
    for (size_t i = 0; i < tsr__sources_count; i++)
        if (strcmp(tsr__sources[i].name, name) == 0)
            return &tsr__sources[i];
    return NULL;
}
