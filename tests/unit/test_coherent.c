/* Whether lent arrays are a device's memory, asked of a device that keeps copies: the linker
 * leads coherent.c's calls of OpenCL here. */
#include "device/coherent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What the device does with a lent array. */
typedef enum behaviour {
    COHERENT, /* its memory; what is enqueued is done when the queue is waited for */
    KEEPS_WRITES,  /* does not show the host what it writes */
    KEEPS_ITS_OWN, /* does not look again at what the host writes */
    SHOWS_HALF,    /* does either with a half only */
    SEES_HALF
} behaviour;

static struct {
    behaviour does;
    cl_int fails[4]; /* creating, filling, waiting, reading */
    unsigned char *array, copy[4096];
    cl_uint pending; /* to be filled with; 0 for none */
    int buffers;     /* that were not released */
    bool used;       /* the array may be in use: released, and not waited for */
} fake;

cl_mem __wrap_clCreateBuffer(cl_context context, cl_mem_flags flags, size_t size,
                             void *array, cl_int *code);
cl_int __wrap_clReleaseMemObject(cl_mem buffer);
cl_int __wrap_clFinish(cl_command_queue queue);
cl_int __wrap_clEnqueueFillBuffer(cl_command_queue queue, cl_mem buffer,
                                  const void *pattern, size_t pattern_size,
                                  size_t offset, size_t size, cl_uint num_wait,
                                  const cl_event *wait, cl_event *event);
cl_int __wrap_clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer,
                                  cl_bool blocking, size_t offset, size_t size,
                                  void *to, cl_uint num_wait, const cl_event *wait,
                                  cl_event *event);

cl_mem __wrap_clCreateBuffer(cl_context context, cl_mem_flags flags, size_t size,
                             void *array, cl_int *code)
{
    (void)context;
    assert_true(flags & CL_MEM_USE_HOST_PTR);
    assert_int_equal(size, sizeof fake.copy);
    if (code)
        *code = fake.fails[0];
    if (fake.fails[0])
        return NULL;
    fake.array = array;
    memcpy(fake.copy, array, size);
    fake.buffers++;
    return (cl_mem)&fake;
}

cl_int __wrap_clReleaseMemObject(cl_mem buffer)
{
    assert_ptr_equal(buffer, (cl_mem)&fake);
    fake.buffers--;
    fake.used = true;
    return CL_SUCCESS;
}

cl_int __wrap_clFinish(cl_command_queue queue)
{
    (void)queue;
    fake.used = false;
    if (fake.fails[2])
        return fake.fails[2];
    for (size_t i = 0; fake.pending && i < sizeof fake.copy; i += sizeof fake.pending) {
        memcpy(fake.copy + i, &fake.pending, sizeof fake.pending);
        if (fake.does != KEEPS_WRITES &&
            (fake.does != SHOWS_HALF || i < sizeof fake.copy / 2))
            memcpy(fake.array + i, &fake.pending, sizeof fake.pending);
    }
    fake.pending = 0;
    return CL_SUCCESS;
}

cl_int __wrap_clEnqueueFillBuffer(cl_command_queue queue, cl_mem buffer,
                                  const void *pattern, size_t pattern_size,
                                  size_t offset, size_t size, cl_uint num_wait,
                                  const cl_event *wait, cl_event *event)
{
    (void)queue, (void)buffer, (void)num_wait, (void)wait, (void)event;
    assert_int_equal(offset, 0);
    assert_int_equal(size, sizeof fake.copy);
    if (fake.fails[1])
        return fake.fails[1];
    assert_int_equal(pattern_size, sizeof fake.pending);
    memcpy(&fake.pending, pattern, sizeof fake.pending);
    return CL_SUCCESS;
}

cl_int __wrap_clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer,
                                  cl_bool blocking, size_t offset, size_t size,
                                  void *to, cl_uint num_wait, const cl_event *wait,
                                  cl_event *event)
{
    (void)queue, (void)buffer, (void)num_wait, (void)wait, (void)event;
    assert_true(blocking);
    assert_int_equal(offset, 0);
    if (fake.fails[3])
        return fake.fails[3];
    if (fake.does != KEEPS_ITS_OWN)
        memcpy(fake.copy, fake.array, fake.does == SEES_HALF ? size / 2 : size);
    memcpy(to, fake.copy, size);
    return CL_SUCCESS;
}

static const struct tsr_device shared_cpu = {
    .info = {.type = TSR_DEVICE_CPU, .zero_copy = true}};

static bool is_coherent(const struct tsr_device *device)
{
    const bool coherent = tsr__coherent(device);

    assert_int_equal(fake.buffers, 0);
    assert_false(fake.used); /* the array is gone now */
    return coherent;
}

static int be_coherent(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    return 0;
}

static void what_both_see_at_once_is_coherent(void **state)
{
    (void)state;
    assert_true(is_coherent(&shared_cpu));
}

static void a_device_that_keeps_copies_is_not(void **state)
{
    (void)state;
    for (int does = KEEPS_WRITES; does <= SEES_HALF; does++) {
        fake.does = (behaviour)does;
        assert_false(is_coherent(&shared_cpu));
    }
}

static void a_device_whose_calls_fail_is_not(void **state)
{
    (void)state;
    for (int call = 0; call < 4; call++) {
        be_coherent(NULL);
        fake.fails[call] = CL_OUT_OF_RESOURCES;
        assert_false(is_coherent(&shared_cpu));
    }
}

static void a_device_with_its_own_memory_or_another_type_is_not_asked(void **state)
{
    struct tsr_device device = shared_cpu;

    (void)state;
    device.info.zero_copy = false;
    assert_false(is_coherent(&device)); /* though it would be */
    assert_null(fake.array);
    device = shared_cpu;
    device.info.type = TSR_DEVICE_GPU;
    assert_false(is_coherent(&device));
    assert_null(fake.array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_both_see_at_once_is_coherent, be_coherent),
        cmocka_unit_test_setup(a_device_that_keeps_copies_is_not, be_coherent),
        cmocka_unit_test_setup(a_device_whose_calls_fail_is_not, be_coherent),
        cmocka_unit_test_setup(
            a_device_with_its_own_memory_or_another_type_is_not_asked, be_coherent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
