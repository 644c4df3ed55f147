/* lib/device/wait.c: a short wait for a CPU's kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "device/wait.h"

#include <tessera/tessera.h>

static tsr_device *device;
static tsr_tensor *tensor;

static int open_all(void **state)
{
    (void)state;
    return tsr_device_open(NULL, &device) ||
           tsr_tensor_create(device, TSR_F32, 1, (size_t[]){64}, &tensor);
}

static int close_all(void **state)
{
    (void)state;
    tsr_tensor_destroy(tensor);
    tsr_device_close(device);
    return 0;
}

static cl_int state_of(cl_event event)
{
    cl_int now = CL_QUEUED;

    assert_int_equal(clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS,
                                    sizeof now, &now, NULL),
                     CL_SUCCESS);
    return now;
}

static void a_cpu_keeps_the_latest_launch_until_it_is_waited_for(void **state)
{
    (void)state;
    assert_int_equal(device->info.type, TSR_DEVICE_CPU);
    assert_int_equal(tsr_tensor_fill_uniform(tensor, 1, 0.0, 1.0), TSR_OK);
    assert_int_equal(device->launched.count, 1);
    assert_int_equal(tsr_device_finish(device), TSR_OK);
    assert_int_equal(device->launched.count, 0);
}

/* On a busy machine a launch may take longer than a moment: then all of that is over. */
static void the_wait_is_over_when_the_launch_is(void **state)
{
    (void)state;
    assert_int_equal(tsr_tensor_fill_uniform(tensor, 1, 0.0, 1.0), TSR_OK);
    assert_int_equal(tsr_device_finish(device), TSR_OK); /* the kernel is built now */
    for (int i = 0; i < 20; i++) {
        cl_event event;
        double start;

        assert_int_equal(tsr_tensor_fill_uniform(tensor, 1, 0.0, 1.0), TSR_OK);
        event = device->launched.events[0];
        assert_int_equal(clRetainEvent(event), CL_SUCCESS);
        start = tsr__seconds();
        tsr__device_wait_a_moment(device);
        if (tsr__seconds() - start < 500e-6)
            assert_int_equal(state_of(event), CL_COMPLETE);
        clReleaseEvent(event);
        assert_int_equal(tsr_device_finish(device), TSR_OK);
    }
}

/* More than are kept one by one. */
static void any_number_of_launches_may_wait(void **state)
{
    (void)state;
    for (int i = 0; i < 5 * TSR__LAUNCHED; i++)
        assert_int_equal(tsr_tensor_fill_uniform(tensor, 1, 0.0, 1.0), TSR_OK);
    assert_true(device->launched.count <= TSR__LAUNCHED);
    assert_int_equal(tsr_device_finish(device), TSR_OK);
    assert_int_equal(device->launched.count, 0);
}

static void other_devices_and_other_queues_keep_none(void **state)
{
    tsr_device gpu = *device;
    cl_command_queue other;

    (void)state;
    gpu.info.type = TSR_DEVICE_GPU;
    assert_false(tsr__device_wants_event(&gpu, gpu.queue));
    assert_int_equal(tsr__device_profiling_queue(device, &other), TSR_OK);
    assert_false(tsr__device_wants_event(device, other));
    assert_true(tsr__device_wants_event(device, device->queue));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cpu_keeps_the_latest_launch_until_it_is_waited_for),
        cmocka_unit_test(the_wait_is_over_when_the_launch_is),
        cmocka_unit_test(any_number_of_launches_may_wait),
        cmocka_unit_test(other_devices_and_other_queues_keep_none),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
