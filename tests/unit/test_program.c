/* Programs: built once per (file, type, options), kept with the device. */
#include "program/program.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "device_fixture.h"

#include "base/cache_file.h"
#include "program/build.h"
#include "program/cache.h"
#include "program/launch.h"
#include "program/sources.h"

static tsr__kernel *get(tsr_device *device, const char *entry, tsr_dtype dtype,
                        const char *options)
{
    tsr__kernel *kernel = NULL;

    assert_int_equal(
        tsr__kernel_get(device, "epilogue", entry, dtype, options, NULL, &kernel),
        TSR_OK);
    assert_non_null(kernel);
    return kernel;
}

static void every_kernel_file_is_embedded_in_order_of_name(void **state)
{
    (void)state;
    assert_non_null(tsr__source_find("common"));
    assert_non_null(tsr__source_find("stream"));
    assert_null(tsr__source_find("no such file"));
    for (size_t i = 0; i < tsr__sources_count; i++) {
        assert_int_equal(strlen(tsr__sources[i].text), tsr__sources[i].length);
        if (i)
            assert_true(strcmp(tsr__sources[i - 1].name, tsr__sources[i].name) < 0);
    }
}

static void the_same_kernel_is_built_once(void **state)
{
    assert_ptr_equal(get(*state, "epilogue", TSR_F32, ""),
                     get(*state, "epilogue", TSR_F32, ""));
    assert_ptr_not_equal(get(*state, "epilogue", TSR_F32, ""),
                         get(*state, "epilogue", TSR_F32, "-DACTIVATION=1"));
    assert_ptr_not_equal(get(*state, "epilogue", TSR_F32, ""),
                         get(*state, "epilogue", TSR_F64, ""));
}

static void building_takes_time_and_finding_does_not(void **state)
{
    tsr__kernel *kernel;
    double seconds = 0.0, again = 0.0;

    tsr__kernel_get(*state, "epilogue", "epilogue", TSR_F32, "-DACTIVATION=2", &seconds,
                    &kernel);
    assert_true(seconds > 0.0);
    tsr__kernel_get(*state, "epilogue", "epilogue", TSR_F32, "-DACTIVATION=2", &again,
                    &kernel);
    assert_true(again == 0.0);
}

/* Whether epilogue.cl comes from the disk cache; it is there afterwards. */
static bool comes_from_the_cache(tsr_device *device, const char *options)
{
    const tsr__source *source = tsr__source_find("epilogue");
    cl_program program;
    cl_kernel kernel;
    bool unsaved;

    assert_ok(tsr__program_build(device, source, options, &program, &unsaved));
    kernel = clCreateKernel(program, "epilogue", NULL);
    assert_non_null(kernel);
    clReleaseKernel(kernel);
    if (unsaved)
        tsr__program_save(device, source, options, program);
    clReleaseProgram(program);
    return !unsaved;
}

static void what_pocl_built_is_saved_and_then_loaded(void **state)
{
    char cache[] = "/tmp/program-XXXXXX", command[64];

    if (!strstr(tsr_device_get_info(*state)->platform, "Portable Computing Language"))
        skip();
    assert_non_null(mkdtemp(cache));
    setenv("TESSERA_CACHE_DIR", cache, 1);
    assert_false(comes_from_the_cache(*state, "-cl-std=CL1.2"));
    assert_true(comes_from_the_cache(*state, "-cl-std=CL1.2"));
    assert_false(comes_from_the_cache(*state, "-cl-std=CL1.2 -DACTIVATION=1"));
    unsetenv("TESSERA_CACHE_DIR");
    snprintf(command, sizeof command, "rm -r %s", cache);
    assert_int_equal(system(command), 0);
}

static const tsr__source *text_of(const char *name, const char *text)
{
    static tsr__source sources[2];
    tsr__source *source = &sources[strcmp(name, "common") == 0];

    *source = (tsr__source){name, text, strlen(text)};
    return source;
}

