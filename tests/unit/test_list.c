/* lib/device/list.c: every candidate, tested in children, with drivers that
 * misbehave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <tessera/device.h>

#include "../fakes/vendor_folder.h"
#include "base/error.h"
#include "device/ask.h"

#define POCL "libpocl.so.2"

static tsr_device_list *list_of(const char *const *libraries)
{
    tsr_device_list *list;
    vendor_folder folder;

    open_vendors(&folder, libraries);
    assert_int_equal(tsr_device_list_create(&list), TSR_OK);
    close_vendors(&folder);
    return list;
}

/* The first entry whose platform's name has this in it. */
static const tsr_device_entry *entry_of(const tsr_device_list *list,
                                        const char *platform)
{
    for (size_t i = 0; i < tsr_device_list_count(list); i++) {
        const tsr_device_entry *entry = tsr_device_list_get(list, i);

        if (strstr(entry->info.platform, platform))
            return entry;
    }
    fail_msg("nothing of %s", platform);
    return NULL;
}

static void a_good_device_is_usable_and_has_no_reason(void **state)
{
    tsr_device_list *list = list_of((const char *[]){POCL, NULL});
    const tsr_device_entry *entry = entry_of(list, "Portable");
    size_t index = 99;

    (void)state;
    assert_int_equal(tsr_device_list_count(list), 1);
    assert_true(entry->usable);
    assert_string_equal(entry->reason, "");
    assert_int_equal(tsr_device_list_find(list, "pocl", &index), TSR_OK);
    assert_int_equal(index, 0);
    assert_int_equal(tsr_device_list_find(list, entry->info.spec, &index), TSR_OK);
    assert_int_equal(tsr_device_list_find(list, "gpu", &index), TSR_ERROR_NO_MATCH);
    assert_null(tsr_device_list_get(list, 1));
    tsr_device_list_destroy(list);
}

static void no_driver_is_an_empty_list(void **state)
{
    tsr_device_list *list = list_of((const char *[]){NULL});
    size_t index;

    (void)state;
    assert_int_equal(tsr_device_list_count(list), 0);
    assert_int_equal(tsr_device_list_find(list, NULL, &index), TSR_ERROR_NO_DEVICE);
    assert_non_null(strstr(tsr_error_detail(), "install pocl-opencl-icd"));
    tsr_device_list_destroy(list);
}

static void a_driver_that_crashes_is_explained_and_hurts_nobody(void **state)
{
    tsr_device_list *list =
        list_of((const char *[]){"fake_abort.so", POCL, "fake_good.so", NULL});
    const tsr_device_entry *entry = entry_of(list, "fake_abort.so");

    (void)state;
    assert_false(entry->usable);
    assert_non_null(strstr(entry->reason, "crashed with SIGABRT"));
    assert_non_null(strstr(entry->info.driver, "fake_abort.so.icd"));
    assert_true(entry_of(list, "Portable")->usable);
    assert_true(entry_of(list, "Fake good")->usable);
    assert_ptr_equal(tsr_device_list_get(list, 0), entry_of(list, "Fake good"));
    assert_ptr_equal(tsr_device_list_get(list, 2), entry);
    tsr_device_list_destroy(list);
}

static void a_driver_that_hangs_is_cut_off(void **state)
{
    tsr_device_list *list;
    const tsr_device_entry *entry;

    (void)state;
    atomic_store(&tsr__ask_milliseconds, 4000);
    list = list_of((const char *[]){"fake_hang.so", POCL, NULL});
    atomic_store(&tsr__ask_milliseconds, 30000);
    entry = entry_of(list, "fake_hang.so");
    assert_non_null(strstr(entry->reason, "did not answer within 4 s"));
    assert_true(entry_of(list, "Portable")->usable);
    tsr_device_list_destroy(list);
}

static void two_drivers_that_do_not_stand_each_other_leave_one(void **state)
{
    tsr_device_list *list = list_of((const char *[]){"fake_jealous.so", POCL, NULL});

    (void)state;
    assert_true(entry_of(list, "Fake jealous")->usable);
    assert_non_null(strstr(entry_of(list, POCL)->reason, "beside the other drivers"));
    assert_int_equal(tsr_device_list_count(list), 2);
    tsr_device_list_destroy(list);
}

