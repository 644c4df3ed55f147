/* Device choice and recovery, against drivers that are described in words
 * (fake_describe.h). The loader loads its drivers once per process, so each case is run in
 * a child, of a process that has no loader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <tessera/tessera.h>

#include "device/ask.h"
#include "vendor_folder.h"

/* ---- Cases in children ------------------------------------------------------------ */

/* What a case found out, as a text. */
typedef void found(char *text, size_t size);

/* The text of a case that is run with these drivers. */
static const char *run_with(const char *const *libraries, const char *description,
                            found *run)
{
    static char text[65536];
    vendor_folder folder;
    size_t length = 0;
    ssize_t got;
    int ends[2], status;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    open_vendors(&folder, libraries);
    setenv("FAKE_ICD", description, 1);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka's handler would go on with the next test */
        text[0] = '\0';
        run(text, sizeof text);
        length = strlen(text);
        _exit(write(ends[1], text, length) != (ssize_t)length);
    }
    close(ends[1]);
    while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    close_vendors(&folder);
    if (status != 0)
        fail_msg("the case ended with %#x: %s", (unsigned)status, text);
    return text;
}

static const char *run(const char *description, found *f)
{
    return run_with((const char *[]){"fake_described.so", NULL}, description, f);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static int count(const char *text, const char *part)
{
    int n = 0;

    for (; (text = strstr(text, part)); text++)
        n++;
    return n;
}

/* ---- What a case does ------------------------------------------------------------- */

/* The names of all devices in their order, with what is said of those that do not work. */
static void list(char *text, size_t size)
{
    tsr_device_list *all;
    size_t length = 0;

    atomic_store(&tsr__ask_milliseconds, 2000);
    if (tsr_device_list_create(&all)) {
        snprintf(text, size, "%s", tsr_error_detail());
        return;
    }
    for (size_t i = 0; i < tsr_device_list_count(all) && length < size; i++) {
        const tsr_device_entry *e = tsr_device_list_get(all, i);

        length +=
            (size_t)snprintf(text + length, size - length, "%s%s%s%s", i ? ", " : "",
                             e->info.name[0] ? e->info.name : e->info.platform,
                             e->usable ? "" : ": ", e->reason);
    }
    tsr_device_list_destroy(all);
}

static void say_error(char *text, size_t size, tsr_status status)
{
    size_t length = strlen(text);

    snprintf(text + length, size - length, "%s: %s; ", tsr_status_name(status),
             status ? tsr_error_detail() : "");
}

static void open_spec(const char *spec, char *text, size_t size)
{
    tsr_device *device;
    tsr_status status = tsr_device_open(spec, &device);

    if (status)
        say_error(text, size, status);
    else
        snprintf(text, size, "%s", tsr_device_get_info(device)->spec);
    tsr_device_close(device);
}

static void open_best(char *text, size_t size)
{
    open_spec(NULL, text, size);
}

static void open_far(char *text, size_t size)
{
    open_spec("P17:D5", text, size);
}

static void open_twin(char *text, size_t size)
{
    open_spec("0:1", text, size);
}

/* What a driver does not say, as the library has it. */
static void open_silent(char *text, size_t size)
{
    tsr_device *device;
    tsr_status status = tsr_device_open(NULL, &device);

    if (status)
        say_error(text, size, status);
    else
        snprintf(text, size, "%u units at %u MHz",
                 tsr_device_get_info(device)->compute_units,
                 tsr_device_get_info(device)->clock_mhz);
    tsr_device_close(device);
}

/* A product, three times on one device and once on the device opened again. */
static void multiply(tsr_device *device, char *text, size_t size)
{
    const float a[4] = {1, 2, 3, 4}, right[4] = {7, 10, 15, 22};
    const size_t shape[2] = {2, 2};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *t = NULL, *c = NULL;
    float got[4] = {0};
    tsr_status status;

    options.strategy = "reference"; /* needs no kernel */
    if (!(status = tsr_tensor_from_host(device, TSR_F32, 2, shape, a, &t)) &&
        !(status = tsr_tensor_create(device, TSR_F32, 2, shape, &c)) &&
        !(status = tsr_matmul(t, t, c, &options)))
        status = tsr_tensor_read(c, got);
    if (!status && memcmp(got, right, sizeof got) != 0)
        snprintf(text + strlen(text), size - strlen(text), "WRONG; ");
    say_error(text, size, status);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(t);
}

static void recover(char *text, size_t size)
{
    tsr_device *device;

    for (int i = 0; i < 2; i++) {
        if (tsr_device_open(NULL, &device)) {
            say_error(text, size, TSR_ERROR_NO_DEVICE);
            return;
        }
        for (int product = 0; product < 3 - 2 * i; product++)
            multiply(device, text, size);
        tsr_device_close(device);
    }
}

/* ---- Choice ----------------------------------------------------------------------- */

static void devices_come_by_type_speed_and_memory(void **state)
{
    (void)state;
    assert_string_equal(
        run("platform name=Alpha; cpu name=host units=512 clock=4000; gpu name=slow "
            "units=8 clock=1000; platform name=Beta; accelerator name=odd; gpu "
            "name=fast "
            "units=80 clock=1500; gpu name=same_but_larger units=8 clock=1000 "
            "memory=4096",
            list),
        "fast, same but larger, slow, odd, host");
}

static void one_of_a_thousand_devices_is_found_at_once(void **state)
{
    static char description[32768];
    struct timespec before, after;
    size_t length = 0;

    (void)state;
    for (int p = 0; p < 64; p++) {
        length += (size_t)snprintf(description + length, sizeof description - length,
                                   "platform name=P%d;", p);
        for (int d = 0; d < 16; d++)
            length +=
                (size_t)snprintf(description + length, sizeof description - length,
                                 "gpu name=D%d units=%d;", d, p * d + 1);
    }
    assert_true(length < sizeof description);
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_string_equal(run(description, open_best), "P63:D15");
    clock_gettime(CLOCK_MONOTONIC, &after);
    print_message("%.0f ms\n", 1e3 * (double)(after.tv_sec - before.tv_sec) +
                                   1e-6 * (double)(after.tv_nsec - before.tv_nsec));
    assert_string_equal(run(description, open_far), "P17:D5");
}

static void twins_are_told_apart_by_index(void **state)
{
    (void)state;
    assert_string_equal(run("gpu name=twin; gpu name=twin", open_twin), "0:1");
}

static void a_device_that_does_not_say_its_units_has_one(void **state)
{
    (void)state;
    assert_string_equal(run("gpu units=0 clock=0", open_silent), "1 units at 0 MHz");
}

static void what_cannot_be_used_gives_way_to_the_next(void **state)
{
    static const char *const broken[] = {"product=wrong", "build=fails", "compiler=0",
                                         "oom=1",         "oom=2",       "lost=1",
                                         "lost=2"};
    char description[128];

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        snprintf(description, sizeof description, "gpu name=broken %s; cpu name=good",
                 broken[i]);
        assert_string_equal(run(description, open_best), "Fake described:good");
    }
}

