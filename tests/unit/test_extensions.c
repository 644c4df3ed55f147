/* lib/device/extensions.c: facts from vendors' extensions, by drivers that abort when they
 * are asked what they do not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../fakes/vendor_folder.h"
#include "device/extensions.h"
#include "device/facts.h"

static cl_platform_id platforms[8];
static cl_uint num_platforms;

/* All of them in one process: the loader loads its drivers once. */
static int load_fakes(void **state)
{
    vendor_folder folder;
    cl_int code;

    (void)state;
    open_vendors(&folder, (const char *[]){"fake_nvidia.so", "fake_amd.so",
                                           "fake_intel.so", "fake_khronos.so",
                                           "fake_foreign.so", "fake_good.so", NULL});
    code = clGetPlatformIDs(8, platforms, &num_platforms);
    close_vendors(&folder);
    return code;
}

/* The facts of the only device of the platform "Fake MODE". */
static tsr_device_info facts_of(const char *mode)
{
    char wanted[64];

    snprintf(wanted, sizeof wanted, "Fake %s", mode);
    for (cl_uint i = 0; i < num_platforms; i++) {
        char name[64] = "";
        tsr_device_info info;
        cl_device_id id;

        clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof name, name, NULL);
        if (strcmp(name, wanted) != 0)
            continue;
        assert_int_equal(clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_ALL, 1, &id, NULL),
                         CL_SUCCESS);
        assert_int_equal(tsr__facts_read(platforms[i], id, &info), TSR_OK);
        return info;
    }
    fail_msg("no platform %s", wanted);
    abort(); /* fail_msg does not return */
}

static void nvidia_says_warp_registers_and_capability(void **state)
{
    tsr_device_info info = facts_of("nvidia");

    (void)state;
    assert_int_equal(info.family, TSR_FAMILY_NVIDIA);
    assert_int_equal(info.generation, 91);
    assert_int_equal(info.wave_items, 32);
    assert_int_equal(info.unit_registers, 65536);
    assert_true(info.fp16);
}

static void amd_says_wavefront_and_gfx(void **state)
{
    tsr_device_info info = facts_of("amd");

    (void)state;
    assert_int_equal(info.family, TSR_FAMILY_AMD);
    assert_int_equal(info.generation, 103);
    assert_int_equal(info.wave_items, 64);
    assert_int_equal(info.unit_registers, 0);
    assert_false(info.fp16);
}

static void intel_says_sub_groups_of_which_the_widest_counts(void **state)
{
    tsr_device_info info = facts_of("intel");

    (void)state;
    assert_int_equal(info.family, TSR_FAMILY_INTEL);
    assert_int_equal(info.generation, 0);
    assert_int_equal(info.wave_items, 32);
}

static void any_driver_of_opencl_3_says_what_groups_should_be_multiples_of(void **state)
{
    tsr_device_info info = facts_of("khronos");

    (void)state;
    assert_int_equal(info.family, TSR_FAMILY_OTHER);
    assert_int_equal(info.wave_items, 16);
}

static void a_card_under_another_driver_is_of_no_family(void **state)
{
    tsr_device_info info = facts_of("foreign");

    (void)state;
    assert_int_equal(info.family, TSR_FAMILY_OTHER);
    assert_int_equal(info.wave_items, 0);
}

static void a_driver_without_extensions_is_not_asked(void **state)
{
    tsr_device_info info = facts_of("good");

    (void)state;
    assert_int_equal(info.family, TSR_FAMILY_OTHER);
    assert_int_equal(info.wave_items, 0);
}

/* Any device will do: only the text counts. */
static void an_extensions_name_is_a_whole_word(void **state)
{
    static const char *const others[] = {"cl_khr_fp16_more", "cl_khr_fp1",
                                         "x_cl_khr_fp16"};
    tsr_device_info info = {.version = "OpenCL 1.2"};
    cl_device_id id;

    (void)state;
    assert_int_equal(clGetDeviceIDs(platforms[0], CL_DEVICE_TYPE_ALL, 1, &id, NULL),
                     CL_SUCCESS);
    for (size_t i = 0; i < 3; i++) {
        tsr__facts_of_extensions(id, others[i], &info);
        assert_false(info.fp16);
    }
    tsr__facts_of_extensions(id, "cl_khr_fp16_more cl_khr_fp16 cl_khr_fp64", &info);
    assert_true(info.fp16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nvidia_says_warp_registers_and_capability),
        cmocka_unit_test(amd_says_wavefront_and_gfx),
        cmocka_unit_test(intel_says_sub_groups_of_which_the_widest_counts),
        cmocka_unit_test(
            any_driver_of_opencl_3_says_what_groups_should_be_multiples_of),
        cmocka_unit_test(a_card_under_another_driver_is_of_no_family),
        cmocka_unit_test(a_driver_without_extensions_is_not_asked),
        cmocka_unit_test(an_extensions_name_is_a_whole_word),
    };

    return cmocka_run_group_tests(tests, load_fakes, NULL);
}