static bool same_key(const tsr__cache_key *a, const tsr__cache_key *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* One thing after another is different. */
static void a_key_tells_apart_all_that_a_binary_depends_on(void **state)
{
    const tsr_device_info like = {.platform = "p",
                                  .vendor = "v",
                                  .name = "n",
                                  .driver = "d",
                                  .version = "OpenCL 1.2"};
    tsr__cache_key key, other;

    (void)state;
    tsr__cache_key_make(&key, &like, text_of("common", "one"), text_of("x", "two"),
                        "-Da");
    for (int i = 0; i < 9; i++) {
        tsr_device_info info = like;
        char *const texts[] = {info.platform, info.vendor, info.name, info.driver,
                               info.version};

        if (i < 5)
            texts[i][strlen(texts[i]) - 1]++;
        tsr__cache_key_make(&other, &info, text_of("common", i == 5 ? "once" : "one"),
                            text_of(i == 6 ? "y" : "x", i == 7 ? "too" : "two"),
                            i == 8 ? "-Db" : "-Da");
        if (same_key(&key, &other))
            fail_msg("what is different in number %d does not count", i);
    }
    tsr__cache_key_make(&other, &like, text_of("common", "one"), text_of("x", "two"),
                        "-Da");
    assert_true(same_key(&key, &other));
}

/* The only file in it, and of when; the time is 0 if there is none or more. */
static struct timespec time_of_only_file(const char *folder)
{
    struct timespec time = {0, 0};
    char command[128], path[512] = "";
    struct stat found;
    FILE *list;

    snprintf(command, sizeof command, "find %s -type f", folder);
    assert_non_null(list = popen(command, "r"));
    if (fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = '\0';
        if (stat(path, &found) == 0 && !fgets(path, sizeof path, list))
            time = found.st_mtim;
    }
    pclose(list);
    return time;
}

/* A process that builds, or finds, one program; the time is that of its file. */
static struct timespec use_one_program(const char *cache)
{
    tsr__kernel *kernel;
    tsr_device *device;

    setenv("TESSERA_CACHE_DIR", "off", 1); /* the drivers' record is no program */
    assert_ok(tsr_device_open(NULL, &device));
    setenv("TESSERA_CACHE_DIR", cache, 1);
    assert_ok(
        tsr__kernel_get(device, "epilogue", "epilogue", TSR_F32, "", NULL, &kernel));
    tsr_device_close(device);
    return time_of_only_file(cache);
}

static void what_comes_from_the_cache_is_not_saved_again(void **state)
{
    char cache[] = "/tmp/program-XXXXXX", command[64];
    struct timespec first, second;

    if (!strstr(tsr_device_get_info(*state)->platform, "Portable Computing Language"))
        skip();
    assert_non_null(mkdtemp(cache));
    first = use_one_program(cache);
    assert_true(first.tv_sec > 0);
    second = use_one_program(cache);
    assert_int_equal(second.tv_sec, first.tv_sec);
    assert_int_equal(second.tv_nsec, first.tv_nsec);
    unsetenv("TESSERA_CACHE_DIR");
    snprintf(command, sizeof command, "rm -r %s", cache);
    assert_int_equal(system(command), 0);
}

static void what_the_driver_refuses_is_built_again(void **state)
{
    static const unsigned char no_binary[] = "no binary of any driver";
    const char *options = "-cl-std=CL1.2 -DACTIVATION=2";
    char cache[] = "/tmp/program-XXXXXX", command[64];
    tsr__cache_key key;

    if (!strstr(tsr_device_get_info(*state)->platform, "Portable Computing Language"))
        skip();
    assert_non_null(mkdtemp(cache));
    setenv("TESSERA_CACHE_DIR", cache, 1);
    tsr__cache_key_make(&key, tsr_device_get_info(*state), tsr__source_find("common"),
                        tsr__source_find("epilogue"), options);
    assert_true(tsr__cache_file_write(cache, key.text, key.length, no_binary,
                                      sizeof no_binary));
    assert_false(comes_from_the_cache(*state, options));
    assert_true(comes_from_the_cache(*state, options));
    unsetenv("TESSERA_CACHE_DIR");
    snprintf(command, sizeof command, "rm -r %s", cache);
    assert_int_equal(system(command), 0);
}

static void a_kernel_that_does_not_build_says_which_and_why(void **state)
{
    tsr__kernel *kernel;

    assert_int_equal(tsr__kernel_get(*state, "tile", "tile", TSR_F32, "-DTM=7 -DRM=2",
                                     NULL, &kernel),
                     TSR_ERROR_BUILD);
    assert_null(kernel);
    assert_non_null(strstr(tsr_error_detail(), "kernels/tile.cl"));
    assert_non_null(strstr(tsr_error_detail(), "-DTM=7 -DRM=2"));
    assert_non_null(strstr(tsr_error_detail(), "TM must be a multiple of RM"));
}

static void an_unknown_file_or_entry_is_an_error(void **state)
{
    tsr__kernel *kernel;

    assert_int_equal(
        tsr__kernel_get(*state, "nothing", "x", TSR_F32, "", NULL, &kernel),
        TSR_ERROR_BUILD);
    assert_int_equal(
        tsr__kernel_get(*state, "epilogue", "x", TSR_F32, "", NULL, &kernel),
        TSR_ERROR_OPENCL);
    assert_non_null(strstr(tsr_error_detail(), "CL_INVALID_KERNEL_NAME"));
}

static void a_sequence_without_commands_still_ends_in_an_event(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);

    sequence.want_event = true;
    assert_int_equal(tsr__sequence_end(&sequence), TSR_OK);
    assert_non_null(sequence.last);
    assert_int_equal(clWaitForEvents(1, &sequence.last), CL_SUCCESS);
    tsr__sequence_release(&sequence);
    assert_null(sequence.last);
}

static void *get_in_thread(void *device)
{
    tsr__kernel *kernel = NULL;

    tsr__kernel_get(device, "epilogue", "epilogue", TSR_F32, "-DACTIVATION=3", NULL,
                    &kernel);
    return kernel;
}

static void threads_that_want_one_program_share_one_build(void **state)
{
    pthread_t threads[8];
    void *kernels[8];

    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_in_thread, *state), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], &kernels[i]);
    for (int i = 0; i < 8; i++)
        assert_ptr_equal(kernels[i], kernels[0]);
    assert_non_null(kernels[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kernel_file_is_embedded_in_order_of_name),
        cmocka_unit_test(the_same_kernel_is_built_once),
        cmocka_unit_test(building_takes_time_and_finding_does_not),
        cmocka_unit_test(what_pocl_built_is_saved_and_then_loaded),
        cmocka_unit_test(a_key_tells_apart_all_that_a_binary_depends_on),
        cmocka_unit_test(what_comes_from_the_cache_is_not_saved_again),
        cmocka_unit_test(what_the_driver_refuses_is_built_again),
        cmocka_unit_test(a_kernel_that_does_not_build_says_which_and_why),
        cmocka_unit_test(an_unknown_file_or_entry_is_an_error),
        cmocka_unit_test(a_sequence_without_commands_still_ends_in_an_event),
        cmocka_unit_test(threads_that_want_one_program_share_one_build),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
