#include "matmul/turns.h"

#include <string.h>

const char *tsr__turns_refused(double turns, const tsr_device_info *info)
{
    bool stops = strstr(info->name, "llvmpipe") != NULL;

    return stops && turns > 65535.0
               ? "llvmpipe silently stops loops as long as this one's"
               : NULL;
}
