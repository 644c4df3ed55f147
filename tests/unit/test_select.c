/* lib/device/select.c: which device a spec means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device/select.h"

/* A machine with everything; see make_machine for what is where. */
static tsr__entries machine;

enum { H100_A, H100_B, RUSTICL, GTX, POCL, BROKEN, EMPTY, COUNT };

static void add(const char *platform, const char *name, const char *version,
                tsr_device_type type, unsigned platform_index, unsigned device_index)
{
    tsr_device_entry entry = {.usable = true};

    strcpy(entry.info.platform, platform);
    strcpy(entry.info.name, name);
    strcpy(entry.info.version, version);
    entry.info.type = type;
    entry.info.platform_index = platform_index;
    entry.info.device_index = device_index;
    assert_int_equal(tsr__entries_add(&machine, &entry), TSR_OK);
}

static int make_machine(void **state)
{
    tsr_device_entry empty = tsr__entry_for_driver("Clover", "");

    (void)state;
    add("NVIDIA CUDA", "NVIDIA H100 80GB", "OpenCL 3.0 CUDA", TSR_DEVICE_GPU, 1, 0);
    add("NVIDIA CUDA", "NVIDIA H100 80GB", "OpenCL 3.0 CUDA", TSR_DEVICE_GPU, 1, 1);
    add("rusticl", "llvmpipe (LLVM 15.0.6, 256 bits)", "OpenCL 3.0 ", TSR_DEVICE_GPU, 2,
        0);
    add("Odd: Works", "GeForce 1080", "OpenCL 1.2", TSR_DEVICE_ACCELERATOR, 4, 0);
    add("Portable Computing Language", "pthread-haswell-AMD EPYC",
        "OpenCL 3.0 PoCL HSTR: pthread", TSR_DEVICE_CPU, 0, 0);
    add("Bad", "Wrong GPU", "OpenCL 1.2", TSR_DEVICE_GPU, 3, 0);
    tsr__entry_reject(&machine.items[BROKEN], "two and two is five");
    empty.info.platform_index = 5;
    tsr__entry_reject(&empty, "no devices");
    if (tsr__entries_add(&machine, &empty))
        return -1;
    tsr__assign_specs(&machine);
    return 0;
}

static int free_machine(void **state)
{
    (void)state;
    tsr__entries_free(&machine);
    return 0;
}

/* The first match for a spec that must succeed. */
static int first_match(const char *spec)
{
    bool matches[COUNT];

    if (tsr__select(&machine, spec, matches))
        fail_msg("\"%s\": %s", spec, tsr_error_detail());
    for (int i = 0; i < COUNT; i++)
        if (matches[i])
            return i;
    fail_msg("\"%s\" succeeded and matches nothing", spec);
    return -1;
}

static tsr_status status_of(const char *spec)
{
    bool matches[COUNT];

    return tsr__select(&machine, spec, matches);
}

static void no_spec_matches_everything(void **state)
{
    bool matches[COUNT];

    (void)state;
    assert_int_equal(tsr__select(&machine, NULL, matches), TSR_OK);
    for (int i = 0; i < COUNT; i++)
        assert_true(matches[i]);
    assert_int_equal(tsr__select(&machine, "", matches), TSR_OK);
    assert_true(matches[COUNT - 1]);
}

static void a_type_word_matches_all_of_that_type(void **state)
{
    bool matches[COUNT];

    (void)state;
    assert_int_equal(tsr__select(&machine, "gpu", matches), TSR_OK);
    assert_true(matches[H100_A] && matches[H100_B] && matches[RUSTICL]);
    assert_false(matches[GTX] || matches[POCL] || matches[EMPTY]);
    assert_int_equal(first_match("CPU"), POCL);
    assert_int_equal(first_match("Accelerator"), GTX);
    assert_int_equal(first_match("  cpu "), POCL);
}

static void an_index_pair_is_a_device(void **state)
{
    (void)state;
    assert_int_equal(first_match("0:0"), POCL);
    assert_int_equal(first_match("1:0"), H100_A);
    assert_int_equal(first_match("1:1"), H100_B);
    assert_int_equal(first_match("2"), RUSTICL);
}

