/* lib/device/facts.c: what the driver says, and the sizes people write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device/facts.h"

static cl_platform_id platform;
static cl_device_id id;

static int find_device(void **state)
{
    (void)state;
    return clGetPlatformIDs(1, &platform, NULL) ||
           clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &id, NULL);
}

static void a_size_is_bytes_or_has_a_suffix(void **state)
{
    uint64_t bytes = 0;

    (void)state;
    assert_true(tsr__parse_size("1048577", &bytes) && bytes == 1048577);
    assert_true(tsr__parse_size("1K", &bytes) && bytes == 1024);
    assert_true(tsr__parse_size("3m", &bytes) && bytes == 3u << 20);
    assert_true(tsr__parse_size("2G", &bytes) && bytes == UINT64_C(2) << 30);
    assert_true(tsr__parse_size("18446744073709551615", &bytes) && bytes == UINT64_MAX);
}

static void anything_else_is_not_a_size(void **state)
{
    static const char *const malformed[] = {"",
                                            "x",
                                            "-1",
                                            "+1",
                                            " 1",
                                            "1 ",
                                            "1KB",
                                            "1T",
                                            "K",
                                            "0",
                                            "0K",
                                            "1.5M",
                                            "0x10",
                                            "18446744073709551616",
                                            "17179869184G"};
    uint64_t bytes = 7;

    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        assert_false(tsr__parse_size(malformed[i], &bytes));
    assert_int_equal(bytes, 7);
}

static void one_type_bit_is_that_type(void **state)
{
    (void)state;
    assert_int_equal(tsr__type_of_bits(CL_DEVICE_TYPE_GPU), TSR_DEVICE_GPU);
    assert_int_equal(tsr__type_of_bits(CL_DEVICE_TYPE_CPU), TSR_DEVICE_CPU);
    assert_int_equal(tsr__type_of_bits(CL_DEVICE_TYPE_ACCELERATOR),
                     TSR_DEVICE_ACCELERATOR);
    assert_int_equal(tsr__type_of_bits(CL_DEVICE_TYPE_CUSTOM), TSR_DEVICE_OTHER);
    assert_int_equal(tsr__type_of_bits(CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_DEFAULT),
                     TSR_DEVICE_GPU);
}

static void a_simulator_of_everything_is_a_cpu(void **state)
{
    (void)state;
    assert_int_equal(tsr__type_of_bits(CL_DEVICE_TYPE_CPU | CL_DEVICE_TYPE_GPU |
                                       CL_DEVICE_TYPE_ACCELERATOR),
                     TSR_DEVICE_CPU);
}

static void facts_are_what_the_driver_says(void **state)
{
    tsr_device_info info;
    cl_ulong memory, max_alloc;
    char name[128];

    (void)state;
    unsetenv("TESSERA_MAX_ALLOC");
    assert_int_equal(tsr__facts_read(platform, id, &info), TSR_OK);
    clGetDeviceInfo(id, CL_DEVICE_NAME, sizeof name, name, NULL);
    clGetDeviceInfo(id, CL_DEVICE_GLOBAL_MEM_SIZE, sizeof memory, &memory, NULL);
    clGetDeviceInfo(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof max_alloc, &max_alloc,
                    NULL);
    assert_string_equal(info.name, name);
    assert_int_equal(info.memory_bytes, memory);
    assert_int_equal(info.max_alloc_bytes, max_alloc);
    assert_true(info.float_lanes >= 1 && info.compute_units >= 1);
    assert_int_equal(info.fp64, info.double_lanes > 0);
    assert_true(info.max_group_size >= 1 && info.max_item_sizes[2] >= 1);
}

static void max_alloc_can_be_made_smaller_but_not_larger(void **state)
{
    tsr_device_info info, whole;

    (void)state;
    unsetenv("TESSERA_MAX_ALLOC");
    assert_int_equal(tsr__facts_read(platform, id, &whole), TSR_OK);
    setenv("TESSERA_MAX_ALLOC", "64K", 1);
    assert_int_equal(tsr__facts_read(platform, id, &info), TSR_OK);
    assert_int_equal(info.max_alloc_bytes, 65536);
    setenv("TESSERA_MAX_ALLOC", "1000000000000G", 1);
    assert_int_equal(tsr__facts_read(platform, id, &info), TSR_ERROR_ARGUMENT);
    setenv("TESSERA_MAX_ALLOC", "16000000000G", 1);
    assert_int_equal(tsr__facts_read(platform, id, &info), TSR_OK);
    assert_int_equal(info.max_alloc_bytes, whole.max_alloc_bytes);
    unsetenv("TESSERA_MAX_ALLOC");
}

static void a_malformed_max_alloc_is_an_error_that_shows_it(void **state)
{
    tsr_device_info info;

    (void)state;
    setenv("TESSERA_MAX_ALLOC", "lots", 1);
    assert_int_equal(tsr__facts_read(platform, id, &info), TSR_ERROR_ARGUMENT);
    assert_non_null(strstr(tsr_error_detail(), "\"lots\""));
    unsetenv("TESSERA_MAX_ALLOC");
}

static void every_type_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(tsr_device_type_name(TSR_DEVICE_GPU), "gpu");
    assert_string_equal(tsr_device_type_name(TSR_DEVICE_CPU), "cpu");
    assert_string_equal(tsr_device_type_name(TSR_DEVICE_ACCELERATOR), "accelerator");
    assert_string_equal(tsr_device_type_name((tsr_device_type)99), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_is_bytes_or_has_a_suffix),
        cmocka_unit_test(anything_else_is_not_a_size),
        cmocka_unit_test(one_type_bit_is_that_type),
        cmocka_unit_test(a_simulator_of_everything_is_a_cpu),
        cmocka_unit_test(facts_are_what_the_driver_says),
        cmocka_unit_test(max_alloc_can_be_made_smaller_but_not_larger),
        cmocka_unit_test(a_malformed_max_alloc_is_an_error_that_shows_it),
        cmocka_unit_test(every_type_has_a_name),
    };

    return cmocka_run_group_tests(tests, find_device, NULL);
}
