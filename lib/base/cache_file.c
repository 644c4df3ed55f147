#include "base/cache_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/cache_sweep.h"
#include "base/checked.h"
#include "base/clock.h"
#include "base/trace.h"

/* What a cache file begins with; the key and the bytes follow. Native byte order: a file
 * from a machine of the other order has the wrong magic. */
typedef struct header {
    uint64_t magic;
    uint64_t key_length;
    uint64_t byte_length;
    uint64_t check_low; /* XXH3-128 of key and bytes */
    uint64_t check_high;
} header;

#define MAGIC        UINT64_C(0x3142525354010a0d) /* changes with the layout */
#define LARGEST_FILE ((off_t)256 << 20)

/* ---- The directory -------------------------------------------------------------- */

/* Fills `why` and returns false. */
TSR__PRINTF(2, 3)
static bool refuse(char why[TSR__CACHE_WHY_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, TSR__CACHE_WHY_SIZE, format, args);
    va_end(args);
    return false;
}

#define ELSEWHERE "set TESSERA_CACHE_DIR to a directory of your own"

static bool directory_is_safe(const char *path, char why[TSR__CACHE_WHY_SIZE])
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return refuse(why, "%s: %s: " ELSEWHERE, path, strerror(errno));
    if (S_ISLNK(st.st_mode))
        return refuse(why,
                      "%s is a link, which is not followed: set TESSERA_CACHE_DIR "
                      "to the directory itself",
                      path);
    if (!S_ISDIR(st.st_mode))
        return refuse(why, "%s is no directory: " ELSEWHERE, path);
    if (st.st_uid != geteuid())
        return refuse(why, "%s belongs to another user (%lu): " ELSEWHERE, path,
                      (unsigned long)st.st_uid);
    if ((st.st_mode & 077) != 0)
        return refuse(why,
                      "%s is open to other users (mode %04o, and 0700 is wanted): "
                      "chmod 700 '%s'",
                      path, (unsigned)st.st_mode & 07777, path);
    return true;
}

static bool directory_is_writable(const char *path, char why[TSR__CACHE_WHY_SIZE])
{
    if (access(path, W_OK | X_OK) == 0)
        return true;
    if (errno == EACCES)
        return refuse(why, "%s cannot be written: chmod 700 '%s'", path, path);
    return refuse(why, "%s cannot be written: %s: " ELSEWHERE, path, strerror(errno));
}