static void a_library_that_is_missing_is_explained(void **state)
{
    tsr_device_list *list = list_of((const char *[]){"libabsent.so", POCL, NULL});
    const tsr_device_entry *entry = entry_of(list, "libabsent.so");

    (void)state;
    assert_false(entry->usable);
    assert_non_null(strstr(entry->reason, "cannot be loaded"));
    assert_true(entry_of(list, "Portable")->usable);
    tsr_device_list_destroy(list);
}

static void a_crash_in_one_devices_compiler_leaves_the_others(void **state)
{
    tsr_device_list *list = list_of((const char *[]){"fake_mixed.so", NULL});
    const tsr_device_entry *last = tsr_device_list_get(list, 2);

    (void)state;
    assert_int_equal(tsr_device_list_count(list), 3);
    assert_string_equal(tsr_device_list_get(list, 0)->info.name, "Fake GPU 1");
    assert_true(tsr_device_list_get(list, 0)->usable);
    assert_string_equal(tsr_device_list_get(list, 1)->info.name, "Fake GPU 3");
    assert_true(tsr_device_list_get(list, 1)->usable);
    assert_string_equal(last->info.name, "Fake GPU 2");
    assert_false(last->usable);
    assert_non_null(strstr(last->reason, "crashed with SIGABRT during the self-test"));
    tsr_device_list_destroy(list);
}

static void each_other_fault_has_its_reason(void **state)
{
    tsr_device_list *list = list_of(
        (const char *[]){"fake_wrong.so", "fake_nocompiler.so", "fake_empty.so", NULL});
    size_t index;

    (void)state;
    assert_int_equal(tsr_device_list_count(list), 3);
    assert_non_null(strstr(entry_of(list, "Fake wrong")->reason, "not 34"));
    assert_non_null(strstr(entry_of(list, "Fake nocompiler")->reason, "compiler"));
    assert_non_null(strstr(entry_of(list, "Fake empty")->reason, "no devices"));
    assert_string_equal(entry_of(list, "Fake empty")->info.name, "");
    assert_int_equal(tsr_device_list_find(list, NULL, &index), TSR_ERROR_NO_DEVICE);
    assert_non_null(strstr(tsr_error_detail(), "not 34"));
    assert_non_null(strstr(tsr_error_detail(), "no devices"));
    tsr_device_list_destroy(list);
}

static void a_malformed_limit_is_the_callers_error(void **state)
{
    tsr_device_list *list = list_of((const char *[]){NULL}), *before = list;

    (void)state;
    setenv("TESSERA_MAX_ALLOC", "much", 1);
    assert_int_equal(tsr_device_list_create(&list), TSR_ERROR_ARGUMENT);
    assert_null(list);
    assert_non_null(strstr(tsr_error_detail(), "\"much\""));
    unsetenv("TESSERA_MAX_ALLOC");
    tsr_device_list_destroy(before);
}

static void null_is_an_argument_error_and_no_crash(void **state)
{
    size_t index;

    (void)state;
    assert_int_equal(tsr_device_list_create(NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_device_list_find(NULL, NULL, &index), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_device_list_count(NULL), 0);
    assert_null(tsr_device_list_get(NULL, 0));
    tsr_device_list_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_device_is_usable_and_has_no_reason),
        cmocka_unit_test(no_driver_is_an_empty_list),
        cmocka_unit_test(a_driver_that_crashes_is_explained_and_hurts_nobody),
        cmocka_unit_test(a_driver_that_hangs_is_cut_off),
        cmocka_unit_test(two_drivers_that_do_not_stand_each_other_leave_one),
        cmocka_unit_test(a_library_that_is_missing_is_explained),
        cmocka_unit_test(a_crash_in_one_devices_compiler_leaves_the_others),
        cmocka_unit_test(each_other_fault_has_its_reason),
        cmocka_unit_test(a_malformed_limit_is_the_callers_error),
        cmocka_unit_test(null_is_an_argument_error_and_no_crash),
    };

    unsetenv("TESSERA_DEVICE");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
