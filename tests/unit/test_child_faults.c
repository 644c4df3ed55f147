/* lib/device/child.c and where.c when the system refuses: each call that they make fails
 * in turn. The linker leads those calls here (CMakeLists.txt). */
#define _GNU_SOURCE /* dladdr, pipe2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/child.h"
#include "device/where.h"

/* ---- The system ------------------------------------------------------------------ */

/* The call that fails, the next so many times, and with what. */
static const char *failing = "";
static int times, code;

static void fail_next(const char *call, int how_often, int with)
{
    failing = call;
    times = how_often;
    code = with;
}

static bool fails(const char *call)
{
    if (times == 0 || strcmp(call, failing) != 0)
        return false;
    times--;
    errno = code;
    return true;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails("malloc") ? NULL : __real_malloc(size);
}

int __real_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags)
{
    return fails("pipe2") ? -1 : __real_pipe2(ends, flags);
}

int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, int argument);
int __wrap_fcntl(int fd, int command, int argument)
{
    return fails("fcntl") ? -1 : __real_fcntl(fd, command, argument);
}

int __real_posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions);
int __wrap_posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions);
int __wrap_posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
    return fails("actions") ? code : __real_posix_spawn_file_actions_init(actions);
}

int __real_posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions, int fd,
                                            const char *path, int flags, mode_t mode);
int __wrap_posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions, int fd,
                                            const char *path, int flags, mode_t mode);
int __wrap_posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions, int fd,
                                            const char *path, int flags, mode_t mode)
{
    return fails("addopen") ? code
                            : __real_posix_spawn_file_actions_addopen(actions, fd, path,
                                                                      flags, mode);
}

int __real_posix_spawnattr_init(posix_spawnattr_t *attributes);
int __wrap_posix_spawnattr_init(posix_spawnattr_t *attributes);
int __wrap_posix_spawnattr_init(posix_spawnattr_t *attributes)
{
    return fails("attributes") ? code : __real_posix_spawnattr_init(attributes);
}

int __real_posix_spawnattr_setsigmask(posix_spawnattr_t *attributes,
                                      const sigset_t *set);
int __wrap_posix_spawnattr_setsigmask(posix_spawnattr_t *attributes,
                                      const sigset_t *set);
int __wrap_posix_spawnattr_setsigmask(posix_spawnattr_t *attributes,
                                      const sigset_t *set)
{
    return fails("sigmask") ? code : __real_posix_spawnattr_setsigmask(attributes, set);
}

int __real_posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes,
                                         const sigset_t *set);
int __wrap_posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes,
                                         const sigset_t *set);
int __wrap_posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes,
                                         const sigset_t *set)
{
    return fails("sigdefault") ? code
                               : __real_posix_spawnattr_setsigdefault(attributes, set);
}

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    return fails("poll") ? -1 : __real_poll(fds, count, timeout);
}

ssize_t __real_read(int fd, void *to, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t size)
{
    return fails("read") ? -1 : __real_read(fd, to, size);
}

pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    return fails("waitpid") ? -1 : __real_waitpid(pid, status, options);
}

static const char *own_name; /* what dladdr says, if it is not failing */

int __real_dladdr(const void *address, Dl_info *info);
int __wrap_dladdr(const void *address, Dl_info *info);
int __wrap_dladdr(const void *address, Dl_info *info)
{
    if (fails("dladdr"))
        return 0;
    if (!__real_dladdr(address, info))
        return 0;
    if (own_name)
        info->dli_fname = own_name;
    return 1;
}

char *__real_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved)
{
    return fails("realpath") ? NULL : __real_realpath(path, resolved);
}

/* ---- Children -------------------------------------------------------------------- */

static int open_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += __real_fcntl(fd, F_GETFD) != -1;
    return count;
}

static bool start(tsr__child *child, const char *script)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};

    return tsr__child_start(child, "/bin/sh", arguments, "v", 20000);
}

