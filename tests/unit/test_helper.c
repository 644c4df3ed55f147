/* lib/device/ask.c: a helper that is missing, of another build, or that ends early.
 *
 * The helper is looked for beside the program, so this one runs copies of itself from a
 * folder: as `alone list`, which prints what it finds, and, where the case has one, as
 * tessera-ask, which does what $FAKE_ASK says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera/device.h>

#include "device/ask.h"
#include "device/child.h"
#include "device/message.h"

static const char *self;
static char folder[] = "/tmp/helper-XXXXXX";

/* ---- The helper -------------------------------------------------------------------- */

static bool does(const char *what)
{
    return strcmp(getenv("FAKE_ASK"), what) == 0;
}

static tsr__message message(tsr__message_kind kind)
{
    tsr__message m = {.magic = TSR__MESSAGE_MAGIC, .size = sizeof m, .kind = kind};

    strcpy(m.version, tsr_version());
    return m;
}

static void send_message(const tsr__message *m)
{
    if (write(TSR__CHILD_FD, m, sizeof *m) != (ssize_t)sizeof *m)
        _exit(1);
}

static void send_end(void)
{
    const tsr__message end = message(TSR__MESSAGE_END);

    send_message(&end);
    _exit(0);
}

/* A device that no driver has. */
static void send_device(bool usable)
{
    tsr__message m = message(TSR__MESSAGE_ENTRY);

    m.entry.usable = usable;
    strcpy(m.entry.info.platform, "Nobody's");
    strcpy(m.entry.info.name, "device");
    if (!usable)
        strcpy(m.entry.reason, "it is not well");
    send_message(&m);
}

static void send_failure(tsr_status status, const char *detail)
{
    tsr__message m = message(TSR__MESSAGE_FAILED);

    m.status = status;
    strcpy(m.detail, detail);
    send_message(&m);
    _exit(0);
}

static void send_hello(void)
{
    tsr__message hello = message(does("kind") ? TSR__MESSAGE_END : TSR__MESSAGE_HELLO);

    hello.magic += does("magic");
    hello.size += does("size");
    hello.version[0] = does("version") ? 'x' : hello.version[0];
    send_message(&hello);
}

static int answer_selftest(void)
{
    if (does("gone"))
        send_failure(TSR_ERROR_NO_DEVICE, "it is gone");
    if (does("no memory"))
        send_failure(TSR_ERROR_HOST_MEMORY, "there is none");
    if (does("mute"))
        return 0; /* and says no end: it would be killed on its way out */
    send_device(!does("unwell"));
    send_end();
    return 0;
}

static int be_helper(int argc)
{
    if (does("nothing"))
        return 3;
    while (does("hang"))
        pause();
    send_hello();
    if (does("fail"))
        send_failure(TSR_ERROR_HOST_MEMORY, "told so");
    if (argc > 2)
        return answer_selftest();
    send_device(true);
    if (does("cut"))
        return 4;
    if (does("leave")) {
        char path[PATH_MAX] = "";

        if (readlink("/proc/self/exe", path, sizeof path - 1) < 0 || unlink(path))
            _exit(1);
    }
    send_end();
    return 0;
}

/* ---- The program ------------------------------------------------------------------- */

static int list(void)
{
    tsr_device_list *found;
    tsr_status status = TSR_OK;

    atomic_store(&tsr__ask_milliseconds, does("hang") ? 300 : 30000);
    if ((status = tsr_device_list_create(&found))) {
        printf("%s: %s", tsr_status_name(status), tsr_error_detail());
        return 0;
    }
    for (size_t i = 0; i < tsr_device_list_count(found); i++) {
        const tsr_device_entry *e = tsr_device_list_get(found, i);

        printf("%s %s%s%s; ", e->info.platform, e->info.name, e->usable ? "" : ": ",
               e->reason);
    }
    tsr_device_list_destroy(found);
    return 0;
}

/* ---- Running it -------------------------------------------------------------------- */

static void shell(const char *command)
{
    assert_int_equal(system(command), 0);
}

/* Puts `content`, a path to copy, in the helper's place; NULL: nothing. */
static void place_helper(const char *content)
{
    char command[2 * PATH_MAX];

    snprintf(command, sizeof command, "rm -f %s/tessera-ask", folder);
    shell(command);
    if (!content)
        return;
    snprintf(command, sizeof command, "cp '%s' %s/tessera-ask", content, folder);
    shell(command);
}