static void names_match_in_part_and_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(first_match("PORTABLE"), POCL);
    assert_int_equal(first_match("rusticl"), RUSTICL);
    assert_int_equal(first_match("nvidia:h100"), H100_A);
    assert_int_equal(first_match("cuda:1"), H100_B);
    assert_int_equal(first_match("1:80gb"), H100_A);
    assert_int_equal(first_match("computing language:epyc"), POCL);
}

static void pocl_is_found_by_the_name_it_goes_by(void **state)
{
    (void)state;
    assert_int_equal(first_match("pocl"), POCL);
    assert_int_equal(first_match("PoCL:pthread"), POCL);
}

static void a_device_name_alone_is_found_if_no_platform_has_it(void **state)
{
    (void)state;
    assert_int_equal(first_match("llvmpipe"), RUSTICL);
    assert_int_equal(first_match("epyc"), POCL);
    assert_int_equal(first_match("NVIDIA"), H100_A);
}

static void a_number_is_an_index_first_and_a_name_otherwise(void **state)
{
    (void)state;
    assert_int_equal(first_match("1"), H100_A); /* platform 1, not "... 1080" */
    assert_int_equal(first_match("1080"), GTX); /* no platform 1080 */
    assert_int_equal(first_match("4:1080"), GTX);
    assert_int_equal(first_match("4:0"), GTX);
    assert_int_equal(first_match("cuda:0"), H100_A);
}

static void a_pasted_line_chooses_the_same_device(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT - 1; i++) {
        bool matches[COUNT];

        assert_int_equal(tsr__select(&machine, machine.items[i].info.spec, matches),
                         TSR_OK);
        for (int j = 0; j < COUNT; j++)
            assert_int_equal(matches[j], i == j);
    }
}

static void a_pasted_line_is_exact_where_one_name_is_part_of_another(void **state)
{
    tsr__entries twins = {NULL, 0, 0};
    tsr_device_entry entry = {.usable = true};
    bool matches[2];

    (void)state;
    strcpy(entry.info.platform, "P");
    strcpy(entry.info.name, "GPU X Pro");
    assert_int_equal(tsr__entries_add(&twins, &entry), TSR_OK);
    strcpy(entry.info.name, "GPU X");
    entry.info.device_index = 1;
    assert_int_equal(tsr__entries_add(&twins, &entry), TSR_OK);
    tsr__assign_specs(&twins);
    assert_int_equal(tsr__select(&twins, "P:GPU X", matches), TSR_OK);
    assert_false(matches[0]);
    assert_true(matches[1]);
    assert_int_equal(tsr__select(&twins, "P:GPU", matches), TSR_OK);
    assert_true(matches[0] && matches[1]);
    tsr__entries_free(&twins);
}

static void a_colon_may_be_part_of_a_name(void **state)
{
    (void)state;
    assert_int_equal(first_match("odd: works:geforce"), GTX);
    assert_int_equal(first_match("Odd: Works"), GTX);
    assert_int_equal(first_match("odd:geforce"), GTX);
    assert_int_equal(first_match("odd : geforce"), GTX);
}

static void a_name_may_end_with_a_colon(void **state)
{
    tsr_device_entry entry = {.usable = true,
                              .info = {.platform = "Ends", .name = "with a colon:"}};
    tsr__entries one = {&entry, 1, 1};
    bool matches[1] = {false};

    (void)state;
    tsr__assign_specs(&one);
    assert_string_equal(entry.info.spec, "Ends:with a colon:");
    assert_int_equal(tsr__select(&one, " ends:with a colon: ", matches), TSR_OK);
    assert_true(matches[0]);
    assert_int_equal(tsr__select(&one, "with a colon:", matches), TSR_ERROR_ARGUMENT);
}

static void an_empty_part_is_malformed(void **state)
{
    static const char *const malformed[] = {":", "::", "pocl:", ":0", " ", " : ", "0:"};

    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        assert_int_equal(status_of(malformed[i]), TSR_ERROR_ARGUMENT);
}

