/* What records are about: another device, driver or version is seen, kin is recognised. */
#include "tune/about.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "program/sources.h"

static tsr_device_info some_gpu(void)
{
    return (tsr_device_info){.platform = "A platform",
                             .vendor = "A vendor",
                             .name = "A device",
                             .driver = "1.2.3",
                             .version = "OpenCL 3.0",
                             .type = TSR_DEVICE_GPU,
                             .family = TSR_FAMILY_NVIDIA,
                             .generation = 90,
                             .compute_units = 80};
}

static void heads_of_one_device_do_not_differ(void **state)
{
    tsr_device_info info = some_gpu();
    char head[TSR__HEAD_SIZE];
    tsr__difference d;

    (void)state;
    tsr__about(&info, head);
    assert_non_null(strstr(head, "\ndriver 1.2.3\n"));
    assert_int_equal(head[strlen(head) - 1], '\n');
    assert_null(strstr(head, "\n\n"));
    assert_false(tsr__about_differ(head, strlen(head), head, &d));
}

static void the_field_that_differs_is_named_with_both_values(void **state)
{
    tsr_device_info info = some_gpu(), other = some_gpu();
    char ours[TSR__HEAD_SIZE], theirs[TSR__HEAD_SIZE];
    tsr__difference d;

    (void)state;
    strcpy(other.driver, "1.2.4");
    tsr__about(&info, ours);
    tsr__about(&other, theirs);
    assert_true(tsr__about_differ(theirs, strlen(theirs), ours, &d));
    assert_string_equal(d.field, "driver");
    assert_string_equal(d.theirs, "1.2.4");
    assert_string_equal(d.ours, "1.2.3");
}

static void every_fact_that_changes_times_differs(void **state)
{
    tsr_device_info all[9];
    char ours[TSR__HEAD_SIZE], theirs[TSR__HEAD_SIZE];
    tsr__difference d;

    (void)state;
    for (size_t i = 0; i < 9; i++)
        all[i] = some_gpu();
    all[0].platform[0] = all[1].vendor[0] = all[2].name[0] = 'B';
    all[3].driver[0] = all[4].version[0] = 'B';
    all[5].type = TSR_DEVICE_CPU;
    all[6].family = TSR_FAMILY_AMD;
    all[7].generation = 91;
    all[8].compute_units = 79;
    for (size_t i = 0; i < 9; i++) {
        tsr_device_info info = some_gpu();

        tsr__about(&info, ours);
        tsr__about(&all[i], theirs);
        assert_true(tsr__about_differ(theirs, strlen(theirs), ours, &d));
    }
}

static void a_head_changed_at_any_byte_or_cut_short_differs(void **state)
{
    tsr_device_info info = some_gpu();
    char ours[TSR__HEAD_SIZE], theirs[TSR__HEAD_SIZE];
    tsr__difference d;

    (void)state;
    tsr__about(&info, ours);
    for (size_t i = 0; i < strlen(ours) - 1; i++) {
        strcpy(theirs, ours);
        theirs[i] ^= 1;
        assert_true(tsr__about_differ(theirs, strlen(theirs), ours, &d));
        assert_true(tsr__about_differ(ours, i, ours, &d));
    }
}

static tsr__kinship kinship(const tsr_device_info *of, const tsr_device_info *to)
{
    char head[TSR__HEAD_SIZE];

    tsr__about(of, head);
    return tsr__about_kinship(head, strlen(head), to);
}

static void kinship_is_by_device_generation_vendor_and_type(void **state)
{
    tsr_device_info info = some_gpu(), other = some_gpu();

    (void)state;
    strcpy(other.driver, "another");
    assert_int_equal(kinship(&other, &info), TSR__KIN_DEVICE);
    strcpy(other.name, "A larger device");
    other.compute_units = 132;
    assert_int_equal(kinship(&other, &info), TSR__KIN_GENERATION);
    other.generation = 80;
    assert_int_equal(kinship(&other, &info), TSR__KIN_VENDOR);
    other.family = TSR_FAMILY_AMD;
    strcpy(other.vendor, "Another vendor");
    assert_int_equal(kinship(&other, &info), TSR__KIN_TYPE);
    other.type = TSR_DEVICE_CPU;
    assert_int_equal(kinship(&other, &info), TSR__KIN_NONE);
}

static void a_name_that_goes_on_is_another(void **state)
{
    tsr_device_info info = some_gpu(), other = some_gpu();

    (void)state;
    strcpy(other.name, "A device II");
    assert_int_equal(kinship(&other, &info), TSR__KIN_GENERATION);
    assert_int_equal(kinship(&info, &other), TSR__KIN_GENERATION);
}

static void one_number_of_two_families_is_no_generation(void **state)
{
    tsr_device_info info = some_gpu(), other = some_gpu();

    (void)state;
    other.family = TSR_FAMILY_AMD;
    strcpy(other.name, "Another device");
    assert_int_equal(kinship(&other, &info), TSR__KIN_VENDOR);
}

/* A change to any of them is a change of the whole. */
static void the_hash_of_the_kernels_is_of_all_in_turn(void **state)
{
    tsr_device_info info = some_gpu();
    char head[TSR__HEAD_SIZE], wanted[64];
    XXH64_hash_t hash = 0;

    (void)state;
    tsr__about(&info, head);
    for (size_t i = 0; i < tsr__sources_count; i++)
        hash = XXH3_64bits_withSeed(tsr__sources[i].text, tsr__sources[i].length, hash);
    snprintf(wanted, sizeof wanted, "\nkernels %016llx\n", (unsigned long long)hash);
    assert_non_null(strstr(head, wanted));
}

static void unknown_generations_are_not_the_same(void **state)
{
    tsr_device_info info = some_gpu(), other = some_gpu();

    (void)state;
    info.generation = other.generation = 0;
    strcpy(other.name, "Another device");
    assert_int_equal(kinship(&other, &info), TSR__KIN_VENDOR);
}

static void another_format_is_no_kin(void **state)
{
    tsr_device_info info = some_gpu();
    char head[TSR__HEAD_SIZE];

    (void)state;
    tsr__about(&info, head);
    *strchr(head, '1') = '2';
    assert_int_equal(tsr__about_kinship(head, strlen(head), &info), TSR__KIN_NONE);
    assert_int_equal(tsr__about_kinship("", 0, &info), TSR__KIN_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_of_one_device_do_not_differ),
        cmocka_unit_test(the_field_that_differs_is_named_with_both_values),
        cmocka_unit_test(every_fact_that_changes_times_differs),
        cmocka_unit_test(a_head_changed_at_any_byte_or_cut_short_differs),
        cmocka_unit_test(kinship_is_by_device_generation_vendor_and_type),
        cmocka_unit_test(unknown_generations_are_not_the_same),
        cmocka_unit_test(a_name_that_goes_on_is_another),
        cmocka_unit_test(one_number_of_two_families_is_no_generation),
        cmocka_unit_test(the_hash_of_the_kernels_is_of_all_in_turn),
        cmocka_unit_test(another_format_is_no_kin),
    };

    return cmocka_run_group_tests_name("about", tests, NULL, NULL);
}