static const char *list_where(const char *helper_does)
{
    static char text[8192];
    char command[PATH_MAX];
    size_t length;
    FILE *stream;

    assert_int_equal(setenv("FAKE_ASK", helper_does, 1), 0);
    snprintf(command, sizeof command, "%s/alone list", folder);
    stream = popen(command, "r");
    assert_non_null(stream);
    length = fread(text, 1, sizeof text - 1, stream);
    text[length] = '\0';
    assert_int_equal(pclose(stream), 0);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static int make_folder(void **state)
{
    char command[2 * PATH_MAX];

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(command, sizeof command, "cp '%s' %s/alone", self, folder);
    return system(command);
}

static int remove_folder(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* ---- Cases --------------------------------------------------------------------------- */

static void without_a_helper_devices_are_tested_in_this_process(void **state)
{
    (void)state;
    place_helper(NULL);
    assert_int_equal(strncmp(list_where(""), "Portable Computing Language ", 28), 0);
    assert_null(strstr(list_where(""), ": "));
}

static void a_limit_that_is_none_is_said_by_this_process_too(void **state)
{
    (void)state;
    place_helper(NULL);
    setenv("TESSERA_STRATEGY", "a name that is longer than that of any strategy", 1);
    assert_has(list_where(""), "TSR_ERROR_ARGUMENT: TESSERA_STRATEGY is \"a name");
    unsetenv("TESSERA_STRATEGY");
}

static void a_helper_that_is_no_program_is_none(void **state)
{
    char path[64];

    (void)state;
    place_helper("/proc/self/status");
    snprintf(path, sizeof path, "%s/tessera-ask", folder);
    assert_int_equal(chmod(path, 0700), 0);
    assert_has(list_where(""), "Portable Computing Language ");
}

static void a_helper_of_another_build_is_not_used(void **state)
{
    static const char *const builds[] = {"magic", "size", "version", "kind", "nothing"};

    (void)state;
    place_helper(self);
    for (size_t i = 0; i < sizeof builds / sizeof builds[0]; i++) {
        assert_has(list_where(builds[i]), "Portable Computing Language ");
        assert_null(strstr(list_where(builds[i]), "Nobody's"));
    }
}

static void what_the_helper_says_of_a_device_is_believed(void **state)
{
    (void)state;
    place_helper(self);
    assert_string_equal(list_where("well"), "Nobody's device; ");
    assert_string_equal(list_where("unwell"), "Nobody's device: it is not well; ");
    assert_string_equal(list_where("gone"), "Nobody's device: it is gone; ");
    assert_string_equal(list_where("mute"),
                        "Nobody's device: its driver ended with exit status 0 during "
                        "the self-test; update the driver; ");
}

static void a_helper_that_goes_before_the_self_test_is_missed(void **state)
{
    (void)state;
    place_helper(self);
    assert_string_equal(list_where("leave"),
                        "Nobody's device: its self-test could not be started; ");
}

static void what_is_no_fault_of_a_driver_is_an_error(void **state)
{
    (void)state;
    place_helper(self);
    assert_string_equal(list_where("fail"), "TSR_ERROR_HOST_MEMORY: told so");
    assert_string_equal(list_where("no memory"),
                        "TSR_ERROR_HOST_MEMORY: there is none");
}

static void a_helper_that_ends_early_or_hangs_is_a_drivers_fault(void **state)
{
    (void)state;
    place_helper(self);
    assert_has(list_where("cut"), "this driver ended with exit status 4 while being");
    assert_has(list_where("hang"), "this driver did not answer within 0.3 s while");
}

/* ---- The real one --------------------------------------------------------------------- */

/* The status it exits with on such a descriptor 3, asked for one device. */
static int exit_of_helper(int fd, const char *what, const char *spec)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        char path[PATH_MAX];
        const char *slash = strrchr(self, '/');

        snprintf(path, sizeof path, "%.*s/tessera-ask", slash ? (int)(slash - self) : 1,
                 slash ? self : ".");
        signal(SIGPIPE, SIG_IGN);
        if (fd < 0)
            close(TSR__CHILD_FD);
        else
            dup2(fd, TSR__CHILD_FD);
        execl(path, "tessera-ask", what, spec, NULL);
        _exit(9);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_real_one_wants_a_pipe_and_a_question(void **state)
{
    int file = open("/dev/null", O_WRONLY | O_CLOEXEC), ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(exit_of_helper(-1, "devices", NULL), 2);
    assert_int_equal(exit_of_helper(file, "devices", NULL), 2);
    assert_int_equal(exit_of_helper(ends[1], NULL, NULL), 2);
    close(ends[0]); /* nobody listens */
    assert_int_equal(exit_of_helper(ends[1], "devices", NULL), 1);
    close(ends[1]);
    close(file);
}

static void a_device_that_is_gone_is_said_by_the_real_one(void **state)
{
    tsr__answer answer;

    (void)state;
    assert_int_equal(tsr__ask_selftest(NULL, "Nobody's:device", &answer),
                     TSR_ERROR_NO_DEVICE);
    assert_string_equal(tsr_error_detail(),
                        "Nobody's:device is gone since it was listed");
    tsr__answer_free(&answer);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_helper_devices_are_tested_in_this_process),
        cmocka_unit_test(a_limit_that_is_none_is_said_by_this_process_too),
        cmocka_unit_test(a_helper_that_is_no_program_is_none),
        cmocka_unit_test(a_helper_of_another_build_is_not_used),
        cmocka_unit_test(what_the_helper_says_of_a_device_is_believed),
        cmocka_unit_test(a_helper_that_goes_before_the_self_test_is_missed),
        cmocka_unit_test(what_is_no_fault_of_a_driver_is_an_error),
        cmocka_unit_test(a_helper_that_ends_early_or_hangs_is_a_drivers_fault),
        cmocka_unit_test(the_real_one_wants_a_pipe_and_a_question),
        cmocka_unit_test(a_device_that_is_gone_is_said_by_the_real_one),
    };

    if (strcmp(argv[0], "tessera-ask") == 0)
        return be_helper(argc);
    if (argc == 2 && strcmp(argv[1], "list") == 0)
        return list();
    self = argv[0];
    setenv("TESSERA_CACHE_DIR", "off", 1);
    unsetenv("TESSERA_DEVICE");
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
