/* A job shared with a thread of the device's: each part once, by both in the same
 * environment, from many threads, and by the caller alone where nobody comes. */
#include "device/worker.h"

#include <fenv.h>
#include <pthread.h>

#include "base/clock.h"
#include "device_fixture.h"

enum { PARTS = 37, CALLERS = 6 };

/* clEnqueueNativeKernel and clCreateCommandQueue, as the linker leads them here. */
static struct {
    atomic_int enqueued, created;
    bool fails_to_enqueue, fails_to_create;
} asked;

cl_int __real_clEnqueueNativeKernel(cl_command_queue queue,
                                    void(CL_CALLBACK *call)(void *), void *args,
                                    size_t size, cl_uint count, const cl_mem *list,
                                    const void **at, cl_uint num_wait,
                                    const cl_event *wait, cl_event *event);
cl_int __wrap_clEnqueueNativeKernel(cl_command_queue queue,
                                    void(CL_CALLBACK *call)(void *), void *args,
                                    size_t size, cl_uint count, const cl_mem *list,
                                    const void **at, cl_uint num_wait,
                                    const cl_event *wait, cl_event *event);
cl_command_queue __real_clCreateCommandQueue(cl_context context, cl_device_id device,
                                             cl_command_queue_properties properties,
                                             cl_int *code);
cl_command_queue __wrap_clCreateCommandQueue(cl_context context, cl_device_id device,
                                             cl_command_queue_properties properties,
                                             cl_int *code);

cl_int __wrap_clEnqueueNativeKernel(cl_command_queue queue,
                                    void(CL_CALLBACK *call)(void *), void *args,
                                    size_t size, cl_uint count, const cl_mem *list,
                                    const void **at, cl_uint num_wait,
                                    const cl_event *wait, cl_event *event)
{
    atomic_fetch_add(&asked.enqueued, 1);
    return asked.fails_to_enqueue
               ? CL_OUT_OF_RESOURCES
               : __real_clEnqueueNativeKernel(queue, call, args, size, count, list, at,
                                              num_wait, wait, event);
}

cl_command_queue __wrap_clCreateCommandQueue(cl_context context, cl_device_id device,
                                             cl_command_queue_properties properties,
                                             cl_int *code)
{
    atomic_fetch_add(&asked.created, 1);
    if (!asked.fails_to_create)
        return __real_clCreateCommandQueue(context, device, properties, code);
    *code = CL_OUT_OF_HOST_MEMORY;
    return NULL;
}

/* tsr__cpu and tsr__cpu_leave as well. */
static struct {
    pthread_t caller;
    atomic_int callers, others; /* where these threads are */
    atomic_bool may_leave;      /* whether these may */
    atomic_int leaves;          /* calls by another thread, and of the caller's CPU */
    int callers_leaves;
} cpus;

int __wrap_tsr__cpu(void);
bool __wrap_tsr__cpu_leave(int cpu);

int __wrap_tsr__cpu(void)
{
    return pthread_equal(pthread_self(), cpus.caller) ? cpus.callers : cpus.others;
}

bool __wrap_tsr__cpu_leave(int cpu)
{
    if (pthread_equal(pthread_self(), cpus.caller)) {
        cpus.callers_leaves++;
        return true;
    }
    if (cpu == cpus.callers)
        atomic_fetch_add(&cpus.leaves, 1);
    return cpus.may_leave;
}

/* ---- Jobs ------------------------------------------------------------------------- */

typedef struct tally {
    pthread_t caller;
    atomic_int done[PARTS];
    atomic_int by_others;
    atomic_int rounded_otherwise; /* parts that did not round upwards */
} tally;

static void count(const void *job, size_t i)
{
    tally *t = *(tally *const *)job;

    atomic_fetch_add(&t->done[i], 1);
    if (!pthread_equal(pthread_self(), t->caller))
        atomic_fetch_add(&t->by_others, 1);
    if (fegetround() != FE_UPWARD)
        atomic_fetch_add(&t->rounded_otherwise, 1);
    for (volatile int turn = 0; turn < 1000; turn++) /* some us */
        ;
}

