/* lib/device/order.c: which device is better, and what each is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device/select.h"

static void add(tsr__entries *entries, const char *platform, const char *name,
                tsr_device_type type, unsigned platform_index, unsigned device_index)
{
    tsr_device_entry entry = {.usable = true};

    strcpy(entry.info.platform, platform);
    strcpy(entry.info.name, name);
    entry.info.type = type;
    entry.info.platform_index = platform_index;
    entry.info.device_index = device_index;
    entry.info.compute_units = 1;
    entry.info.clock_mhz = 1000;
    assert_int_equal(tsr__entries_add(entries, &entry), TSR_OK);
}

static const char *name_at(const tsr__entries *entries, size_t index)
{
    return entries->items[index].info.name;
}

static void gpu_comes_before_accelerator_before_cpu(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "P", "other", TSR_DEVICE_OTHER, 0, 0);
    add(&entries, "P", "cpu", TSR_DEVICE_CPU, 0, 1);
    add(&entries, "P", "accelerator", TSR_DEVICE_ACCELERATOR, 0, 2);
    add(&entries, "P", "gpu", TSR_DEVICE_GPU, 0, 3);
    entries.items[1].info.compute_units = 1000; /* type decides before speed */
    tsr__order(&entries);
    assert_string_equal(name_at(&entries, 0), "gpu");
    assert_string_equal(name_at(&entries, 1), "accelerator");
    assert_string_equal(name_at(&entries, 2), "cpu");
    assert_string_equal(name_at(&entries, 3), "other");
    tsr__entries_free(&entries);
}

static void then_units_times_clock_then_memory(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "P", "4 x 1000, little memory", TSR_DEVICE_GPU, 0, 0);
    add(&entries, "P", "4 x 1000, much memory", TSR_DEVICE_GPU, 0, 1);
    add(&entries, "P", "2 x 3000", TSR_DEVICE_GPU, 0, 2);
    entries.items[0].info.compute_units = 4;
    entries.items[0].info.memory_bytes = 1;
    entries.items[1].info.compute_units = 4;
    entries.items[1].info.memory_bytes = 2;
    entries.items[2].info.compute_units = 2;
    entries.items[2].info.clock_mhz = 3000;
    tsr__order(&entries);
    assert_string_equal(name_at(&entries, 0), "2 x 3000");
    assert_string_equal(name_at(&entries, 1), "4 x 1000, much memory");
    assert_string_equal(name_at(&entries, 2), "4 x 1000, little memory");
    tsr__entries_free(&entries);
}

static void an_unknown_clock_counts_as_one_gigahertz(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "P", "900 MHz", TSR_DEVICE_GPU, 0, 0);
    add(&entries, "P", "unknown", TSR_DEVICE_GPU, 0, 1);
    add(&entries, "P", "1100 MHz", TSR_DEVICE_GPU, 0, 2);
    entries.items[0].info.clock_mhz = 900;
    entries.items[1].info.clock_mhz = 0;
    entries.items[2].info.clock_mhz = 1100;
    tsr__order(&entries);
    assert_string_equal(name_at(&entries, 0), "1100 MHz");
    assert_string_equal(name_at(&entries, 1), "unknown");
    tsr__entries_free(&entries);
}

static void equal_devices_stay_as_the_loader_lists_them(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "B", "third", TSR_DEVICE_GPU, 1, 0);
    add(&entries, "A", "second", TSR_DEVICE_GPU, 0, 1);
    add(&entries, "A", "first", TSR_DEVICE_GPU, 0, 0);
    tsr__order(&entries);
    assert_string_equal(name_at(&entries, 0), "first");
    assert_string_equal(name_at(&entries, 1), "second");
    assert_string_equal(name_at(&entries, 2), "third");
    tsr__entries_free(&entries);
}

static void what_is_not_usable_comes_after_what_is(void **state)
{
    tsr__entries entries = {NULL, 0, 0};
    tsr_device_entry driver = tsr__entry_for_driver("libbroken.so", "broken.icd");

    (void)state;
    tsr__entry_reject(&driver, "crashed");
    assert_int_equal(tsr__entries_add(&entries, &driver), TSR_OK);
    add(&entries, "P", "broken gpu", TSR_DEVICE_GPU, 0, 0);
    add(&entries, "P", "cpu", TSR_DEVICE_CPU, 0, 1);
    tsr__entry_reject(&entries.items[1], "wrong product");
    tsr__order(&entries);
    assert_string_equal(name_at(&entries, 0), "cpu");
    assert_string_equal(name_at(&entries, 1), "broken gpu");
    assert_string_equal(entries.items[2].info.platform, "libbroken.so");
    tsr__entries_free(&entries);
}

static void a_spec_is_made_of_both_names(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "Portable Computing Language", "pthread: EPYC", TSR_DEVICE_CPU, 3, 0);
    tsr__assign_specs(&entries);
    assert_string_equal(entries.items[0].info.spec,
                        "Portable Computing Language:pthread: EPYC");
    tsr__entries_free(&entries);
}

static void devices_of_one_name_are_told_apart_by_index(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "CUDA", "H100", TSR_DEVICE_GPU, 2, 0);
    add(&entries, "CUDA", "h100", TSR_DEVICE_GPU, 2, 1); /* names have no case */
    add(&entries, "CUDA", "A100", TSR_DEVICE_GPU, 2, 2);
    tsr__assign_specs(&entries);
    assert_string_equal(entries.items[0].info.spec, "2:0");
    assert_string_equal(entries.items[1].info.spec, "2:1");
    assert_string_equal(entries.items[2].info.spec, "CUDA:A100");
    tsr__entries_free(&entries);
}

static void two_cuts_of_one_text_are_told_apart_by_index(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "a:b", "c", TSR_DEVICE_GPU, 0, 0);
    add(&entries, "a", "b:c", TSR_DEVICE_GPU, 1, 0);
    tsr__assign_specs(&entries);
    assert_string_equal(entries.items[0].info.spec, "0:0");
    assert_string_equal(entries.items[1].info.spec, "1:0");
    tsr__entries_free(&entries);
}

static void a_name_that_is_a_number_or_nothing_is_not_used(void **state)
{
    tsr__entries entries = {NULL, 0, 0};

    (void)state;
    add(&entries, "1", "0", TSR_DEVICE_GPU, 0, 0);
    add(&entries, "P", "", TSR_DEVICE_GPU, 1, 0);
    add(&entries, "", "D", TSR_DEVICE_GPU, 2, 0);
    tsr__assign_specs(&entries);
    assert_string_equal(entries.items[0].info.spec, "0:0");
    assert_string_equal(entries.items[1].info.spec, "1:0");
    assert_string_equal(entries.items[2].info.spec, "2:0");
    tsr__entries_free(&entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gpu_comes_before_accelerator_before_cpu),
        cmocka_unit_test(then_units_times_clock_then_memory),
        cmocka_unit_test(an_unknown_clock_counts_as_one_gigahertz),
        cmocka_unit_test(equal_devices_stay_as_the_loader_lists_them),
        cmocka_unit_test(what_is_not_usable_comes_after_what_is),
        cmocka_unit_test(a_spec_is_made_of_both_names),
        cmocka_unit_test(devices_of_one_name_are_told_apart_by_index),
        cmocka_unit_test(two_cuts_of_one_text_are_told_apart_by_index),
        cmocka_unit_test(a_name_that_is_a_number_or_nothing_is_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