/* mkdir -p with mode 0700; leaves what exists as it is. */
static bool make_directories(char *path)
{
    for (char *slash = path + 1; *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* As the environment names it. */
static bool name_directory(char path[TSR__PATH_SIZE], char why[TSR__CACHE_WHY_SIZE])
{
    const char *own = getenv("TESSERA_CACHE_DIR");
    const char *xdg = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int written;

    if (own && strcmp(own, "off") == 0)
        return refuse(why, "TESSERA_CACHE_DIR is off: unset it, or name a directory");
    if (own && *own)
        written = snprintf(path, TSR__PATH_SIZE, "%s", own);
    else if (xdg && *xdg == '/') /* the XDG rules: a relative path is ignored */
        written = snprintf(path, TSR__PATH_SIZE, "%s/tessera", xdg);
    else if (home && *home == '/')
        written = snprintf(path, TSR__PATH_SIZE, "%s/.cache/tessera", home);
    else
        return refuse(why, "neither TESSERA_CACHE_DIR, XDG_CACHE_HOME nor HOME names a "
                           "directory: " ELSEWHERE);
    return tsr__is_whole(written, TSR__PATH_SIZE) ||
           refuse(why, "the path of the cache directory is too long: " ELSEWHERE);
}

bool tsr__cache_directory_or_why(char path[TSR__PATH_SIZE], bool write,
                                 char why[TSR__CACHE_WHY_SIZE])
{
    if (!name_directory(path, why))
        return false;
    if (!make_directories(path))
        return refuse(why, "%s cannot be made: %s: " ELSEWHERE, path, strerror(errno));
    return directory_is_safe(path, why) && (!write || directory_is_writable(path, why));
}

bool tsr__cache_directory(char path[TSR__PATH_SIZE])
{
    char why[TSR__CACHE_WHY_SIZE];

    if (tsr__cache_directory_or_why(path, false, why))
        return true;
    tsr__trace(TSR__TRACE_CACHE, "not used: %s", why);
    return false;
}

/* ---- Files ---------------------------------------------------------------------- */

bool tsr__cache_file_path(char path[TSR__PATH_SIZE], const char *directory,
                          const char *key, size_t key_length, const char *tail)
{
    XXH128_hash_t name = XXH3_128bits(key, key_length);
    int written =
        snprintf(path, TSR__PATH_SIZE, "%s/%016llx%016llx%s", directory,
                 (unsigned long long)name.high64, (unsigned long long)name.low64, tail);

    return tsr__is_whole(written, TSR__PATH_SIZE);
}

static XXH128_hash_t checksum(const char *key, size_t key_length,
                              const unsigned char *bytes, size_t length)
{
    XXH128_hash_t of_key = XXH3_128bits(key, key_length);

    return XXH3_128bits_withSeed(bytes, length, of_key.low64);
}

static bool read_all(int fd, void *buffer, size_t length)
{
    char *at = buffer;

    while (length > 0) {
        ssize_t got = read(fd, at, length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

static bool write_all(int fd, const void *buffer, size_t length)
{
    const char *at = buffer;

    while (length > 0) {
        ssize_t put = write(fd, at, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        length -= (size_t)put;
    }
    return true;
}

/* Reads header, key and bytes from an open file that has passed for one of ours. */
static bool read_contents(int fd, off_t size, const char *key, size_t key_length,
                          unsigned char **bytes, size_t *length)
{
    header head;
    char *stored_key = NULL;
    unsigned char *stored = NULL;

    if (!read_all(fd, &head, sizeof head) || head.magic != MAGIC ||
        head.key_length != key_length || head.byte_length == 0 ||
        head.byte_length != (uint64_t)size - sizeof head - key_length)
        return false;
    stored_key = malloc(key_length);
    stored = malloc((size_t)head.byte_length);
    if (stored_key && stored && read_all(fd, stored_key, key_length) &&
        memcmp(stored_key, key, key_length) == 0 &&
        read_all(fd, stored, (size_t)head.byte_length)) {
        XXH128_hash_t check =
            checksum(key, key_length, stored, (size_t)head.byte_length);

        if (check.low64 == head.check_low && check.high64 == head.check_high) {
            free(stored_key);
            *bytes = stored;
            *length = (size_t)head.byte_length;
            return true;
        }
    }
    free(stored_key);
    free(stored);
    return false;
}

bool tsr__cache_file_read(const char *directory, const char *key, size_t key_length,
                          unsigned char **bytes, size_t *length)
{
    char path[TSR__PATH_SIZE];
    struct stat st;
    bool ok;
    int fd;

    *bytes = NULL;
    *length = 0;
    if (!tsr__cache_file_path(path, directory, key, key_length, ""))
        return false;
    /* O_NONBLOCK: a fifo in the file's place must not hang us. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        tsr__trace(TSR__TRACE_CACHE, "miss: %s: %s", path, strerror(errno));
        return false;
    }
    ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
         (st.st_mode & 022) == 0 && st.st_size <= LARGEST_FILE &&
         st.st_size > (off_t)(sizeof(header) + key_length) &&
         read_contents(fd, st.st_size, key, key_length, bytes, length);
    close(fd);
    tsr__trace(TSR__TRACE_CACHE, "%s: %s", ok ? "hit" : "ignored, not as we write them",
               path);
    return ok;
}

bool tsr__cache_file_write(const char *directory, const char *key, size_t key_length,
                           const unsigned char *bytes, size_t length)
{
    char path[TSR__PATH_SIZE];
    char temporary[TSR__PATH_SIZE];
    XXH128_hash_t check = checksum(key, key_length, bytes, length);
    header head = {MAGIC, key_length, length, check.low64, check.high64};
    int fd;
    bool ok;

    if (!tsr__cache_file_path(path, directory, key, key_length, "") ||
        !tsr__cache_file_path(temporary, directory, key, key_length,
                              TSR__CACHE_UNFINISHED))
        return false;
    tsr__cache_sweep(directory);
    fd = mkstemp(temporary); /* mode 0600 */
    if (fd < 0) {
        tsr__trace(TSR__TRACE_CACHE, "cannot write in %s: %s", directory,
                   strerror(errno));
        return false;
    }
    ok = write_all(fd, &head, sizeof head) && write_all(fd, key, key_length) &&
         write_all(fd, bytes, length) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && rename(temporary, path) == 0;
    if (ok) {
        tsr__trace(TSR__TRACE_CACHE, "stored: %s (%zu bytes)", path, length);
    } else {
        tsr__trace(TSR__TRACE_CACHE, "cannot write %s: %s", path, strerror(errno));
        unlink(temporary);
    }
    return ok;
}

/* ---- One process at a time -------------------------------------------------------- */

#define LOCK_SECONDS 2.0

/* The directory itself is locked: no file for it can be left over, or be lost. */
int tsr__cache_lock(const char *directory)
{
    const struct timespec moment = {0, 2000000};
    const double deadline = tsr__seconds() + LOCK_SECONDS;
    int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    while (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if ((errno == EWOULDBLOCK || errno == EINTR) && tsr__seconds() < deadline) {
            nanosleep(&moment, NULL);
            continue;
        }
        tsr__trace(TSR__TRACE_CACHE, "%s is not locked: %s", directory,
                   strerror(errno));
        close(lock);
        lock = -1;
    }
    return lock;
}

void tsr__cache_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
