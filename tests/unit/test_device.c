/* lib/device/device.c and adopt.c: an opened device, its slots, handles and end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "device/device.h"

#include "base/error.h"

static tsr_device *device;

static int open_device(void **state)
{
    (void)state;
    return (int)tsr_device_open(NULL, &device);
}

static int close_device(void **state)
{
    (void)state;
    tsr_device_close(device);
    return 0;
}

static cl_uint context_references(cl_context context)
{
    cl_uint count = 0;

    assert_int_equal(clGetContextInfo(context, CL_CONTEXT_REFERENCE_COUNT, sizeof count,
                                      &count, NULL),
                     CL_SUCCESS);
    return count;
}

static cl_uint queue_references(cl_command_queue queue)
{
    cl_uint count = 0;

    assert_int_equal(clGetCommandQueueInfo(queue, CL_QUEUE_REFERENCE_COUNT,
                                           sizeof count, &count, NULL),
                     CL_SUCCESS);
    return count;
}

/* A driver's own threads may hold a queue for a moment after its last command has ended
 * (PoCL's do): up to five seconds are given to them. */
static void assert_queue_references(cl_command_queue queue, cl_uint expected)
{
    for (int i = 0; i < 5000 && queue_references(queue) != expected; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(queue_references(queue), expected);
}

static void assert_context_references(cl_context context, cl_uint expected)
{
    for (int i = 0; i < 5000 && context_references(context) != expected; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(context_references(context), expected);
}

static void its_handles_belong_together(void **state)
{
    cl_context context;
    cl_device_id id;

    (void)state;
    clGetCommandQueueInfo(tsr_device_get_cl_queue(device), CL_QUEUE_CONTEXT,
                          sizeof context, &context, NULL);
    clGetCommandQueueInfo(tsr_device_get_cl_queue(device), CL_QUEUE_DEVICE, sizeof id,
                          &id, NULL);
    assert_ptr_equal(context, tsr_device_get_cl_context(device));
    assert_ptr_equal(id, tsr_device_get_cl_device(device));
}

static void null_is_an_argument_error_and_no_crash(void **state)
{
    tsr_device *out = device;

    (void)state;
    assert_int_equal(tsr_device_open(NULL, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_device_finish(NULL), TSR_ERROR_ARGUMENT);
    assert_null(tsr_device_get_info(NULL));
    tsr_device_close(NULL);
    assert_int_equal(tsr_device_adopt(NULL, device->id, NULL, &out),
                     TSR_ERROR_ARGUMENT);
    assert_null(out);
    assert_int_equal(tsr_device_adopt(device->context, NULL, NULL, &out),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_device_adopt(device->context, device->id, NULL, NULL),
                     TSR_ERROR_ARGUMENT);
}

static void the_forced_strategy_is_what_the_environment_said(void **state)
{
    tsr_device *other;

    (void)state;
    setenv("TESSERA_STRATEGY", "panel", 1);
    assert_int_equal(tsr_device_open(NULL, &other), TSR_OK);
    assert_string_equal(other->forced_strategy, "panel");
    tsr_device_close(other);
    setenv("TESSERA_STRATEGY", "a name of more than thirty-one characters", 1);
    assert_int_equal(tsr_device_open(NULL, &other), TSR_ERROR_ARGUMENT);
    assert_null(other);
    unsetenv("TESSERA_STRATEGY");
    assert_string_equal(device->forced_strategy, "");
}

static int created, destroyed;

static void *create_slot(tsr_device *of)
{
    (void)of;
    created++;
    return &created;
}

static void *fail_to_create_slot(tsr_device *of)
{
    (void)of;
    tsr__fail(TSR_ERROR_HOST_MEMORY, "as planned");
    return NULL;
}

static void destroy_slot(tsr_device *of, void *state)
{
    assert_int_equal(clFinish(of->queue), CL_SUCCESS); /* still there */
    assert_ptr_equal(state, &created);
    destroyed++;
}

static void a_slot_is_made_once_and_freed_with_the_last_reference(void **state)
{
    tsr_device *other;

    (void)state;
    created = destroyed = 0;
    assert_int_equal(tsr_device_open(NULL, &other), TSR_OK);
    assert_null(
        tsr__device_slot(other, TSR__SLOT_PROGRAMS, fail_to_create_slot, destroy_slot));
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(
            tsr__device_slot(other, TSR__SLOT_PROGRAMS, create_slot, destroy_slot),
            &created);
    assert_int_equal(created, 1);
    tsr__device_retain(other);
    tsr_device_close(other);
    assert_int_equal(destroyed, 0);
    tsr__device_release(other);
    assert_int_equal(destroyed, 1);
}

static void the_profiling_queue_is_made_once(void **state)
{
    cl_command_queue first, second;
    cl_command_queue_properties properties = 0;

    (void)state;
    assert_int_equal(tsr__device_profiling_queue(device, &first), TSR_OK);
    assert_int_equal(tsr__device_profiling_queue(device, &second), TSR_OK);
    assert_ptr_equal(first, second);
    clGetCommandQueueInfo(first, CL_QUEUE_PROPERTIES, sizeof properties, &properties,
                          NULL);
    assert_int_equal(properties, CL_QUEUE_PROFILING_ENABLE);
}

static void adoption_retains_once_and_releases_once(void **state)
{
    cl_uint contexts;
    tsr_device *adopted;

    (void)state;
    assert_queue_references(device->queue, 1);
    contexts = context_references(device->context);
    assert_int_equal(
        tsr_device_adopt(device->context, device->id, device->queue, &adopted), TSR_OK);
    assert_context_references(device->context, contexts + 1);
    assert_queue_references(device->queue, 2);
    assert_ptr_equal(tsr_device_get_cl_queue(adopted), device->queue);
    assert_string_equal(tsr_device_get_info(adopted)->spec, device->info.spec);
    tsr_device_close(adopted);
    assert_context_references(device->context, contexts);
    assert_queue_references(device->queue, 1);
}

static void adoption_without_a_queue_makes_one(void **state)
{
    tsr_device *adopted;

    (void)state;
    assert_int_equal(tsr_device_adopt(device->context, device->id, NULL, &adopted),
                     TSR_OK);
    assert_non_null(tsr_device_get_cl_queue(adopted));
    assert_ptr_not_equal(tsr_device_get_cl_queue(adopted), device->queue);
    tsr_device_close(adopted);
}

static void an_out_of_order_queue_is_refused_and_not_retained(void **state)
{
    cl_int code;
    cl_command_queue queue = clCreateCommandQueue(
        device->context, device->id, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE, &code);
    cl_uint contexts = context_references(device->context);
    tsr_device *adopted = device;

    (void)state;
    if (!queue)
        skip(); /* the driver has in-order queues only */
    assert_int_equal(tsr_device_adopt(device->context, device->id, queue, &adopted),
                     TSR_ERROR_ARGUMENT);
    assert_null(adopted);
    assert_non_null(strstr(tsr_error_detail(), "out-of-order"));
    assert_queue_references(queue, 1);
    assert_context_references(device->context, contexts);
    clReleaseCommandQueue(queue);
}

static void a_queue_of_another_context_is_refused(void **state)
{
    cl_context other = clCreateContext(NULL, 1, &device->id, NULL, NULL, NULL);
    tsr_device *adopted = device;

    (void)state;
    assert_int_equal(tsr_device_adopt(other, device->id, device->queue, &adopted),
                     TSR_ERROR_ARGUMENT);
    assert_null(adopted);
    assert_context_references(other, 1);
    clReleaseContext(other);
}

static void a_sub_device_is_adopted_and_given_back(void **state)
{
    const cl_device_partition_property halves[] = {
        CL_DEVICE_PARTITION_BY_COUNTS, 1, CL_DEVICE_PARTITION_BY_COUNTS_LIST_END, 0};
    cl_device_id part = NULL;
    cl_uint count = 0, references = 0;
    cl_context context;
    tsr_device *adopted;

    (void)state;
    if (clCreateSubDevices(device->id, halves, 1, &part, &count) != CL_SUCCESS)
        skip(); /* cannot be divided */
    context = clCreateContext(NULL, 1, &part, NULL, NULL, NULL);
    assert_non_null(context);
    assert_int_equal(tsr_device_adopt(context, part, NULL, &adopted), TSR_OK);
    assert_int_equal(tsr_device_get_info(adopted)->compute_units, 1);
    tsr_device_close(adopted);
    clReleaseContext(context);
    clGetDeviceInfo(part, CL_DEVICE_REFERENCE_COUNT, sizeof references, &references,
                    NULL);
    assert_int_equal(references, 1);
    clReleaseDevice(part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_handles_belong_together),
        cmocka_unit_test(null_is_an_argument_error_and_no_crash),
        cmocka_unit_test(the_forced_strategy_is_what_the_environment_said),
        cmocka_unit_test(a_slot_is_made_once_and_freed_with_the_last_reference),
        cmocka_unit_test(the_profiling_queue_is_made_once),
        cmocka_unit_test(adoption_retains_once_and_releases_once),
        cmocka_unit_test(adoption_without_a_queue_makes_one),
        cmocka_unit_test(an_out_of_order_queue_is_refused_and_not_retained),
        cmocka_unit_test(a_queue_of_another_context_is_refused),
        cmocka_unit_test(a_sub_device_is_adopted_and_given_back),
    };

    unsetenv("TESSERA_DEVICE");
    unsetenv("TESSERA_STRATEGY");
    return cmocka_run_group_tests(tests, open_device, close_device);
}
