#include "base/cache_sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/trace.h"

/* A file's name is a hash of 128 bits. */
#define NAME_LENGTH 32

static bool is_unfinished(const char *name)
{
    return strspn(name, "0123456789abcdef") == NAME_LENGTH &&
           name[NAME_LENGTH] == TSR__CACHE_UNFINISHED[0] &&
           strlen(name + NAME_LENGTH) == sizeof TSR__CACHE_UNFINISHED - 1;
}

/* A clock that was set back makes files of the future, which wait. */
static bool is_old(int directory, const char *name)
{
    struct stat st;

    return fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(st.st_mode) && st.st_mtime < time(NULL) - TSR__CACHE_ABANDONED;
}

void tsr__cache_sweep(const char *directory)
{
    DIR *files = opendir(directory);
    const struct dirent *file;

    if (!files)
        return;
    while ((file = readdir(files)))
        if (is_unfinished(file->d_name) && is_old(dirfd(files), file->d_name) &&
            unlinkat(dirfd(files), file->d_name, 0) == 0)
            tsr__trace(TSR__TRACE_CACHE, "removed: %s/%s, which nobody finished",
                       directory, file->d_name);
    closedir(files);
}
