/* lib/device/vendors.c: which drivers the loader will load. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "device/vendors.h"

static char folder[] = "/tmp/icds-XXXXXX";
static char before[256];

static void write_file(const char *name, const char *text)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
    const char *vendors = getenv("OCL_ICD_VENDORS");

    (void)state;
    snprintf(before, sizeof before, "%s", vendors ? vendors : "");
    if (!mkdtemp(folder))
        return -1;
    write_file("b.icd", "libb.so.1\r\nlibnot.so\n");
    write_file("a.icd", "/somewhere/liba.so");
    write_file("empty.icd", "");
    write_file("readme.txt", "no ICD file");
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"a.icd", "b.icd", "empty.icd", "readme.txt"};
    char path[64];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    setenv("OCL_ICD_VENDORS", before, 1);
    return rmdir(folder);
}

static tsr__icds find(const char *vendors, const char *vendor_path)
{
    tsr__icds icds;

    if (vendors)
        setenv("OCL_ICD_VENDORS", vendors, 1);
    else
        unsetenv("OCL_ICD_VENDORS");
    if (vendor_path)
        setenv("OPENCL_VENDOR_PATH", vendor_path, 1);
    else
        unsetenv("OPENCL_VENDOR_PATH");
    assert_int_equal(tsr__icds_find(&icds), TSR_OK);
    unsetenv("OPENCL_VENDOR_PATH");
    return icds;
}

static void a_folder_gives_its_icd_files_in_order(void **state)
{
    tsr__icds icds = find(folder, NULL);

    (void)state;
    assert_int_equal(icds.count, 3);
    assert_string_equal(icds.items[0].library, "/somewhere/liba.so");
    assert_string_equal(icds.items[1].library, "libb.so.1");
    assert_string_equal(icds.items[2].library, "");
    assert_non_null(strstr(icds.items[2].path, "/empty.icd"));
    tsr__icds_free(&icds);
}

static void the_vendor_path_is_used_if_no_vendors_are_named(void **state)
{
    tsr__icds icds = find(NULL, folder);

    (void)state;
    assert_int_equal(icds.count, 3);
    tsr__icds_free(&icds);
    icds = find("", folder);
    assert_int_equal(icds.count, 3);
    tsr__icds_free(&icds);
    icds = find("libx.so", folder);
    assert_int_equal(icds.count, 1);
    tsr__icds_free(&icds);
}

static void one_icd_file_is_one_driver(void **state)
{
    char path[64];
    tsr__icds icds;

    (void)state;
    snprintf(path, sizeof path, "%s/b.icd", folder);
    icds = find(path, NULL);
    assert_int_equal(icds.count, 1);
    assert_string_equal(icds.items[0].path, path);
    assert_string_equal(icds.items[0].library, "libb.so.1");
    tsr__icds_free(&icds);
    icds = find("b.icd", folder); /* no slash: in the folder */
    assert_int_equal(icds.count, 1);
    assert_string_equal(icds.items[0].path, path);
    tsr__icds_free(&icds);
}

static void anything_else_is_a_library(void **state)
{
    tsr__icds icds = find("libintelocl.so", NULL);

    (void)state;
    assert_int_equal(icds.count, 1);
    assert_string_equal(icds.items[0].path, "");
    assert_string_equal(icds.items[0].library, "libintelocl.so");
    tsr__icds_free(&icds);
}

static void a_folder_that_is_not_there_is_an_empty_list(void **state)
{
    tsr__icds icds = find(NULL, "/nonexistent");

    (void)state;
    assert_int_equal(icds.count, 0);
    tsr__icds_free(&icds);
}

static void a_library_that_cannot_be_loaded_is_an_entry_with_the_reason(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    setenv("OCL_ICD_VENDORS", folder, 1);
    assert_int_equal(tsr__icds_check(&entries), TSR_OK);
    assert_int_equal(entries.count, 3);
    assert_string_equal(entries.items[0].info.platform, "/somewhere/liba.so");
    assert_non_null(strstr(entries.items[0].info.driver, "/a.icd"));
    assert_false(entries.items[0].usable);
    assert_non_null(strstr(entries.items[0].reason, "cannot be loaded"));
    assert_non_null(strstr(entries.items[2].reason, "names no library"));
    tsr__entries_free(&entries);
}

static void a_library_that_loads_is_no_entry(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    setenv("OCL_ICD_VENDORS", "libc.so.6", 1);
    assert_int_equal(tsr__icds_check(&entries), TSR_OK);
    assert_int_equal(entries.count, 0);
    tsr__entries_free(&entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_gives_its_icd_files_in_order),
        cmocka_unit_test(the_vendor_path_is_used_if_no_vendors_are_named),
        cmocka_unit_test(one_icd_file_is_one_driver),
        cmocka_unit_test(anything_else_is_a_library),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_empty_list),
        cmocka_unit_test(a_library_that_cannot_be_loaded_is_an_entry_with_the_reason),
        cmocka_unit_test(a_library_that_loads_is_no_entry),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
