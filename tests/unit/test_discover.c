/* lib/device/discover.c and open.c: a process opens a device beside drivers that misbehave.
 *
 * The loader loads its drivers once per process, so each case is a process: this program
 * runs itself as `test_discover open SPEC`, which prints "STATUS|DEVICE|DETAIL".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include <tessera/device.h>

#include "../fakes/vendor_folder.h"
#include "base/error.h"

#define POCL "libpocl.so.2"

static const char *self;

/* ---- The process under test ------------------------------------------------------- */

static int open_and_print(const char *spec)
{
    char *before = strdup(getenv("OCL_ICD_VENDORS"));
    tsr_device *device;
    tsr_status status = tsr_device_open(spec, &device);

    printf("%s|%s|%s", tsr_status_name(status),
           device ? tsr_device_get_info(device)->spec : "",
           status ? tsr_error_detail() : "");
    if (strcmp(before, getenv("OCL_ICD_VENDORS")) != 0)
        printf("|OCL_ICD_VENDORS has changed");
    free(before);
    tsr_device_close(device);
    return 0;
}

static void *open_one(void *result)
{
    tsr_device *device;

    *(tsr_status *)result = tsr_device_open(NULL, &device);
    if (!*(tsr_status *)result)
        *(tsr_status *)result = tsr_device_finish(device);
    tsr_device_close(device);
    return NULL;
}

static int open_eight_at_once(void)
{
    pthread_t threads[8];
    tsr_status results[8];
    int good = 0;

    for (int i = 0; i < 8; i++)
        if (pthread_create(&threads[i], NULL, open_one, &results[i]))
            return 1;
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        good += results[i] == TSR_OK;
    }
    printf("%d", good);
    return 0;
}

/* ---- Running it ------------------------------------------------------------------- */

static const char *said_by(const char *command, char *text, size_t size)
{
    FILE *stream = popen(command, "r");
    size_t length;

    assert_non_null(stream);
    length = fread(text, 1, size - 1, stream);
    text[length] = '\0';
    assert_int_equal(pclose(stream), 0);
    return text;
}

static const char *run(const char *const *libraries, const char *action,
                       const char *spec)
{
    static char output[8192];
    char command[1024];
    vendor_folder folder;

    open_vendors(&folder, libraries);
    snprintf(command, sizeof command, "'%s' %s '%s'", self, action, spec);
    said_by(command, output, sizeof output);
    close_vendors(&folder);
    return output;
}

