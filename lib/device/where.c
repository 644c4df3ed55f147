#define _GNU_SOURCE /* dladdr, pipe2, realpath: needed here and nowhere else */
#include "device/where.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char in_this_file = 0;

bool tsr__absolute_path(const char *path, char *out, size_t size)
{
    char *real = realpath(path, NULL);
    bool fits = real && strlen(real) < size;

    if (fits)
        strcpy(out, real);
    else if (real)
        errno = ENAMETOOLONG;
    free(real);
    return fits;
}

bool tsr__own_path(char *path, size_t size)
{
    Dl_info info;

    if (!dladdr(&in_this_file, &info) || !info.dli_fname[0]) {
        errno = ENOENT;
        return false;
    }
    /* For the program itself this is argv[0], which may be relative to where it was
     * started, or found by $PATH. */
    if (info.dli_fname[0] != '/' && tsr__absolute_path("/proc/self/exe", path, size))
        return true;
    return tsr__absolute_path(info.dli_fname, path, size);
}

bool tsr__pipe(int ends[2])
{
    return pipe2(ends, O_CLOEXEC) == 0;
}