/* One job, checked. */
static void share(tsr_device *device, double alone, tally *t)
{
    t->caller = pthread_self();
    for (int i = 0; i < PARTS; i++)
        atomic_store(&t->done[i], 0);
    tsr__share(device, alone, count, &t, PARTS);
    for (int i = 0; i < PARTS; i++)
        assert_int_equal(atomic_load(&t->done[i]), 1);
}

/* Jobs until a part is done by another thread; at most for some seconds. */
static void share_until_one_comes(tsr_device *device, double alone, tally *t)
{
    const double until = tsr__seconds() + 20;

    while (!atomic_load(&t->by_others) && tsr__seconds() < until)
        share(device, alone, t);
}

static bool has_worker(const tsr_device *device)
{
    cl_device_exec_capabilities can = 0;

    clGetDeviceInfo(device->id, CL_DEVICE_EXECUTION_CAPABILITIES, sizeof can, &can,
                    NULL);
    return can & CL_EXEC_NATIVE_KERNEL && device->info.compute_units > 1 &&
           device->info.type == TSR_DEVICE_CPU;
}

/* Each test has a device of its own, whose worker has not been asked. */
static int open_own(void **state)
{
    int failed;

    memset(&asked, 0, sizeof asked);
    atomic_store(&cpus.callers, 0);
    atomic_store(&cpus.others, 1);
    atomic_store(&cpus.may_leave, true);
    atomic_store(&cpus.leaves, 0);
    cpus.callers_leaves = 0;
    failed = open_device(state);
    atomic_store(&asked.created, 0);
    return failed;
}

/* ---- With a worker ---------------------------------------------------------------- */

static void a_long_job_fetches_it_at_once(void **state)
{
    tally t = {0};

    share(*state, 1, &t);
    assert_int_equal(atomic_load(&asked.enqueued), has_worker(*state));
    share_until_one_comes(*state, 1, &t);
    assert_int_equal(atomic_load(&t.by_others) > 0, has_worker(*state));
}

static void short_jobs_fetch_it_if_they_follow_each_other(void **state)
{
    tally t = {0};

    share(*state, 1e-6, &t);
    assert_int_equal(atomic_load(&asked.enqueued), 0);
    share_until_one_comes(*state, 1e-6, &t);
    assert_int_equal(atomic_load(&t.by_others) > 0, has_worker(*state));
}

static void one_part_is_the_callers(void **state)
{
    tally t = {.caller = pthread_self()}, *job = &t;

    for (int i = 0; i < 100; i++)
        tsr__share(*state, 1, count, &job, 1);
    assert_int_equal(atomic_load(&asked.enqueued), 0);
    assert_int_equal(atomic_load(&t.done[0]), 100);
    assert_int_equal(atomic_load(&t.by_others), 0);
}

static void it_rounds_as_the_caller_does(void **state)
{
    const int before = fegetround();
    tally t = {0};

    fesetround(FE_UPWARD);
    share_until_one_comes(*state, 1, &t);
    fesetround(before);
    assert_int_equal(atomic_load(&t.rounded_otherwise), 0);
    share(*state, 1, &t);
    assert_int_equal(atomic_load(&t.rounded_otherwise), PARTS);
}

static void *call_often(void *device)
{
    tally t = {0};

    for (int i = 0; i < 300; i++)
        share(device, i % 2, &t);
    return NULL;
}

static void many_callers_have_each_part_done_once(void **state)
{
    pthread_t threads[CALLERS];

    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, *state), 0);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
}

/* Jobs until the worker has been asked to leave its CPU; at most for some seconds. */
static void share_until_it_leaves(tsr_device *device, tally *t)
{
    const double until = tsr__seconds() + 20;

    while (!atomic_load(&cpus.leaves) && tsr__seconds() < until)
        share(device, 1, t);
    assert_true(atomic_load(&cpus.leaves) > 0);
}

