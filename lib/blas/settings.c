#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/matmul.h>

#include "blocks.h"

static bool is_strategy(const char *name)
{
    for (size_t i = 0; i < tsr_strategy_count(); i++)
        if (strcmp(name, tsr_strategy_name(i)) == 0)
            return true;
    return false;
}

bool tsr__settings_fit(const tsr_device_info *info, char why[TSR__WHY_SIZE])
{
    const char *strategy = getenv("TESSERA_STRATEGY");
    const char *most = getenv("TESSERA_MAX_ALLOC");

    if (strategy && *strategy && !is_strategy(strategy)) {
        snprintf(why, TSR__WHY_SIZE,
                 "TESSERA_STRATEGY is \"%s\", and no strategy is called that",
                 strategy);
        return false;
    }
    if (tsr__room_on(info) < sizeof(double)) {
        snprintf(why, TSR__WHY_SIZE,
                 "not one number fits on the device (TESSERA_MAX_ALLOC is \"%s\")",
                 most ? most : "");
        return false;
    }
    return true;
}