static void when_none_can_be_used_each_says_why(void **state)
{
    const char *text =
        run("gpu name=a product=wrong; gpu name=b build=fails; gpu name=c "
            "compiler=0; gpu name=d lost=1",
            open_best);

    (void)state;
    assert_has(text, "TSR_ERROR_NO_DEVICE");
    assert_has(text, "gave 35");
    assert_has(text, "did not build");
    assert_has(text, "no OpenCL C compiler");
    assert_has(text, "clEnqueueNDRangeKernel failed with CL_OUT_OF_RESOURCES");
}

static void a_compiler_that_crashes_or_hangs_is_left_out(void **state)
{
    const char *text =
        run("gpu name=bad build=abort; gpu name=slow build=hang; gpu name=good", list);

    (void)state;
    assert_has(text, "good, ");
    assert_has(text, "bad: its driver crashed with SIGABRT during the self-test");
    assert_has(text, "slow: its driver did not answer within 2 s during the self-test");
}

static void one_that_crashes_in_its_compiler_is_not_opened(void **state)
{
    static const char *const behind_another[] = {"fake_abort.so", "fake_described.so",
                                                 NULL};
    const char *text = run("gpu name=bad build=abort", open_best);

    (void)state;
    assert_has(text, "TSR_ERROR_NO_DEVICE: ");
    assert_has(text, "bad: its driver crashed with SIGABRT during the self-test; "
                     "update the driver");
    assert_string_equal(run("gpu name=bad build=abort; cpu name=good", open_best),
                        "Fake described:good");
    assert_string_equal(
        run_with(behind_another, "gpu name=bad build=abort; cpu name=good", open_best),
        "Fake described:good");
}

