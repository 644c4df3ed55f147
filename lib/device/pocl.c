#include "device/pocl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"

bool tsr__is_pocl(const char *platform)
{
    return strstr(platform, "Portable Computing Language") != NULL;
}

bool tsr__pocl_has_linker(void)
{
    const char *folder = getenv("PATH");

    while (folder && *folder) {
        size_t length = strcspn(folder, ":");
        char path[4096];
        int written = snprintf(path, sizeof path, "%.*s/ld", (int)length, folder);

        if (tsr__is_whole(written, sizeof path) && access(path, X_OK) == 0)
            return true;
        folder += length + (folder[length] == ':');
    }
    return false;
}
