#include "life.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "places.h"

enum { TOO_LONG = 60000 }; /* moments; then it hangs */

static void stderr_path(pid_t victim, char path[128])
{
    snprintf(path, 128, "%s/said-%d", folder, (int)victim);
}

pid_t victim_start(const char *argument)
{
    pid_t victim = fork();

    assert_true(victim >= 0);
    if (victim == 0) {
        char path[128];
        int fd;

        stderr_path(getpid(), path);
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
            _exit(125);
        close(fd);
        setenv("TESSERA_TRACE", "cache,router", 1);
        execl(VICTIM, "victim", argument, (char *)NULL);
        _exit(126);
    }
    return victim;
}

/* Reads and removes what it said. */
static const char *said_by(pid_t victim)
{
    static char text[1 << 16];
    char path[128];
    ssize_t got;
    int fd;

    stderr_path(victim, path);
    fd = open(path, O_RDONLY);
    got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    text[got < 0 ? 0 : got] = '\0';
    if (fd >= 0)
        close(fd);
    unlink(path);
    return text;
}

/* How it ends; false if it does not. Its time is counted in moments of this process, so
 * that none passes while all stands still: an alarm would ring for a program that was
 * stopped. */
static bool ends(pid_t victim, int *how)
{
    const struct timespec moment = {0, 2000000};

    for (int waited = 0; waited < TOO_LONG; waited++) {
        if (waitpid(victim, how, WNOHANG) == victim)
            return true;
        nanosleep(&moment, NULL);
    }
    kill(victim, SIGKILL);
    waitpid(victim, how, 0);
    return false;
}

/* As victim_end; *said is what it said. */
static bool wait_for(pid_t victim, bool may_die, const char **said)
{
    int how = 0;
    const bool ended = ends(victim, &how);

    *said = said_by(victim);
    if (!ended)
        fail_msg("the victim hangs: %s", *said);
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return true;
    if (may_die && WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL)
        return false;
    fail_msg("the victim %s %d: %s", WIFSIGNALED(how) ? "died of signal" : "exited",
             WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how), *said);
    return false;
}

bool victim_end(pid_t victim, bool may_die)
{
    const char *said;

    return wait_for(victim, may_die, &said);
}

const char *victim_run(const char *argument)
{
    const char *said;

    wait_for(victim_start(argument), false, &said);
    return said;
}
