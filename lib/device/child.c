#include "device/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "device/where.h"

extern char **environ;

/* ---- Start ----------------------------------------------------------------------- */

/* The environment with OCL_ICD_VENDORS=vendors. The array and its last text are one
 * allocation; the other texts are lent by environ. */
static char **environment_with(const char *vendors)
{
    static const char name[] = "OCL_ICD_VENDORS=";
    size_t count = 0, kept = 0, text_size = sizeof name + strlen(vendors);
    char **copy, *text;

    while (environ[count])
        count++;
    copy = malloc((count + 2) * sizeof *copy + text_size);
    if (!copy)
        return NULL;
    text = (char *)(copy + count + 2);
    snprintf(text, text_size, "%s%s", name, vendors);
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], name, sizeof name - 1) != 0)
            copy[kept++] = environ[i];
    copy[kept++] = text;
    copy[kept] = NULL;
    return copy;
}

/* The caller may ignore or block signals that tell us how the child ended. */
static int set_signals(posix_spawnattr_t *attributes)
{
    static const int signals[] = {SIGABRT, SIGALRM, SIGBUS,  SIGCHLD,
                                  SIGFPE,  SIGILL,  SIGPIPE, SIGSEGV};
    sigset_t defaults, none;
    int error;

    sigemptyset(&none);
    sigemptyset(&defaults);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaddset(&defaults, signals[i]);
    if ((error = posix_spawnattr_setsigmask(attributes, &none)) ||
        (error = posix_spawnattr_setsigdefault(attributes, &defaults)))
        return error;
    return posix_spawnattr_setflags(attributes,
                                    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int set_descriptors(posix_spawn_file_actions_t *actions, int write_end)
{
    int error = posix_spawn_file_actions_adddup2(actions, write_end, TSR__CHILD_FD);

    for (int fd = 0; fd <= 2 && !error; fd++)
        error = posix_spawn_file_actions_addopen(actions, fd, "/dev/null",
                                                 fd == 0 ? O_RDONLY : O_WRONLY, 0);
    return error;
}

static int spawn(pid_t *pid, const char *path, const char *const *arguments,
                 char **environment, int write_end)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error)
        goto fail_attributes;
    /* posix_spawn's prototype lacks the const it keeps to. */
    if (!(error = set_signals(&attributes)) &&
        !(error = set_descriptors(&actions, write_end)))
        error = posix_spawn(pid, path, &actions, &attributes, (char **)arguments,
                            environment);
    posix_spawnattr_destroy(&attributes);
fail_attributes:
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

bool tsr__child_start(tsr__child *child, const char *path, const char *const *arguments,
                      const char *vendors, int milliseconds)
{
    char **environment = vendors ? environment_with(vendors) : environ;
    int ends[2], write_end, error;

    if (!environment)
        return false;
    if (!tsr__pipe(ends)) {
        error = errno;
        goto fail_pipe;
    }
    /* Above the child's descriptors, or setting those up could close it. */
    write_end = fcntl(ends[1], F_DUPFD_CLOEXEC, TSR__CHILD_FD + 1);
    close(ends[1]);
    if (write_end < 0) {
        error = errno;
        goto fail_write_end;
    }
    error = spawn(&child->pid, path, arguments, environment, write_end);
    close(write_end);
    if (error)
        goto fail_spawn;
    if (vendors)
        free(environment);
    child->fd = ends[0];
    child->milliseconds = milliseconds;
    child->left = 1e-3 * milliseconds;
    child->late = false;
    return true;

fail_spawn:
fail_write_end:
    close(ends[0]);
fail_pipe:
    if (vendors)
        free(environment);
    errno = error;
    return false;
}

/* ---- Read ------------------------------------------------------------------------ */

#define MOMENT 0.1 /* seconds */

/* Waits until there is something to read; false when the child's time is up. It is waited
 * for in moments, and none counts for more: a program that is stopped and goes on, as from
 * a shell, finds that hours have passed in which the child stood still, too. */
static bool wait_readable(tsr__child *child)
{
    while (child->left > 0) {
        struct pollfd poll_fd = {child->fd, POLLIN, 0};
        const double moment = child->left < MOMENT ? child->left : MOMENT;
        const double start = tsr__seconds();
        const int ready = poll(&poll_fd, 1, (int)(moment * 1e3) + 1);
        double passed = tsr__seconds() - start;

        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
        child->left -= passed < moment ? passed : moment;
    }
    child->late = true;
    return false;
}

bool tsr__child_read(tsr__child *child, void *buffer, size_t bytes)
{
    char *at = buffer;

    while (bytes > 0) {
        ssize_t got;

        if (!wait_readable(child))
            return false;
        got = read(child->fd, at, bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        bytes -= (size_t)got;
    }
    return true;
}

/* ---- End ------------------------------------------------------------------------- */

static const char *signal_name(int number)
{
    switch (number) {
    case SIGABRT:
        return "SIGABRT";
    case SIGALRM:
        return "SIGALRM";
    case SIGBUS:
        return "SIGBUS";
    case SIGFPE:
        return "SIGFPE";
    case SIGILL:
        return "SIGILL";
    case SIGKILL:
        return "SIGKILL";
    case SIGSEGV:
        return "SIGSEGV";
    case SIGTERM:
        return "SIGTERM";
    default:
        return NULL;
    }
}

void tsr__child_end(tsr__child *child, char *how, size_t size)
{
    int status = 0;
    pid_t waited;

    /* If it said all it had to say, or closed the pipe by ending, this changes nothing:
     * how a process ends is settled before its descriptors are closed. */
    kill(child->pid, SIGKILL);
    close(child->fd);
    do
        waited = waitpid(child->pid, &status, 0);
    while (waited < 0 && errno == EINTR);

    if (child->late)
        snprintf(how, size, "did not answer within %g s", 1e-3 * child->milliseconds);
    else if (waited < 0) /* the caller's SIGCHLD handler was quicker */
        snprintf(how, size, "ended unexpectedly");
    else if (WIFSIGNALED(status) && signal_name(WTERMSIG(status)))
        snprintf(how, size, "crashed with %s", signal_name(WTERMSIG(status)));
    else if (WIFSIGNALED(status))
        snprintf(how, size, "crashed with signal %d", WTERMSIG(status));
    else
        snprintf(how, size, "ended with exit status %d", WEXITSTATUS(status));
}