static void a_call_that_fails_starts_nothing_and_leaves_nothing(void **state)
{
    static const char *const calls[] = {"malloc",  "pipe2",     "fcntl",
                                        "actions", "addopen",   "attributes",
                                        "sigmask", "sigdefault"};
    const int before = open_descriptors();

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        tsr__child child;

        fail_next(calls[i], 1, ENOMEM);
        errno = 0;
        if (start(&child, "exit 0"))
            fail_msg("%s failed, and the child was started", calls[i]);
        assert_int_equal(errno, ENOMEM);
        assert_int_equal(times, 0);
        assert_int_equal(open_descriptors(), before);
    }
}

/* Signals of the caller's: what they interrupt is done again. */
static void what_a_signal_interrupts_is_done_again(void **state)
{
    static const char *const calls[] = {"poll", "read", "waitpid"};

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char text[4] = "", how[64];
        tsr__child child;

        assert_true(start(&child, "printf abc >&3"));
        fail_next(calls[i], 3, EINTR);
        assert_true(tsr__child_read(&child, text, 3));
        assert_string_equal(text, "abc");
        assert_false(tsr__child_read(&child, text, 1));
        tsr__child_end(&child, how, sizeof how);
        assert_int_equal(times, 0);
        assert_string_equal(how, "ended with exit status 0");
    }
}

static void a_pipe_that_cannot_be_read_is_an_end(void **state)
{
    static const char *const calls[] = {"poll", "read"};

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char text[4] = "", how[64];
        tsr__child child;

        assert_true(start(&child, "printf abc >&3; exec sleep 100"));
        fail_next(calls[i], 1, EIO);
        assert_false(tsr__child_read(&child, text, 3));
        assert_int_equal(times, 0);
        tsr__child_end(&child, how, sizeof how);
        assert_string_equal(how, "crashed with SIGKILL");
    }
}

/* ---- Where this code is ----------------------------------------------------------- */

static void a_path_is_absolute_and_fits_or_is_refused(void **state)
{
    char path[4096];

    (void)state;
    assert_true(tsr__absolute_path("/../", path, 2));
    assert_string_equal(path, "/");
    assert_false(tsr__absolute_path("/", path, 1));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_false(tsr__absolute_path("/absent/x", path, sizeof path));
    assert_int_equal(errno, ENOENT);
}

static void code_whose_file_nobody_knows_has_no_path(void **state)
{
    char path[4096];

    (void)state;
    assert_true(tsr__own_path(path, sizeof path));
    fail_next("dladdr", 1, 0);
    assert_false(tsr__own_path(path, sizeof path));
    assert_int_equal(errno, ENOENT);
    own_name = "";
    errno = ENOMEM; /* of something else, earlier */
    assert_false(tsr__own_path(path, sizeof path));
    assert_int_equal(errno, ENOENT);
    own_name = "/";
    fail_next("realpath", 1, ENOMEM);
    assert_false(tsr__own_path(path, sizeof path));
    assert_int_equal(errno, ENOMEM);
    own_name = NULL;
}

/* A program's name may be of any folder, and the system may not say which. */
static void the_name_of_a_program_is_asked_of_the_system(void **state)
{
    char by_system[4096], path[4096];

    (void)state;
    assert_true(tsr__absolute_path("/proc/self/exe", by_system, sizeof by_system));
    own_name = "sh";
    assert_true(tsr__own_path(path, sizeof path));
    assert_string_equal(path, by_system);
    own_name = "."; /* is there, wherever this runs */
    fail_next("realpath", 1, ENOENT);
    assert_true(tsr__own_path(path, sizeof path));
    assert_string_not_equal(path, by_system);
    own_name = "/";
    assert_true(tsr__own_path(path, sizeof path));
    assert_string_equal(path, "/");
    own_name = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_fails_starts_nothing_and_leaves_nothing),
        cmocka_unit_test(what_a_signal_interrupts_is_done_again),
        cmocka_unit_test(a_pipe_that_cannot_be_read_is_an_end),
        cmocka_unit_test(a_path_is_absolute_and_fits_or_is_refused),
        cmocka_unit_test(code_whose_file_nobody_knows_has_no_path),
        cmocka_unit_test(the_name_of_a_program_is_asked_of_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
