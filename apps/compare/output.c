#define _XOPEN_SOURCE 700 /* realpath */

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_path(failure *why, const char *path, int error)
{
    return fail_with(why, EXIT_INPUT, "cannot write %s: %s", path, strerror(error));
}

/* Where `path` really is, and whether it is to be written directly. */
static bool resolve(output *out, const char *path, bool *direct, failure *why)
{
    struct stat info;

    *direct = false;
    if (stat(path, &info) == 0) {
        char *real;

        if (S_ISDIR(info.st_mode))
            return fail_path(why, path, EISDIR);
        if (!S_ISREG(info.st_mode)) {
            *direct = true;
        } else if ((real = realpath(path, NULL)) != NULL) {
            /* A rename only asks the directory; a file set read-only means it. */
            const int denied = access(real, W_OK) ? errno : 0;
            const size_t length = strlen(real);

            if (length < sizeof out->target)
                memcpy(out->target, real, length + 1);
            free(real);
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

bool output_open(output *out, const char *path, failure *why)
{
    int fd = -1;
    bool direct;

    *out = (output){0};
    if (!resolve(out, path, &direct, why))
        return false;
    if (direct) {
        fd = open(out->target, O_WRONLY);
    } else {
        for (unsigned try = 0; try < 100; try++) {
            snprintf(out->temporary, sizeof out->temporary, "%s.%ld-%u.tmp",
                     out->target, (long)getpid(), try);
            fd = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
            if (fd >= 0 || errno != EEXIST)
                break;
        }
    }
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
    struct stat info;
    output out;

    /* Opening a pipe would wait for its reader, and closing it would end it. */
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        return access(path, W_OK) == 0 || fail_path(why, path, errno);
    if (!output_open(&out, path, why))
        return false;
    output_abandon(&out);
    return true;
}

bool output_commit(output *out, failure *why)
{
    const bool written = !ferror(out->file) && fflush(out->file) == 0;
    int error = written ? 0 : errno ? errno : EIO;

    if (fclose(out->file) != 0 && !error)
        error = errno;
    out->file = NULL;
    if (!error && out->temporary[0] && rename(out->temporary, out->target) != 0)
        error = errno;
    if (error) {
        output_abandon(out);
        return fail_path(why, out->target, error);
    }
    return true;
}

void output_abandon(output *out)
{
    if (out->file)
        fclose(out->file);
    out->file = NULL;
    if (out->temporary[0])
        unlink(out->temporary);
}