static void a_driver_that_crashes_leaves_the_others(void **state)
{
    static const char *const both[] = {"fake_described.so", "fake_good.so", NULL};

    (void)state;
    assert_string_equal(run_with(both, "gpu; crash", open_best),
                        "Fake good:Fake GPU 1");
}

/* ---- Recovery --------------------------------------------------------------------- */

/* The self-test, in a child, must survive the first two, which are its own there. */
static void a_lost_device_stays_lost_until_it_is_opened_again(void **state)
{
    (void)state;
    for (int at = 3; at <= 8; at++) {
        char description[64];
        const char *text;
        int lost;

        snprintf(description, sizeof description, "gpu lost=%d", at);
        text = run(description, recover);
        lost = count(text, "TSR_ERROR_DEVICE_LOST: ");
        if (lost < 2 || strstr(text, "WRONG") || !strstr(text, "TSR_OK: ; "))
            fail_msg("lost at command %d: %s", at, text);
        assert_has(text, "failed with CL_OUT_OF_RESOURCES");
        assert_string_equal(text + strlen(text) - strlen("TSR_OK: ; "), "TSR_OK: ; ");
    }
}

static void a_command_without_memory_is_one_error(void **state)
{
    /* A product is five; the second one's others are tried once more with a new plan. */
    static const int commands[] = {3, 4, 5, 6, 10};

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char description[64];
        const char *text;

        snprintf(description, sizeof description, "gpu oom=%d", commands[i]);
        text = run(description, recover);
        if (count(text, "TSR_ERROR_DEVICE_MEMORY: ") != 1 ||
            count(text, "TSR_OK: ; ") != 3 || strstr(text, "WRONG"))
            fail_msg("no memory for command %d: %s", commands[i], text);
        assert_has(text, "failed with CL_MEM_OBJECT_ALLOCATION_FAILURE");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_come_by_type_speed_and_memory),
        cmocka_unit_test(one_of_a_thousand_devices_is_found_at_once),
        cmocka_unit_test(twins_are_told_apart_by_index),
        cmocka_unit_test(a_device_that_does_not_say_its_units_has_one),
        cmocka_unit_test(what_cannot_be_used_gives_way_to_the_next),
        cmocka_unit_test(when_none_can_be_used_each_says_why),
        cmocka_unit_test(a_compiler_that_crashes_or_hangs_is_left_out),
        cmocka_unit_test(one_that_crashes_in_its_compiler_is_not_opened),
        cmocka_unit_test(a_driver_that_crashes_leaves_the_others),
        cmocka_unit_test(a_lost_device_stays_lost_until_it_is_opened_again),
        cmocka_unit_test(a_command_without_memory_is_one_error),
    };

    setenv("TESSERA_CACHE_DIR", "off", 1); /* what passed once is not believed */
    unsetenv("TESSERA_DEVICE");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
