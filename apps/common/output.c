#define _XOPEN_SOURCE 700 /* realpath */

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is being written, to be removed if the program is told to end at once. */
#define MAX_OPEN 4

static const output *open_outputs[MAX_OPEN];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Puts `to` where `from` is. */
static void replace(const output *from, const output *to)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (open_outputs[i] == from) {
            open_outputs[i] = to;
            return;
        }
}

static void forget(const output *out)
{
    pthread_mutex_lock(&lock);
    replace(out, NULL);
    pthread_mutex_unlock(&lock);
}

static bool fail_path(failure *why, const char *path, int error)
{
    return fail_with(why, EXIT_INPUT, "cannot write %s: %s", path, strerror(error));
}

bool output_is_device(const char *path)
{
    struct stat info;

    if (strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/stderr") == 0 ||
        strncmp(path, "/dev/fd/", 8) == 0)
        return true;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

bool output_ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), tail = strlen(end);

    return length > tail && strcmp(path + length - tail, end) == 0;
}

/* Where `path` really is, whether it is to be written directly, and the permissions of
 * the file there; 0: there is none. */
static bool resolve(output *out, const char *path, bool *direct, mode_t *mode,
                    failure *why)
{
    struct stat info;

    *direct = output_is_device(path);
    *mode = 0;
    if (!*direct && stat(path, &info) == 0) {
        char *real;

        if (S_ISDIR(info.st_mode))
            return fail_path(why, path, EISDIR);
        if ((real = realpath(path, NULL)) != NULL) {
            /* A rename only asks the directory; a file set read-only means it. */
            const int denied = access(real, W_OK) ? errno : 0;
            const size_t length = strlen(real);

            if (length < sizeof out->target)
                memcpy(out->target, real, length + 1);
            free(real);
            *mode = info.st_mode & 0777;
            if (denied)
                return fail_path(why, path, denied);
            if (length < sizeof out->target)
                return true;
            return fail_path(why, path, ENAMETOOLONG);
        }
    }
    if (strlen(path) >= sizeof out->target)
        return fail_path(why, path, ENAMETOOLONG);
    strcpy(out->target, path);
    return true;
}

/* A temporary file beside the target, and a note of it. -1 and errno if there can be
 * none. */
static int open_temporary(output *out, mode_t mode)
{
    int fd = -1, error;

    pthread_mutex_lock(&lock);
    for (unsigned try = 0; try < 100; try++) {
        snprintf(out->temporary, sizeof out->temporary, "%s.%ld-%u.tmp", out->target,
                 (long)getpid(), try);
        fd = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL, mode ? mode : 0666);
        if (fd >= 0 || errno != EEXIST)
            break;
    }
    error = errno;
    if (fd < 0)
        out->temporary[0] = '\0';
    else
        replace(NULL, out);
    pthread_mutex_unlock(&lock);
    if (fd >= 0 && mode)
        fchmod(fd, mode); /* past the umask; if not, it is stricter than before */
    errno = error;
    return fd;
}

bool output_open(output *out, const char *path, failure *why)
{
    bool direct;
    mode_t mode;
    int fd;

    *out = (output){0};
    if (!resolve(out, path, &direct, &mode, why))
        return false;
    fd = direct ? open(out->target, O_WRONLY | O_APPEND) : open_temporary(out, mode);
    if (fd < 0)
        return fail_path(why, path, errno);
    out->file = fdopen(fd, "wb");
    if (!out->file) {
        const int error = errno;

        close(fd);
        output_abandon(out);
        return fail_path(why, path, error);
    }
    return true;
}

bool output_probe(const char *path, failure *why)
{
    output out;

    /* Opening a pipe would wait for its reader, and closing it would end it. */
    if (output_is_device(path))
        return access(path, W_OK) == 0 || fail_path(why, path, errno);
    if (!output_open(&out, path, why))
        return false;
    output_abandon(&out);
    return true;
}

bool output_finish(output *out, failure *why)
{
    const bool written = !ferror(out->file) && fflush(out->file) == 0;
    int error = written ? 0 : errno ? errno : EIO;

    if (fclose(out->file) != 0 && !error)
        error = errno;
    out->file = NULL;
    if (error) {
        output_abandon(out);
        return fail_path(why, out->target, error);
    }
    return true;
}

bool output_commit(output *out, failure *why)
{
    if (out->file && !output_finish(out, why))
        return false;
    if (out->temporary[0] && rename(out->temporary, out->target) != 0) {
        const int error = errno;

        output_abandon(out);
        return fail_path(why, out->target, error);
    }
    forget(out);
    return true;
}

void output_abandon(output *out)
{
    if (out->file)
        fclose(out->file);
    out->file = NULL;
    if (out->temporary[0])
        unlink(out->temporary);
    forget(out);
}

void output_remove_temporaries(void)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_OPEN; i++)
        if (open_outputs[i])
            unlink(open_outputs[i]->temporary);
    /* Stays locked: nothing more is to be made. */
}
