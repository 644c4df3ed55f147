#define _XOPEN_SOURCE 700 /* realpath */

#include "same_file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The folder that `path` is in, without links. The caller frees it. */
static char *real_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    size_t length;

    if (!slash)
        return realpath(".", NULL);
    length = slash == path ? 1 : (size_t)(slash - path);
    if (length >= sizeof folder)
        return NULL;
    memcpy(folder, path, length);
    folder[length] = '\0';
    return realpath(folder, NULL);
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool same_file(const char *path, const char *other)
{
    struct stat info, other_info;
    char *folder, *other_folder;
    bool same;

    if (stat(path, &info) == 0 && stat(other, &other_info) == 0)
        return S_ISREG(info.st_mode) && info.st_dev == other_info.st_dev &&
               info.st_ino == other_info.st_ino;
    if (strcmp(last_name(path), last_name(other)) != 0)
        return false;
    folder = real_folder(path);
    other_folder = real_folder(other);
    same = folder && other_folder && strcmp(folder, other_folder) == 0;
    free(folder);
    free(other_folder);
    return same;
}

bool files_differ(const named_file *files, size_t read, size_t count, failure *why)
{
    for (size_t i = read; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (files[i].path && files[j].path &&
                same_file(files[i].path, files[j].path))
                return fail_with(why, EXIT_INPUT, "%s and %s are the same file",
                                 files[j].option, files[i].option);
    return true;
}