static void it_leaves_the_callers_cpu_and_no_other(void **state)
{
    tally t = {0};

    if (!has_worker(*state))
        skip();
    share_until_one_comes(*state, 1, &t);
    assert_int_equal(atomic_load(&cpus.leaves), 0);
    cpus.callers = cpus.others;
    share_until_it_leaves(*state, &t);
    share(*state, 1, &t);
    assert_int_equal(cpus.callers_leaves, 0);
}

static void where_it_may_not_leave_the_caller_does(void **state)
{
    tally t = {0};

    if (!has_worker(*state))
        skip();
    cpus.callers = cpus.others;
    cpus.may_leave = false;
    share_until_it_leaves(*state, &t);
    for (double until = tsr__seconds() + 20;
         !cpus.callers_leaves && tsr__seconds() < until;)
        share(*state, 1, &t);
    assert_true(cpus.callers_leaves > 0);
}

/* It goes, and comes again for a long job. */
static void one_that_is_dismissed_comes_again(void **state)
{
    tally t = {0};

    if (!has_worker(*state))
        skip();
    for (int i = 0; i < 20; i++) {
        share_until_one_comes(*state, 1, &t);
        tsr__worker_dismiss(*state);
        atomic_store(&t.by_others, 0);
    }
    share_until_one_comes(*state, 1, &t);
    assert_true(atomic_load(&t.by_others) > 0);
}

static void after_a_launch_a_short_job_does_not_fetch_it(void **state)
{
    tsr_device *device = *state;
    tsr_tensor *tensor;
    tally t = {0};
    int enqueued;

    assert_ok(tsr_tensor_create(device, TSR_F32, 1, (size_t[]){1000}, &tensor));
    share_until_one_comes(device, 1, &t);
    assert_ok(tsr_tensor_fill_uniform(tensor, 1, -1, 1));
    assert_false(atomic_load(&device->worker_stays));
    assert_ok(tsr_device_finish(device));
    for (double until = tsr__seconds() + 0.01; tsr__seconds() < until;)
        ; /* whatever it had, it is gone */
    enqueued = atomic_load(&asked.enqueued);
    share(device, 1e-6, &t);
    assert_int_equal(atomic_load(&asked.enqueued), enqueued);
    tsr_tensor_destroy(tensor);
}

/* ---- Without ---------------------------------------------------------------------- */

static void where_it_cannot_be_enqueued_the_caller_does_it_all(void **state)
{
    tally t = {0};

    asked.fails_to_enqueue = true;
    for (int i = 0; i < 10; i++)
        share(*state, 1, &t);
    assert_int_equal(atomic_load(&asked.enqueued), has_worker(*state));
    assert_int_equal(atomic_load(&t.by_others), 0);
}

static void where_it_gets_no_queue_the_caller_does_it_all(void **state)
{
    tally t = {0};

    asked.fails_to_create = true;
    for (int i = 0; i < 10; i++)
        share(*state, 1, &t);
    assert_int_equal(atomic_load(&asked.created), has_worker(*state));
    assert_int_equal(atomic_load(&asked.enqueued), 0);
}

#define OWN(test) cmocka_unit_test_setup_teardown(test, open_own, close_device)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OWN(a_long_job_fetches_it_at_once),
        OWN(short_jobs_fetch_it_if_they_follow_each_other),
        OWN(one_part_is_the_callers),
        OWN(it_rounds_as_the_caller_does),
        OWN(it_leaves_the_callers_cpu_and_no_other),
        OWN(where_it_may_not_leave_the_caller_does),
        OWN(many_callers_have_each_part_done_once),
        OWN(one_that_is_dismissed_comes_again),
        OWN(after_a_launch_a_short_job_does_not_fetch_it),
        OWN(where_it_cannot_be_enqueued_the_caller_does_it_all),
        OWN(where_it_gets_no_queue_the_caller_does_it_all),
    };

    cpus.caller = pthread_self(); /* of all tests */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
