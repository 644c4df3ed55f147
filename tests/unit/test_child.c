/* lib/device/child.c: a program beside this one, read from and always ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "device/child.h"

/* Starts a shell with this script. */
static tsr__child start(const char *script, const char *vendors, int milliseconds)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    tsr__child child;

    assert_true(tsr__child_start(&child, "/bin/sh", arguments, vendors, milliseconds));
    return child;
}

static void what_it_writes_is_read_in_whole_records(void **state)
{
    tsr__child child = start("printf abc >&3; sleep 0.1; printf def >&3", NULL, 20000);
    char text[8] = "", how[64];

    (void)state;
    assert_true(tsr__child_read(&child, text, 5));
    assert_string_equal(text, "abcde");
    assert_false(tsr__child_read(&child, text, 2)); /* one byte, and the end */
    tsr__child_end(&child, how, sizeof how);
    assert_string_equal(how, "ended with exit status 0");
}

static void a_crash_is_told_by_its_signal(void **state)
{
    static const struct {
        const char *script, *how;
    } crashes[] = {
        {"printf ab >&3; kill -ABRT $$", "crashed with SIGABRT"},
        {"kill -ALRM $$", "crashed with SIGALRM"},
        {"kill -BUS $$", "crashed with SIGBUS"},
        {"kill -FPE $$", "crashed with SIGFPE"},
        {"kill -ILL $$", "crashed with SIGILL"},
        {"kill -KILL $$", "crashed with SIGKILL"},
        {"kill -SEGV $$", "crashed with SIGSEGV"},
        {"kill -TERM $$", "crashed with SIGTERM"},
        {"kill -10 $$", "crashed with signal 10"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        tsr__child child = start(crashes[i].script, NULL, 20000);
        char text[8], how[64];

        assert_false(tsr__child_read(&child, text, 8));
        tsr__child_end(&child, how, sizeof how);
        assert_string_equal(how, crashes[i].how);
    }
}

static void an_exit_status_is_told(void **state)
{
    tsr__child child = start("exit 7", NULL, 20000);
    char text[1], how[64];

    (void)state;
    assert_false(tsr__child_read(&child, text, 1));
    tsr__child_end(&child, how, sizeof how);
    assert_string_equal(how, "ended with exit status 7");
}

static void one_that_hangs_is_cut_off_and_gone(void **state)
{
    tsr__child child = start("printf a >&3; exec sleep 100", NULL, 300);
    double begin = tsr__seconds();
    char text[8], how[64];

    (void)state;
    assert_false(tsr__child_read(&child, text, 2));
    tsr__child_end(&child, how, sizeof how);
    assert_string_equal(how, "did not answer within 0.3 s");
    assert_true(tsr__seconds() - begin < 20);
    assert_int_equal(kill(child.pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

/* Stops this process and the child together, as Ctrl-Z does, for a second. */
static pid_t stop_both(const tsr__child *child)
{
    const pid_t self = getpid(), stopper = fork();

    assert_true(stopper >= 0);
    if (stopper == 0) {
        kill(child->pid, SIGSTOP);
        kill(self, SIGSTOP);
        sleep(1);
        kill(self, SIGCONT); /* the first to go on finds nothing to read yet */
        nanosleep(&(struct timespec){0, 100000000}, NULL);
        kill(child->pid, SIGCONT);
        _exit(0);
    }
    return stopper;
}

static void time_in_which_all_stand_still_is_not_the_childs(void **state)
{
    tsr__child child = start("sleep 0.2; printf ab >&3", NULL, 900);
    const double begin = tsr__seconds();
    const pid_t stopper = stop_both(&child);
    char text[3] = "", how[64];

    (void)state;
    assert_true(tsr__child_read(&child, text, 2));
    assert_string_equal(text, "ab");
    assert_true(tsr__seconds() - begin >= 1.0);
    tsr__child_end(&child, how, sizeof how);
    assert_int_equal(waitpid(stopper, NULL, 0), stopper);
}

static void one_that_closes_the_pipe_and_goes_on_is_ended(void **state)
{
    tsr__child child = start("exec 3>&-; exec sleep 100", NULL, 20000);
    double begin = tsr__seconds();
    char text[1], how[64];

    (void)state;
    assert_false(tsr__child_read(&child, text, 1));
    tsr__child_end(&child, how, sizeof how);
    assert_string_equal(how, "crashed with SIGKILL");
    assert_true(tsr__seconds() - begin < 15);
}

static void its_vendors_are_what_was_asked_for(void **state)
{
    char text[16] = "", how[64];
    tsr__child child;

    (void)state;
    setenv("OCL_ICD_VENDORS", "here", 1);
    child = start("printf %s \"$OCL_ICD_VENDORS\" >&3", "elsewhere", 20000);
    assert_true(tsr__child_read(&child, text, 9));
    assert_string_equal(text, "elsewhere");
    tsr__child_end(&child, how, sizeof how);
    memset(text, 0, sizeof text);
    child = start("printf %s \"$OCL_ICD_VENDORS\" >&3", NULL, 20000);
    assert_true(tsr__child_read(&child, text, 4));
    assert_string_equal(text, "here");
    tsr__child_end(&child, how, sizeof how);
    assert_string_equal(getenv("OCL_ICD_VENDORS"), "here");
}

static void what_it_prints_goes_nowhere(void **state)
{
    tsr__child child = start("readlink /proc/self/fd/0 /proc/self/fd/1 >&3; "
                             "readlink /proc/$$/fd/2 /proc/$$/fd/1 >&3",
                             NULL, 20000);
    char text[10] = "", how[64];

    (void)state;
    assert_true(tsr__child_read(&child, text, 9));
    assert_string_equal(text, "/dev/null");
    tsr__child_end(&child, how, sizeof how);
}

static void a_program_that_is_not_there_does_not_start(void **state)
{
    const char *const arguments[] = {"x", NULL};
    tsr__child child;

    (void)state;
    assert_false(tsr__child_start(&child, "/dev/null/x", arguments, "v", 1000));
    assert_int_equal(errno, ENOTDIR);
}

static int open_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static void no_descriptor_is_left_behind(void **state)
{
    const char *const arguments[] = {"x", NULL};
    int before = open_descriptors();
    tsr__child child;
    char text[1], how[64];

    (void)state;
    child = start("exit 0", NULL, 20000);
    assert_false(tsr__child_read(&child, text, 1));
    tsr__child_end(&child, how, sizeof how);
    assert_false(tsr__child_start(&child, "/dev/null/x", arguments, NULL, 1000));
    assert_int_equal(open_descriptors(), before);
}

static void a_caller_that_ignores_sigchld_is_served_too(void **state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    tsr__child child;
    char text[1], how[64];

    (void)state;
    assert_int_equal(sigaction(SIGCHLD, &ignore, &before), 0);
    child = start("kill -ABRT $$", NULL, 20000);
    assert_false(tsr__child_read(&child, text, 1));
    tsr__child_end(&child, how, sizeof how);
    assert_string_equal(how, "ended unexpectedly");
    assert_int_equal(sigaction(SIGCHLD, &before, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_writes_is_read_in_whole_records),
        cmocka_unit_test(a_crash_is_told_by_its_signal),
        cmocka_unit_test(an_exit_status_is_told),
        cmocka_unit_test(one_that_hangs_is_cut_off_and_gone),
        cmocka_unit_test(time_in_which_all_stand_still_is_not_the_childs),
        cmocka_unit_test(one_that_closes_the_pipe_and_goes_on_is_ended),
        cmocka_unit_test(its_vendors_are_what_was_asked_for),
        cmocka_unit_test(what_it_prints_goes_nowhere),
        cmocka_unit_test(a_program_that_is_not_there_does_not_start),
        cmocka_unit_test(no_descriptor_is_left_behind),
        cmocka_unit_test(a_caller_that_ignores_sigchld_is_served_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
