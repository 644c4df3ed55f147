#define _XOPEN_SOURCE 700 /* nftw */
#include "places.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

char folder[64];
char cache[96];

/* ---- The folder ------------------------------------------------------------------- */

static void lead(const char *variable, const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(setenv(variable, path, 1), 0);
}

int places_make(void **state)
{
    (void)state;
    strcpy(folder, "/dev/shm/attacks-XXXXXX");
    if (!mkdtemp(folder)) {
        strcpy(folder, "/tmp/attacks-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    snprintf(cache, sizeof cache, "%s/cache", folder);
    lead("TESSERA_CACHE_DIR", "cache");
    lead("POCL_CACHE_DIR", "pocl");
    lead("XDG_CACHE_HOME", "xdg");
    lead("HOME", "home");
    unsetenv("TESSERA_STRATEGY");
    unsetenv("TESSERA_TUNE");
    return 0;
}

static int remove_one(const char *path, const struct stat *found, int kind,
                      struct FTW *where)
{
    (void)found;
    (void)kind;
    (void)where;
    return remove(path);
}

int places_remove(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void cache_clear(void)
{
    struct stat st;

    if (lstat(cache, &st) == 0)
        assert_int_equal(nftw(cache, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    assert_int_equal(mkdir(cache, 0700), 0);
}

/* ---- Files ------------------------------------------------------------------------ */

const char *path_of(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", cache, name);
    return path;
}

void put_file(const char *name, const unsigned char *bytes, size_t size)
{
    int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(close(fd), 0);
}

static void read_file(const char *name, file *out)
{
    int fd = open(path_of(name), O_RDONLY | O_NOFOLLOW);
    struct stat st;

    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    out->mode = st.st_mode & 0777;
    out->owner = st.st_uid;
    snprintf(out->name, sizeof out->name, "%s", name);
    out->size = (size_t)st.st_size;
    out->bytes = malloc(out->size + 1);
    assert_non_null(out->bytes);
    assert_int_equal(read(fd, out->bytes, out->size), out->size);
    close(fd);
}

void snapshot_take(snapshot *out)
{
    const size_t room = sizeof out->files / sizeof out->files[0];
    DIR *directory = opendir(cache);
    const struct dirent *found;

    assert_non_null(directory);
    out->count = 0;
    while ((found = readdir(directory)))
        if (found->d_name[0] != '.') {
            assert_true(out->count < room);
            read_file(found->d_name, &out->files[out->count++]);
        }
    closedir(directory);
}

void snapshot_free(snapshot *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->files[i].bytes);
    s->count = 0;
}

void snapshot_restore(const snapshot *s)
{
    cache_clear();
    for (size_t i = 0; i < s->count; i++)
        put_file(s->files[i].name, s->files[i].bytes, s->files[i].size);
}

static const file *named(const snapshot *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->files[i].name, name) == 0)
            return &s->files[i];
    return NULL;
}

/* ---- What is in them -------------------------------------------------------------- */

size_t key_length(const file *f)
{
    uint64_t length = 0;

    if (f->size >= HEADER_SIZE)
        memcpy(&length, f->bytes + sizeof length, sizeof length);
    return (size_t)length;
}

const file *file_with_key(const snapshot *s, const char *begin)
{
    for (size_t i = 0; i < s->count; i++)
        if (key_length(&s->files[i]) >= strlen(begin) &&
            memcmp(s->files[i].bytes + HEADER_SIZE, begin, strlen(begin)) == 0)
            return &s->files[i];
    fail_msg("no file with a key \"%s...\"", begin);
    return NULL;
}

void expect_files(const snapshot *s, bool others)
{
    snapshot now = {.count = 0};

    snapshot_take(&now);
    for (size_t i = 0; i < s->count; i++) {
        const file *is = named(&now, s->files[i].name);

        if (!is)
            fail_msg("%s is gone", s->files[i].name);
        if (is->owner != geteuid() || is->mode != 0600)
            fail_msg("%s is of user %u with mode %o", is->name, is->owner, is->mode);
        if (is->size != s->files[i].size ||
            memcmp(is->bytes, s->files[i].bytes, is->size) != 0)
            fail_msg("%s is not what it was", is->name);
    }
    for (size_t i = 0; i < now.count; i++)
        if (!named(s, now.files[i].name) && (!others || strchr(now.files[i].name, '.')))
            fail_msg("%s is left behind", now.files[i].name);
    snapshot_free(&now);
}