static void a_spec_that_matches_nothing_lists_what_is_there(void **state)
{
    static const char *const nothing[] = {
        "0:99", "7",     "99999999999999999999:0", "voodoo",     "pocl:voodoo",
        "gpus", "a:b:c", "4294967295:4294967295",  "4294967295", "5:4294967295"};

    (void)state;
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        assert_int_equal(status_of(nothing[i]), TSR_ERROR_NO_MATCH);
        assert_non_null(strstr(tsr_error_detail(), nothing[i]));
        assert_non_null(strstr(tsr_error_detail(), machine.items[POCL].info.spec));
        assert_null(strstr(tsr_error_detail(), "Wrong GPU"));
    }
}

static void a_spec_may_name_what_is_not_usable(void **state)
{
    bool matches[COUNT];

    (void)state;
    assert_int_equal(tsr__select(&machine, "bad", matches), TSR_OK);
    assert_true(matches[BROKEN]);
    assert_int_equal(tsr__fail_no_device(&machine, matches), TSR_ERROR_NO_DEVICE);
    assert_non_null(strstr(tsr_error_detail(), "two and two is five"));
    /* PoCL is here. */
    assert_non_null(
        strstr(tsr_error_detail(), ". Or install your GPU vendor's driver"));
    assert_int_equal(first_match("clover"), EMPTY);
    assert_int_equal(first_match("5"), EMPTY);
}

static void nothing_at_all_names_the_package_to_install(void **state)
{
    const tsr__entries none = {NULL, 0, 0};

    (void)state;
    unsetenv("OCL_ICD_VENDORS");
    assert_int_equal(tsr__select(&none, NULL, NULL), TSR_ERROR_NO_DEVICE);
    assert_non_null(strstr(tsr_error_detail(), "found: install pocl-opencl-icd"));
    setenv("OCL_ICD_VENDORS", "/nowhere", 1);
    assert_int_equal(tsr__select(&none, NULL, NULL), TSR_ERROR_NO_DEVICE);
    assert_non_null(strstr(tsr_error_detail(),
                           "where OCL_ICD_VENDORS says, "
                           "\"/nowhere\": unset it, or install pocl-"));
    assert_int_equal(tsr__select(&none, "cpu", NULL), TSR_ERROR_NO_DEVICE);
    assert_int_equal(tsr__select(&none, ":", NULL), TSR_ERROR_ARGUMENT);
}

static void a_very_long_spec_matches_nothing(void **state)
{
    char spec[20000];

    (void)state;
    memset(spec, 'x', sizeof spec - 1);
    spec[sizeof spec - 1] = '\0';
    assert_int_equal(status_of(spec), TSR_ERROR_NO_MATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_spec_matches_everything),
        cmocka_unit_test(a_type_word_matches_all_of_that_type),
        cmocka_unit_test(an_index_pair_is_a_device),
        cmocka_unit_test(names_match_in_part_and_in_any_case),
        cmocka_unit_test(pocl_is_found_by_the_name_it_goes_by),
        cmocka_unit_test(a_device_name_alone_is_found_if_no_platform_has_it),
        cmocka_unit_test(a_number_is_an_index_first_and_a_name_otherwise),
        cmocka_unit_test(a_pasted_line_chooses_the_same_device),
        cmocka_unit_test(a_pasted_line_is_exact_where_one_name_is_part_of_another),
        cmocka_unit_test(a_colon_may_be_part_of_a_name),
        cmocka_unit_test(a_name_may_end_with_a_colon),
        cmocka_unit_test(an_empty_part_is_malformed),
        cmocka_unit_test(a_spec_that_matches_nothing_lists_what_is_there),
        cmocka_unit_test(a_spec_may_name_what_is_not_usable),
        cmocka_unit_test(nothing_at_all_names_the_package_to_install),
        cmocka_unit_test(a_very_long_spec_matches_nothing),
    };

    return cmocka_run_group_tests(tests, make_machine, free_machine);
}
