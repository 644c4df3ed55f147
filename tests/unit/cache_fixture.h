/* cache_fixture.h: a cache directory of the test's own, and the files in it. */
#ifndef TSR_TESTS_CACHE_FIXTURE_H
#define TSR_TESTS_CACHE_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char cache_folder[] = "/tmp/tessera-test-XXXXXX";

static inline int make_cache(void **state)
{
    (void)state;
    return !mkdtemp(cache_folder) || setenv("TESSERA_CACHE_DIR", cache_folder, 1);
}

/* The only file in it; "" unless there is exactly one. */
static inline const char *only_cache_file(void)
{
    static char path[512];
    DIR *folder = opendir(cache_folder);
    const struct dirent *entry;
    int files = 0;

    assert_non_null(folder);
    path[0] = '\0';
    while ((entry = readdir(folder)))
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", cache_folder, entry->d_name);
            files++;
        }
    closedir(folder);
    if (files != 1)
        path[0] = '\0';
    return path;
}

static inline int empty_cache(void **state)
{
    DIR *folder = opendir(cache_folder);
    const struct dirent *entry;
    char path[512];

    (void)state;
    chmod(cache_folder, 0700);
    while (folder && (entry = readdir(folder)))
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", cache_folder, entry->d_name);
            unlink(path);
        }
    return folder ? closedir(folder) : 0;
}

static inline int remove_cache(void **state)
{
    empty_cache(state);
    unsetenv("TESSERA_CACHE_DIR");
    return rmdir(cache_folder);
}

#endif /* TSR_TESTS_CACHE_FIXTURE_H */
