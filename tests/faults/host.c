#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST_FILES 1024

enum {
    MALLOC,
    CALLOC,
    REALLOC,
    STRDUP,
    REALPATH,
    OPEN,
    MKSTEMP,
    FOPEN,
    READ,
    WRITE,
    FSYNC,
    CLOSE,
    RENAME,
    MKDIR,
    CALLS
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static host_plan plan;
static bool paused;
static long counted, blocks, files;
static double jump, jumped;
static bool is_file[MOST_FILES];
static fail_count counts[CALLS] = {
    {"malloc", 0, 0},   {"calloc", 0, 0}, {"realloc", 0, 0}, {"strdup", 0, 0},
    {"realpath", 0, 0}, {"open", 0, 0},   {"mkstemp", 0, 0}, {"fopen", 0, 0},
    {"read", 0, 0},     {"write", 0, 0},  {"fsync", 0, 0},   {"close", 0, 0},
    {"rename", 0, 0},   {"mkdir", 0, 0},
};

/* ---- Whose turn it is ------------------------------------------------------------- */

/* Signals come in a row, but not for ever. */
static long last_to_fail(void)
{
    return plan.once ? plan.nth : plan.code == EINTR ? plan.nth + 2 : LONG_MAX;
}

static bool fails(int call)
{
    const host_kind kind = call <= REALPATH ? HOST_MEMORY : HOST_FILES;
    bool now = false;

    pthread_mutex_lock(&lock);
    if (!paused) {
        counts[call].calls++;
        if (kind == plan.kind) {
            counted++;
            now = plan.nth > 0 && counted >= plan.nth && counted <= last_to_fail();
        }
        counts[call].failed += now;
    }
    pthread_mutex_unlock(&lock);
    if (now)
        errno = plan.code;
    return now;
}

/* As fails, for what cannot be done by half. */
static bool fails_whole(int call)
{
    return fails(call) && plan.code != 0;
}

static void *allocated(void *block)
{
    pthread_mutex_lock(&lock);
    blocks += block != NULL;
    pthread_mutex_unlock(&lock);
    return block;
}

static int opened(int fd)
{
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < MOST_FILES) {
        is_file[fd] = true;
        files++;
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

static bool is_open_file(int fd)
{
    bool is;

    pthread_mutex_lock(&lock);
    is = fd >= 0 && fd < MOST_FILES && is_file[fd];
    pthread_mutex_unlock(&lock);
    return is;
}

static void closed(int fd)
{
    pthread_mutex_lock(&lock);
    is_file[fd] = false;
    files--;
    pthread_mutex_unlock(&lock);
}

/* ---- Memory ----------------------------------------------------------------------- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
char *__real_strdup(const char *text);
char *__real_realpath(const char *path, char *resolved);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
char *__wrap_strdup(const char *text);
char *__wrap_realpath(const char *path, char *resolved);

void *__wrap_malloc(size_t size)
{
    return fails(MALLOC) ? NULL : allocated(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails(CALLOC) ? NULL : allocated(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    void *moved;

    if (fails(REALLOC))
        return NULL;
    moved = __real_realloc(block, size);
    return block ? moved : allocated(moved);
}

void __wrap_free(void *block)
{
    pthread_mutex_lock(&lock);
    blocks -= block != NULL;
    pthread_mutex_unlock(&lock);
    __real_free(block);
}

char *__wrap_strdup(const char *text)
{
    return fails(STRDUP) ? NULL : allocated(__real_strdup(text));
}

char *__wrap_realpath(const char *path, char *resolved)
{
    char *result;

    if (fails(REALPATH))
        return NULL;
    result = __real_realpath(path, resolved);
    return resolved ? result : allocated(result);
}

/* ---- Files ------------------------------------------------------------------------ */

int __real_open(const char *path, int flags, ...);
int __real_mkstemp(char *path);
FILE *__real_fopen(const char *path, const char *mode);
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __real_write(int fd, const void *buffer, size_t size);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_rename(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);

int __wrap_open(const char *path, int flags, ...);
int __wrap_mkstemp(char *path);
FILE *__wrap_fopen(const char *path, const char *mode);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_write(int fd, const void *buffer, size_t size);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);

int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list args;

    if (fails_whole(OPEN))
        return -1;
    if (flags & O_CREAT) {
        va_start(args, flags);
        mode = (mode_t)va_arg(args, int);
        va_end(args);
    }
    return opened(__real_open(path, flags, mode));
}

int __wrap_mkstemp(char *path)
{
    return fails_whole(MKSTEMP) ? -1 : opened(__real_mkstemp(path));
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
    return fails_whole(FOPEN) ? NULL : __real_fopen(path, mode);
}

/* Half of it, but something. */
static size_t half(size_t size)
{
    return size > 1 ? size / 2 : size;
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
    if (!is_open_file(fd) || !fails(READ))
        return __real_read(fd, buffer, size);
    return plan.code ? -1 : __real_read(fd, buffer, half(size));
}

ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
    if (!is_open_file(fd) || !fails(WRITE))
        return __real_write(fd, buffer, size);
    return plan.code ? -1 : __real_write(fd, buffer, half(size));
}

int __wrap_fsync(int fd)
{
    return fails_whole(FSYNC) ? -1 : __real_fsync(fd);
}

/* As Linux has it, the descriptor is closed even so. */
int __wrap_close(int fd)
{
    bool failed = false;
    int result;

    if (is_open_file(fd)) {
        failed = fails_whole(CLOSE);
        closed(fd);
    }
    result = __real_close(fd);
    if (!failed)
        return result;
    errno = plan.code;
    return -1;
}

int __wrap_rename(const char *from, const char *to)
{
    return fails_whole(RENAME) ? -1 : __real_rename(from, to);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    return fails_whole(MKDIR) ? -1 : __real_mkdir(path, mode);
}

/* ---- Time ------------------------------------------------------------------------- */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = __real_clock_gettime(clock, now);

    pthread_mutex_lock(&lock);
    if (jump > 0.0) {
        jumped += jump;
        now->tv_sec = (time_t)jumped;
        now->tv_nsec = (long)((jumped - floor(jumped)) * 1e9);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

void host_clock(double seconds)
{
    pthread_mutex_lock(&lock);
    jump = seconds;
    pthread_mutex_unlock(&lock);
}

/* ---- For the walk ----------------------------------------------------------------- */

void host_arm(const host_plan *new_plan)
{
    pthread_mutex_lock(&lock);
    plan = new_plan ? *new_plan : (host_plan){.nth = 0};
    counted = 0;
    pthread_mutex_unlock(&lock);
}

void host_pause(bool pause)
{
    pthread_mutex_lock(&lock);
    paused = pause;
    pthread_mutex_unlock(&lock);
}

long host_counted(void)
{
    long result;

    pthread_mutex_lock(&lock);
    result = counted;
    pthread_mutex_unlock(&lock);
    return result;
}

bool host_count(size_t index, fail_count *out)
{
    if (index >= CALLS)
        return false;
    pthread_mutex_lock(&lock);
    *out = counts[index];
    pthread_mutex_unlock(&lock);
    return true;
}

long host_blocks(void)
{
    return blocks;
}

long host_files(void)
{
    return files;
}
