/* lib/device/cl_error.c: OpenCL codes by name, and the status each becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device/cl_error.h"

static void every_code_of_opencl_1_2_has_a_name(void **state)
{
    (void)state;
    for (cl_int code = 0; code >= -19; code--)
        assert_string_not_equal(tsr_cl_status_name(code), "unknown OpenCL status");
    for (cl_int code = -30; code >= -68; code--)
        assert_string_not_equal(tsr_cl_status_name(code), "unknown OpenCL status");
    assert_string_equal(tsr_cl_status_name(-5), "CL_OUT_OF_RESOURCES");
    assert_string_equal(tsr_cl_status_name(-68), "CL_INVALID_DEVICE_PARTITION_COUNT");
}

static void the_loaders_own_code_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(tsr_cl_status_name(-1001), "CL_PLATFORM_NOT_FOUND_KHR");
}

static void another_number_is_unknown_but_not_null(void **state)
{
    (void)state;
    assert_string_equal(tsr_cl_status_name(-2039), "unknown OpenCL status");
    assert_string_equal(tsr_cl_status_name(1), "unknown OpenCL status");
}

static void each_code_becomes_the_status_of_the_contract(void **state)
{
    static const struct {
        cl_int code;
        tsr_status status;
    } expected[] = {
        {-6, TSR_ERROR_HOST_MEMORY},  {-4, TSR_ERROR_DEVICE_MEMORY},
        {-61, TSR_ERROR_ALLOC_LIMIT}, {-5, TSR_ERROR_DEVICE_LOST},
        {-14, TSR_ERROR_DEVICE_LOST}, {-1001, TSR_ERROR_NO_DEVICE},
        {-1, TSR_ERROR_NO_DEVICE},    {-30, TSR_ERROR_OPENCL},
        {-2039, TSR_ERROR_OPENCL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_int_equal(tsr__fail_cl(expected[i].code, "clCall", NULL),
                         expected[i].status);
}

static void the_detail_names_the_call_the_code_and_the_object(void **state)
{
    (void)state;
    tsr__fail_cl(-61, "clCreateBuffer", "%d bytes", 42);
    assert_non_null(strstr(tsr_error_detail(),
                           "clCreateBuffer failed with "
                           "CL_INVALID_BUFFER_SIZE (-61): 42 bytes"));
}

static void the_loaders_code_names_the_package_to_install(void **state)
{
    (void)state;
    tsr__fail_cl(-1001, "clGetPlatformIDs", NULL);
    assert_non_null(strstr(tsr_error_detail(), "install pocl-opencl-icd"));
}

static void an_unknown_code_still_shows_its_number(void **state)
{
    (void)state;
    tsr__fail_cl(-2039, "clFinish", NULL);
    assert_string_equal(tsr_error_detail(),
                        "clFinish failed with unknown OpenCL status (-2039)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_of_opencl_1_2_has_a_name),
        cmocka_unit_test(the_loaders_own_code_has_a_name),
        cmocka_unit_test(another_number_is_unknown_but_not_null),
        cmocka_unit_test(each_code_becomes_the_status_of_the_contract),
        cmocka_unit_test(the_detail_names_the_call_the_code_and_the_object),
        cmocka_unit_test(the_loaders_code_names_the_package_to_install),
        cmocka_unit_test(an_unknown_code_still_shows_its_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
