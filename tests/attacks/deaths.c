/* deaths.c: the victim is killed at the n-th thing it does to the disk, if $DIE_AT says
 * so: "any 7" dies before the 7th, "half 2" in the middle of the 2nd write.
 *
 * Linked into the victim (--wrap), where it sees the library's calls and not the drivers',
 * which keep files of their own.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int __real_mkdir(const char *path, mode_t mode);
int __real_mkstemp(char *path);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);

int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkstemp(char *path);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);

static void die(void)
{
    raise(SIGKILL);
}

/* Whether this is the time; one of `way` has come. */
static bool is_time(const char *way, int *seen)
{
    const char *when = getenv("DIE_AT");
    size_t length = strlen(way);

    return when && strncmp(when, way, length) == 0 && when[length] == ' ' &&
           ++*seen == atoi(when + length + 1);
}

static void count(void)
{
    static int seen;

    if (is_time("any", &seen))
        die();
}

/* Most find the folder there; those change nothing and are not counted. */
int __wrap_mkdir(const char *path, mode_t mode)
{
    if (access(path, F_OK) != 0)
        count();
    return __real_mkdir(path, mode);
}

int __wrap_mkstemp(char *path)
{
    count();
    return __real_mkstemp(path);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    static int halves;

    count();
    if (is_time("half", &halves)) {
        __real_write(fd, bytes, size / 2);
        die();
    }
    return __real_write(fd, bytes, size);
}

int __wrap_fsync(int fd)
{
    count();
    return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
    count();
    return __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
    count();
    return __real_unlink(path);
}
