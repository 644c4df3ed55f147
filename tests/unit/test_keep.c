/* Records on disk: they are of one device and driver, and whole or not there. */
#include "tune/keep.h"

#include <string.h>

#include "base/cache_file.h"
#include "tune/about.h"

#include "cache_fixture.h"
#include "problem_fixture.h"

static void keep_one(const tsr_device_info *info)
{
    tsr__records records = {0};

    assert_true(tsr__records_put(&records, "a key", "a value"));
    assert_true(tsr__keep_save(info, &records));
    tsr__records_free(&records);
}

/* How many there are, once the one of keep_one has been seen to be right. */
static size_t kept(const tsr_device_info *info)
{
    tsr__records records;
    size_t count;

    tsr__keep_load(info, &records);
    count = records.count;
    if (count)
        assert_string_equal(tsr__records_get(&records, "a key"), "a value");
    tsr__records_free(&records);
    return count;
}

static void what_is_kept_is_there_again(void **state)
{
    (void)state;
    assert_int_equal(kept(&desktop_cpu), 0);
    keep_one(&desktop_cpu);
    assert_int_equal(kept(&desktop_cpu), 1);
    tsr__keep_erase(&desktop_cpu);
    assert_int_equal(kept(&desktop_cpu), 0);
    assert_string_equal(only_cache_file(), "");
}

static void another_device_or_driver_has_none(void **state)
{
    tsr_device_info other = desktop_cpu;

    (void)state;
    keep_one(&desktop_cpu);
    assert_int_equal(kept(&large_gpu), 0);
    strcpy(other.driver, "2");
    assert_int_equal(kept(&other), 0);
    other = desktop_cpu;
    strcpy(other.name, "another");
    assert_int_equal(kept(&other), 0);
    assert_int_equal(kept(&desktop_cpu), 1);
}

static long size_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return (long)st.st_size;
}

static void a_file_changed_at_any_byte_is_none(void **state)
{
    FILE *file;
    long size;

    (void)state;
    keep_one(&desktop_cpu);
    size = size_of(only_cache_file());
    for (long i = 0; i < size; i++) {
        int byte;

        assert_non_null(file = fopen(only_cache_file(), "r+"));
        fseek(file, i, SEEK_SET);
        byte = getc(file);
        fseek(file, i, SEEK_SET);
        putc(byte ^ 1, file);
        fclose(file);
        assert_int_equal(kept(&desktop_cpu), 0);
        assert_non_null(file = fopen(only_cache_file(), "r+"));
        fseek(file, i, SEEK_SET);
        putc(byte, file);
        fclose(file);
    }
    assert_int_equal(kept(&desktop_cpu), 1);
}

static void a_file_cut_anywhere_is_none(void **state)
{
    (void)state;
    keep_one(&desktop_cpu);
    for (long size = size_of(only_cache_file()) - 1; size >= 0; size--) {
        assert_int_equal(truncate(only_cache_file(), size), 0);
        assert_int_equal(kept(&desktop_cpu), 0);
    }
    keep_one(&desktop_cpu);
    assert_int_equal(kept(&desktop_cpu), 1);
}

static void a_link_is_none(void **state)
{
    char elsewhere[64];

    (void)state;
    keep_one(&desktop_cpu);
    snprintf(elsewhere, sizeof elsewhere, "%s.moved", cache_folder);
    assert_int_equal(rename(only_cache_file(), elsewhere), 0);
    assert_int_equal(kept(&desktop_cpu), 0);
    keep_one(&desktop_cpu);
    {
        char path[512];

        snprintf(path, sizeof path, "%s", only_cache_file());
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink(elsewhere, path), 0);
    }
    assert_int_equal(kept(&desktop_cpu), 0);
    unlink(elsewhere);
}

/* A whole file under the right key, by a build that writes records in another way. */
static void a_file_of_something_else_is_none(void **state)
{
    static const unsigned char text[] = "no records";
    char key[TSR__HEAD_SIZE + 16] = "records\n";

    (void)state;
    tsr__about(&desktop_cpu, key + strlen(key));
    keep_one(&desktop_cpu);
    assert_true(
        tsr__cache_file_write(cache_folder, key, strlen(key), text, sizeof text));
    assert_string_not_equal(only_cache_file(), "");
    assert_int_equal(kept(&desktop_cpu), 0);
    keep_one(&desktop_cpu);
    assert_int_equal(kept(&desktop_cpu), 1);
}

static void without_a_place_nothing_is_kept_and_it_is_said(void **state)
{
    tsr__records records = {0};

    (void)state;
    chmod(cache_folder, 0777); /* not safe */
    assert_false(tsr__keep_save(&desktop_cpu, &records));
    assert_int_equal(kept(&desktop_cpu), 0);
    chmod(cache_folder, 0700);
    setenv("TESSERA_CACHE_DIR", "off", 1);
    assert_false(tsr__keep_save(&desktop_cpu, &records));
    setenv("TESSERA_CACHE_DIR", "/dev/null/x", 1);
    assert_false(tsr__keep_save(&desktop_cpu, &records));
    setenv("TESSERA_CACHE_DIR", cache_folder, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_kept_is_there_again, empty_cache),
        cmocka_unit_test_teardown(another_device_or_driver_has_none, empty_cache),
        cmocka_unit_test_teardown(a_file_changed_at_any_byte_is_none, empty_cache),
        cmocka_unit_test_teardown(a_file_cut_anywhere_is_none, empty_cache),
        cmocka_unit_test_teardown(a_link_is_none, empty_cache),
        cmocka_unit_test_teardown(a_file_of_something_else_is_none, empty_cache),
        cmocka_unit_test_teardown(without_a_place_nothing_is_kept_and_it_is_said,
                                  empty_cache),
    };

    return cmocka_run_group_tests_name("keep", tests, make_cache, remove_cache);
}
