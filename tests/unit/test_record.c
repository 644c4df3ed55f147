/* Records of the drivers: what is known holds only as long as nothing has changed. */
#include "device/record.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/record-XXXXXX";
static char icd[64], cache[64];

static void write_icd(const char *library)
{
    FILE *file = fopen(icd, "w");

    assert_non_null(file);
    fprintf(file, "%s\n", library);
    assert_int_equal(fclose(file), 0);
}

static tsr__record opened(void)
{
    tsr__record record;

    tsr__record_open(&record);
    return record;
}

static bool takes(void)
{
    tsr__record record = opened();

    return tsr__record_take(&record);
}

/* A new record of drivers that survived. */
static tsr__record noted(void)
{
    tsr__record record = opened();

    assert_true(record.usable);
    tsr__record_drivers(&record);
    return record;
}

static void remove_all_in(const char *path)
{
    DIR *stream = opendir(path);
    const struct dirent *found;

    while (stream && (found = readdir(stream))) {
        char file[512];

        snprintf(file, sizeof file, "%s/%s", path, found->d_name);
        if (found->d_name[0] != '.')
            unlink(file);
    }
    if (stream)
        closedir(stream);
}

/* ---- Cases ----------------------------------------------------------------------- */

static void nothing_is_known_at_first(void **state)
{
    tsr__record record = opened();
    tsr_device_info info = {.name = "a device"};

    (void)state;
    assert_false(tsr__record_take(&record));
    assert_false(tsr__record_has_passed(&record, &info));
}

static void drivers_that_survived_are_known_to_the_next(void **state)
{
    tsr__record record = noted();

    (void)state;
    assert_true(tsr__record_take(&record));
    tsr__record_put_back(&record);
    assert_true(takes());
}

static void a_process_that_dies_on_a_record_leaves_none(void **state)
{
    tsr__record record = noted();

    (void)state;
    assert_true(takes()); /* and never puts it back */
    assert_false(takes());
    tsr__record_drivers(&record); /* the next one asked, and they survived */
    assert_true(takes());
}

static void putting_back_what_another_has_put_back_is_no_fault(void **state)
{
    tsr__record record = noted();

    (void)state;
    assert_true(tsr__record_take(&record));
    tsr__record_drivers(&record);
    tsr__record_put_back(&record);
    tsr__record_put_back(&record);
    assert_true(takes());
}

static void another_driver_is_asked(void **state)
{
    (void)state;
    noted();
    write_icd("libanother.so.1");
    assert_false(takes());
}

static void a_driver_that_was_replaced_is_asked(void **state)
{
    char library[128];

    (void)state;
    snprintf(library, sizeof library, "%s/library.so", cache);
    write_icd(library);
    noted();
    assert_int_equal(fclose(fopen(library, "w")), 0);
    assert_false(takes());
}

/* As a package's script may: the same file, and as long as before. */
static void a_driver_that_was_rewritten_in_place_is_asked(void **state)
{
    const struct timespec times[2] = {{1000, 0}, {1000, 1}};
    char library[128];

    (void)state;
    snprintf(library, sizeof library, "%s/library.so", folder);
    write_icd(library);
    assert_int_equal(fclose(fopen(library, "w")), 0);
    noted();
    assert_true(takes());
    noted();
    assert_int_equal(utimensat(AT_FDCWD, library, times, 0), 0);
    assert_false(takes());
    unlink(library);
}

static void what_drivers_look_at_in_the_environment_counts(void **state)
{
    (void)state;
    noted();
    setenv("RUSTICL_ENABLE", "test_record", 1);
    assert_false(takes());
    unsetenv("RUSTICL_ENABLE");
    setenv("EDITOR", "test_record", 1);
    assert_true(takes());
}

static void a_device_has_passed_as_long_as_its_driver_is_the_same(void **state)
{
    tsr_device_info info = {.name = "a device", .driver = "1"};
    tsr__record record = opened();

    (void)state;
    tsr__record_passed(&record, &info);
    assert_true(tsr__record_has_passed(&record, &info));
    info.device_index = 1;
    assert_false(tsr__record_has_passed(&record, &info));
    info.device_index = 0;
    strcpy(info.driver, "2");
    assert_false(tsr__record_has_passed(&record, &info));
}

static void without_a_cache_nothing_is_known_or_kept(void **state)
{
    tsr_device_info info = {.name = "a device"};
    tsr__record record;

    (void)state;
    setenv("TESSERA_CACHE_DIR", "off", 1);
    record = opened();
    tsr__record_drivers(&record);
    tsr__record_passed(&record, &info);
    assert_false(tsr__record_take(&record));
    assert_false(tsr__record_has_passed(&record, &info));
}

static int set_up(void **state)
{
    (void)state;
    remove_all_in(cache);
    setenv("TESSERA_CACHE_DIR", cache, 1);
    write_icd("libone.so.1");
    return setenv("OCL_ICD_VENDORS", icd, 1);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(icd, sizeof icd, "%s/one.icd", folder);
    snprintf(cache, sizeof cache, "%s/cache", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    remove_all_in(cache);
    rmdir(cache);
    unlink(icd);
    return rmdir(folder);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        CASE(nothing_is_known_at_first),
        CASE(drivers_that_survived_are_known_to_the_next),
        CASE(a_process_that_dies_on_a_record_leaves_none),
        CASE(putting_back_what_another_has_put_back_is_no_fault),
        CASE(another_driver_is_asked),
        CASE(a_driver_that_was_replaced_is_asked),
        CASE(a_driver_that_was_rewritten_in_place_is_asked),
        CASE(what_drivers_look_at_in_the_environment_counts),
        CASE(a_device_has_passed_as_long_as_its_driver_is_the_same),
        CASE(without_a_cache_nothing_is_known_or_kept),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