static void assert_begins(const char *text, const char *beginning)
{
    if (strncmp(text, beginning, strlen(beginning)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", text, beginning);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static bool remove_if_empty(const char *path)
{
    return rmdir(path) == 0;
}

/* ---- Cases ------------------------------------------------------------------------- */

static void the_best_device_is_opened(void **state)
{
    (void)state;
    assert_begins(run((const char *[]){POCL, NULL}, "open", ""),
                  "TSR_OK|Portable Computing Language:");
    assert_string_equal(run((const char *[]){POCL, "fake_good.so", NULL}, "open", ""),
                        "TSR_OK|Fake good:Fake GPU 1|");
}

static void a_spec_or_the_environment_overrides(void **state)
{
    static const char *const both[] = {POCL, "fake_good.so", NULL};

    (void)state;
    assert_begins(run(both, "open", "cpu"), "TSR_OK|Portable");
    assert_begins(run(both, "open", "pocl"), "TSR_OK|Portable");
    setenv("TESSERA_DEVICE", "cpu", 1);
    assert_begins(run(both, "open", ""), "TSR_OK|Portable");
    assert_begins(run(both, "open", "gpu"), "TSR_OK|Fake good");
    setenv("TESSERA_DEVICE", "voodoo", 1);
    assert_begins(run(both, "open", ""),
                  "TSR_ERROR_NO_MATCH||TESSERA_DEVICE: no device matches");
    unsetenv("TESSERA_DEVICE");
    assert_begins(run(both, "open", "cpu:"), "TSR_ERROR_ARGUMENT|");
}

static void a_driver_that_crashes_does_not_take_us_down(void **state)
{
    char folder[] = "/tmp/discover-XXXXXX";
    const char *output;

    (void)state;
    assert_non_null(mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
    output = run((const char *[]){"fake_abort.so", POCL, NULL}, "open", "");
    unsetenv("TMPDIR");
    assert_begins(output, "TSR_OK|Portable Computing Language:");
    assert_null(strstr(output, "has changed"));
    assert_true(remove_if_empty(folder)); /* nothing is left there */
}

static void only_drivers_that_crash_are_no_device_with_the_reason(void **state)
{
    const char *output = run((const char *[]){"fake_abort.so", NULL}, "open", "");

    (void)state;
    assert_begins(output, "TSR_ERROR_NO_DEVICE||");
    assert_has(output, "fake_abort.so: this driver crashed with SIGABRT");
}

static void asking_for_the_one_that_crashed_says_that_it_did(void **state)
{
    const char *output =
        run((const char *[]){"fake_abort.so", POCL, NULL}, "open", "fake_abort");

    (void)state;
    assert_begins(output, "TSR_ERROR_NO_DEVICE||");
    assert_has(output, "crashed with SIGABRT");
    assert_null(strstr(output, "Portable"));
}

static void one_that_multiplies_wrong_is_passed_over(void **state)
{
    static const char *const both[] = {"fake_wrong.so", POCL, NULL};
    const char *output;

    (void)state;
    assert_begins(run(both, "open", ""), "TSR_OK|Portable");
    output = run(both, "open", "gpu");
    assert_begins(output, "TSR_ERROR_NO_DEVICE||Fake wrong:Fake GPU 1: the self-test");
}

/* Its own cache may have what the self-test needs; it would die of the first product. */
static void pocl_without_a_linker_is_told_what_it_lacks(void **state)
{
    char *path = strdup(getenv("PATH"));
    const char *output;

    (void)state;
    assert_begins(run((const char *[]){POCL, NULL}, "open", ""), "TSR_OK|");
    setenv("PATH", "/nonexistent:", 1);
    output = run((const char *[]){POCL, NULL}, "open", "");
    setenv("PATH", path, 1);
    free(path);
    assert_begins(output, "TSR_ERROR_NO_DEVICE||Portable Computing Language:");
    assert_has(output,
               "its driver crashed with SIGABRT during the self-test; PoCL links "
               "with ld, which is in no folder of PATH: install binutils");
}

static void no_driver_names_the_package_to_install(void **state)
{
    const char *output = run((const char *[]){NULL}, "open", "");

    (void)state;
    assert_begins(output, "TSR_ERROR_NO_DEVICE||");
    assert_has(output, "install pocl-opencl-icd");
    assert_begins(run((const char *[]){"libabsent.so", NULL}, "open", ""),
                  "TSR_ERROR_NO_DEVICE||libabsent.so: the library");
}

static void
a_driver_that_survived_once_is_asked_again_only_when_it_changes(void **state)
{
    char cache[] = "/tmp/discover-XXXXXX", text[1024], command[512];
    static const char known[] = "have survived being asked before";
    vendor_folder folder;

    (void)state;
    assert_non_null(mkdtemp(cache));
    open_vendors(&folder, (const char *[]){POCL, NULL});
    snprintf(command, sizeof command,
             "TESSERA_CACHE_DIR=%s TESSERA_TRACE=device '%s' open '' 2>&1", cache,
             self);
    assert_null(strstr(said_by(command, text, sizeof text), known));
    assert_has(text, "TSR_OK|Portable");
    assert_has(said_by(command, text, sizeof text), known);
    assert_has(text, "has passed its self-test before");
    assert_has(text, "TSR_OK|Portable");

    rewrite_vendor(&folder, 0, "fake_abort.so");
    assert_null(strstr(said_by(command, text, sizeof text), known));
    assert_has(text, "TSR_ERROR_NO_DEVICE|");
    close_vendors(&folder);
    snprintf(command, sizeof command, "rm -r %s", cache);
    assert_int_equal(system(command), 0);
}

static void threads_may_open_at_once(void **state)
{
    (void)state;
    assert_string_equal(run((const char *[]){POCL, NULL}, "threads", ""), "8");
    assert_string_equal(
        run((const char *[]){"fake_abort.so", POCL, NULL}, "threads", ""), "8");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_device_is_opened),
        cmocka_unit_test(a_spec_or_the_environment_overrides),
        cmocka_unit_test(a_driver_that_crashes_does_not_take_us_down),
        cmocka_unit_test(only_drivers_that_crash_are_no_device_with_the_reason),
        cmocka_unit_test(asking_for_the_one_that_crashed_says_that_it_did),
        cmocka_unit_test(one_that_multiplies_wrong_is_passed_over),
        cmocka_unit_test(pocl_without_a_linker_is_told_what_it_lacks),
        cmocka_unit_test(no_driver_names_the_package_to_install),
        cmocka_unit_test(
            a_driver_that_survived_once_is_asked_again_only_when_it_changes),
        cmocka_unit_test(threads_may_open_at_once),
    };

    if (argc == 3 && strcmp(argv[1], "open") == 0)
        return open_and_print(argv[2]);
    if (argc == 3 && strcmp(argv[1], "threads") == 0)
        return open_eight_at_once();
    self = argv[0];
    unsetenv("TESSERA_DEVICE");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
