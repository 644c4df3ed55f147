#define _XOPEN_SOURCE 700 /* nftw */
#include "places.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Sets the variable to path/name, a folder that is made. */
static bool lead(const char *variable, const char *path, const char *name)
{
    char place[4096];
    int length = snprintf(place, sizeof place, "%s/%s", path, name);

    return length > 0 && (size_t)length < sizeof place && mkdir(place, 0700) == 0 &&
           setenv(variable, place, 1) == 0;
}

bool places_make(char path[4096])
{
    const char *parent = getenv("TMPDIR");
    int length =
        snprintf(path, 4096, "%s/startup-XXXXXX", parent && *parent ? parent : "/tmp");

    if (length < 0 || length >= 4096 || !mkdtemp(path)) {
        fprintf(stderr, "startup: no temporary folder %s: %s\n", path, strerror(errno));
        return false;
    }
    if (lead("TESSERA_CACHE_DIR", path, "tessera") &&
        lead("POCL_CACHE_DIR", path, "pocl") && lead("XDG_CACHE_HOME", path, "xdg") &&
        lead("HOME", path, "home"))
        return true;
    fprintf(stderr, "startup: no caches in %s: %s\n", path, strerror(errno));
    places_remove(path);
    return false;
}

static int remove_one(const char *path, const struct stat *found, int kind,
                      struct FTW *where)
{
    (void)found;
    (void)kind;
    (void)where;
    return remove(path);
}

void places_remove(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        fprintf(stderr, "startup: %s is left behind: %s\n", path, strerror(errno));
}
