#include "machine.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *sudo(void)
{
    return geteuid() == 0 ? "" : "sudo ";
}

static bool has_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "r");
    char read[1024];
    bool found = false;

    while (file && !found && fgets(read, sizeof read, file)) {
        read[strcspn(read, "\n")] = '\0';
        found = strcmp(read, line) == 0;
    }
    if (file)
        fclose(file);
    return found;
}

/* dpkg keeps /var/lib/dpkg/info/PACKAGE[:ARCH].list, one path per line. */
bool owning_package(const char *file, char *package, size_t size)
{
    glob_t lists;
    bool found = false;

    if (glob("/var/lib/dpkg/info/*.list", GLOB_NOSORT, NULL, &lists) != 0)
        return false;
    for (size_t i = 0; i < lists.gl_pathc && !found; i++) {
        found = has_line(lists.gl_pathv[i], file);
        if (found) {
            const char *name = strrchr(lists.gl_pathv[i], '/') + 1;

            snprintf(package, size, "%.*s", (int)strcspn(name, ":."), name);
        }
    }
    globfree(&lists);
    return found;
}

static const char *set(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

void pocl_cache(char *path, size_t size)
{
    if (set("POCL_CACHE_DIR"))
        snprintf(path, size, "%s", set("POCL_CACHE_DIR"));
    else if (set("XDG_CACHE_HOME"))
        snprintf(path, size, "%s/pocl/kcache", set("XDG_CACHE_HOME"));
    else if (set("HOME"))
        snprintf(path, size, "%s/.cache/pocl/kcache", set("HOME"));
    else
        snprintf(path, size, "/tmp/pocl/kcache");
}

/* What is there decides; what is not can be made in its parent. */
bool can_write_folder(const char *path)
{
    char parent[4096];
    struct stat found;
    char *slash;

    if (snprintf(parent, sizeof parent, "%s", path) >= (int)sizeof parent)
        return false;
    while (stat(parent, &found) != 0) {
        if (errno != ENOENT)
            return false;
        slash = strrchr(parent, '/');
        if (!slash)
            strcpy(parent, ".");
        else if (slash == parent)
            strcpy(parent, "/");
        else
            *slash = '\0';
    }
    return S_ISDIR(found.st_mode) && access(parent, W_OK | X_OK) == 0;
}

bool has_proc_and_sys(void)
{
    return access("/proc/cpuinfo", R_OK) == 0 && access("/sys/devices", R_OK) == 0;
}

static bool has_program(const char *folder, int length, const char *program)
{
    char path[4096];

    return snprintf(path, sizeof path, "%.*s/%s", length, folder, program) <
               (int)sizeof path &&
           access(path, X_OK) == 0;
}

bool is_in_path(const char *program)
{
    const char *folder = set("PATH");
    bool found = false;

    while (folder && *folder && !found) {
        size_t length = strcspn(folder, ":");

        found = has_program(folder, (int)length, program);
        folder += length + (folder[length] == ':');
    }
    return found;
}

const char *usual_folder(const char *program)
{
    static const char *const folders[] = {"/usr/bin", "/usr/local/bin", "/bin"};

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (has_program(folders[i], (int)strlen(folders[i]), program))
            return folders[i];
    return NULL;
}

bool gpu_is_forbidden(void)
{
    glob_t files;
    bool forbidden = false;

    if (glob("/dev/dri/renderD*", 0, NULL, &files) != 0)
        return false;
    for (size_t i = 0; i < files.gl_pathc; i++)
        forbidden = forbidden || access(files.gl_pathv[i], R_OK | W_OK) != 0;
    globfree(&files);
    return forbidden;
}
