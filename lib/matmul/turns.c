#include "matmul/turns.h"

#include <string.h>

bool tsr__turns_count(const tsr_device_info *info)
{
    return strstr(info->name, "llvmpipe") != NULL;
}

const char *tsr__turns_refused(double turns, const tsr_device_info *info)
{
    return tsr__turns_count(info) && turns > 65535.0
               ? "llvmpipe silently stops loops as long as this one's"
               : NULL;
}
