/* Interop: tessera between a program's own OpenCL objects, whose references it takes and
 * gives back, each once. */
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <tessera/interop.h>

#include "device_fixture.h"

/* What a program with OpenCL code of its own has. */
typedef struct program {
    cl_device_id id;
    cl_context context;
    cl_command_queue queue, other_queue;
} program;

/* The library knows how to find a device; from there on the objects are the program's. */
static int choose_device(void **state)
{
    static program p;
    tsr_device *device;

    if (tsr_device_open(NULL, &device)) {
        print_error("%s\n", tsr_error_detail());
        return -1;
    }
    p.id = tsr_device_get_cl_device(device);
    tsr_device_close(device);
    *state = &p;
    return 0;
}

/* For each test anew, so that nothing in them is in use yet. */
static int make_objects(void **state)
{
    program *p = *state;
    cl_int code;

    p->context = clCreateContext(NULL, 1, &p->id, NULL, NULL, &code);
    if (code == CL_SUCCESS)
        p->queue = clCreateCommandQueue(p->context, p->id, 0, &code);
    if (code == CL_SUCCESS)
        p->other_queue = clCreateCommandQueue(p->context, p->id, 0, &code);
    return code;
}

static int release_objects(void **state)
{
    program *p = *state;

    clReleaseCommandQueue(p->other_queue);
    clReleaseCommandQueue(p->queue);
    clReleaseContext(p->context);
    return 0;
}

static cl_uint buffer_references(cl_mem buffer)
{
    cl_uint count = 0;

    clGetMemObjectInfo(buffer, CL_MEM_REFERENCE_COUNT, sizeof count, &count, NULL);
    return count;
}

static cl_uint queue_references(cl_command_queue queue)
{
    cl_uint count = 0;

    clGetCommandQueueInfo(queue, CL_QUEUE_REFERENCE_COUNT, sizeof count, &count, NULL);
    return count;
}

static cl_uint context_references(cl_context context)
{
    cl_uint count = 0;

    clGetContextInfo(context, CL_CONTEXT_REFERENCE_COUNT, sizeof count, &count, NULL);
    return count;
}

/* How many references there are, once it is `expected` or does not become so: a driver may
 * hold one a little longer than the command that needed it, in a thread of its own. */
#define assert_references(count_of, handle, expected)                                  \
    do {                                                                               \
        const struct timespec pause = {0, 10000000};                                   \
        for (int i_ = 0; i_ < 200 && count_of(handle) != (expected); i_++)             \
            nanosleep(&pause, NULL);                                                   \
        assert_int_equal(count_of(handle), expected);                                  \
    } while (0)

static cl_mem make_buffer(const program *p, const float *data, size_t count)
{
    cl_int code;
    cl_mem buffer =
        clCreateBuffer(p->context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
                       count * sizeof *data, (void *)(uintptr_t)data, &code);

    assert_int_equal(code, CL_SUCCESS);
    return buffer;
}

static tsr_device *adopt(const program *p)
{
    tsr_device *device;

    assert_ok(tsr_device_adopt(p->context, p->id, p->queue, &device));
    return device;
}

/* [1 2; 3 4] @ [5 6; 7 8] */
static const float a22[] = {1, 2, 3, 4}, b22[] = {5, 6, 7, 8};
static const float ab22[] = {19, 22, 43, 50};
static const size_t shape22[] = {2, 2};

static void an_adopted_device_uses_the_callers_handles(void **state)
{
    program *p = *state;
    tsr_device *device = adopt(p);

    assert_ptr_equal(tsr_device_get_cl_context(device), p->context);
    assert_ptr_equal(tsr_device_get_cl_device(device), p->id);
    assert_ptr_equal(tsr_device_get_cl_queue(device), p->queue);
    tsr_device_close(device);
}

static void without_a_queue_it_makes_one_of_its_own(void **state)
{
    program *p = *state;
    cl_uint before = context_references(p->context);
    cl_context of = NULL;
    tsr_device *device;

    assert_ok(tsr_device_adopt(p->context, p->id, NULL, &device));
    clGetCommandQueueInfo(tsr_device_get_cl_queue(device), CL_QUEUE_CONTEXT, sizeof of,
                          &of, NULL);
    assert_ptr_equal(of, p->context);
    tsr_device_close(device);
    assert_references(context_references, p->context, before);
}

static void adopted_handles_are_released_exactly_once(void **state)
{
    program *p = *state;
    cl_uint queue = queue_references(p->queue),
            context = context_references(p->context);
    cl_mem buffer = make_buffer(p, a22, 4);
    tsr_device *device = adopt(p);
    tsr_tensor *tensor, *view;
    float read[4];

    assert_references(queue_references, p->queue, queue + 1);
    assert_true(context_references(p->context) > context);
    assert_ok(tsr_tensor_adopt(device, buffer, TSR_F32, 2, shape22, NULL, 0, &tensor));
    assert_references(buffer_references, buffer, 2);
    assert_ok(tsr_tensor_transpose(tensor, &view));
    tsr_tensor_destroy(tensor);
    assert_references(buffer_references, buffer, 2); /* the view's */
    tsr_device_close(device);
    assert_ok(tsr_tensor_read(view, read)); /* the tensor outlives its device's owner */
    assert_true(read[1] == 3);
    tsr_tensor_destroy(view);
    assert_references(buffer_references, buffer, 1);
    clReleaseMemObject(buffer); /* in PoCL it holds the queue that used it last */
    assert_references(queue_references, p->queue, queue);
    assert_references(context_references, p->context, context);
}

static void a_product_leaves_the_references_as_they_were(void **state)
{
    program *p = *state;
    float room[4] = {0};
    cl_mem buffers[3] = {make_buffer(p, a22, 4), make_buffer(p, b22, 4),
                         make_buffer(p, room, 4)};
    tsr_device *device = adopt(p);
    tsr_tensor *t[3];

    for (int i = 0; i < 3; i++)
        assert_ok(
            tsr_tensor_adopt(device, buffers[i], TSR_F32, 2, shape22, NULL, 0, &t[i]));
    for (size_t s = 0; s < tsr_strategy_count(); s++) {
        tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

        options.strategy = tsr_strategy_name(s);
        if (strcmp(options.strategy, "host") == 0)
            continue; /* not on a queue that is the caller's */
        assert_ok(tsr_matmul(t[0], t[1], t[2], &options));
        assert_ok(tsr_tensor_read(t[2], room));
        assert_memory_equal(room, ab22, sizeof room);
    }
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(t[i]);
    tsr_device_close(device);
    for (int i = 0; i < 3; i++) {
        assert_references(buffer_references, buffers[i], 1);
        clReleaseMemObject(buffers[i]);
    }
}

static void an_adopted_buffer_is_used_from_its_offset(void **state)
{
    program *p = *state;
    const float flat[] = {-1, -1, -1, 1, 2,
                          -1, 3,  4,  -1}; /* 2 x 2 at 3, rows 3 apart */
    const size_t strides[] = {3, 1};
    float c[6] = {9, 9, 9, 9, 9, 9}, now[6];
    const float expected[] = {9, 19, 22, 43, 50, 9};
    cl_mem a_mem = make_buffer(p, flat, 9), c_mem = make_buffer(p, c, 6);
    tsr_device *device = adopt(p);
    tsr_tensor *a, *b, *result;
    size_t offset = 0;

    assert_ok(tsr_tensor_adopt(device, a_mem, TSR_F32, 2, shape22, strides, 3, &a));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, b22, &b));
    assert_ok(tsr_tensor_adopt(device, c_mem, TSR_F32, 2, shape22, NULL, 1, &result));
    assert_ptr_equal(tsr_tensor_get_cl_mem(a, &offset), a_mem);
    assert_int_equal(offset, 3);
    assert_ok(tsr_matmul(a, b, result, NULL));
    assert_int_equal(clEnqueueReadBuffer(p->queue, c_mem, CL_TRUE, 0, sizeof now, now,
                                         0, NULL, NULL),
                     CL_SUCCESS);
    assert_memory_equal(now, expected, sizeof now);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(result);
    tsr_device_close(device);
    clReleaseMemObject(a_mem);
    clReleaseMemObject(c_mem);
}

static void what_reaches_outside_the_buffer_is_refused(void **state)
{
    program *p = *state;
    cl_mem buffer = make_buffer(p, a22, 4);
    tsr_device *device = adopt(p);
    tsr_tensor *t = (tsr_tensor *)(uintptr_t)1;

    assert_int_equal(tsr_tensor_adopt(device, buffer, TSR_F32, 2, shape22, NULL, 1, &t),
                     TSR_ERROR_SHAPE);
    assert_null(t);
    assert_int_equal(tsr_tensor_adopt(device, NULL, TSR_F32, 2, shape22, NULL, 0, &t),
                     TSR_ERROR_ARGUMENT);
    assert_references(buffer_references, buffer, 1);
    tsr_device_close(device);
    clReleaseMemObject(buffer);
}

static void a_read_only_buffer_can_be_an_operand_but_not_a_result(void **state)
{
    const size_t shape[] = {2, 2};
    const float ones[] = {1, 1, 1, 1}, twos[] = {2, 2, 2, 2};
    float got[4];
    program *p = *state;
    tsr_device *device;
    tsr_tensor *weights, *c;
    cl_int code;
    cl_mem buffer =
        clCreateBuffer(p->context, CL_MEM_READ_ONLY, sizeof ones, NULL, &code);

    assert_int_equal(code, CL_SUCCESS);
    assert_ok(tsr_device_adopt(p->context, p->id, p->queue, &device));
    assert_ok(tsr_tensor_adopt(device, buffer, TSR_F32, 2, shape, NULL, 0, &weights));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape, &c));
    assert_ok(tsr_tensor_write(weights, ones)); /* the host may */
    assert_ok(tsr_matmul(weights, weights, c, NULL));
    assert_ok(tsr_tensor_read(c, got));
    assert_memory_equal(got, twos, sizeof got);
    assert_int_equal(tsr_matmul(c, c, weights, NULL), TSR_ERROR_ARGUMENT);
    assert_non_null(strstr(tsr_error_detail(), "CL_MEM_READ_ONLY"));
    assert_int_equal(tsr_tensor_copy(c, weights), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_fill_uniform(weights, 1, 0, 1), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(weights);
    tsr_device_close(device);
    clReleaseMemObject(buffer);
}

static void lent_handles_are_the_devices_own(void **state)
{
    tsr_device *device;
    tsr_tensor *tensor;
    cl_context of = NULL;
    size_t offset = 7;

    (void)state;
    assert_ok(tsr_device_open(NULL, &device));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, a22, &tensor));
    clGetMemObjectInfo(tsr_tensor_get_cl_mem(tensor, &offset), CL_MEM_CONTEXT,
                       sizeof of, &of, NULL);
    assert_ptr_equal(of, tsr_device_get_cl_context(device));
    assert_int_equal(offset, 0);
    tsr_tensor_destroy(tensor);
    tsr_device_close(device);
}

/* The product's input is written on another queue, behind an event that the test holds
 * back; its output is read on that queue, behind the product's event. */
static void a_product_waits_for_one_queue_and_is_waited_for_by_another(void **state)
{
    program *p = *state;
    const float wrong[4] = {100, 100, 100, 100};
    float now[4] = {0};
    cl_mem a_mem = make_buffer(p, wrong, 4), c_mem = make_buffer(p, wrong, 4);
    tsr_device *device = adopt(p);
    tsr_tensor *a, *b, *c;
    cl_event gate, written, done = NULL, read;
    cl_int code, ended = 0;
    cl_uint references = 0;

    assert_ok(tsr_tensor_adopt(device, a_mem, TSR_F32, 2, shape22, NULL, 0, &a));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, b22, &b));
    assert_ok(tsr_tensor_adopt(device, c_mem, TSR_F32, 2, shape22, NULL, 0, &c));
    /* Built beforehand, so that only the product itself waits. */
    assert_ok(tsr_matmul(a, b, c, NULL));
    assert_ok(tsr_device_finish(device));

    gate = clCreateUserEvent(p->context, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clEnqueueWriteBuffer(p->other_queue, a_mem, CL_FALSE, 0,
                                          sizeof a22, a22, 1, &gate, &written),
                     CL_SUCCESS);
    clFlush(p->other_queue);
    assert_ok(tsr_matmul_enqueue(a, b, c, NULL, 1, &written, &done));
    assert_non_null(done);
    clGetEventInfo(done, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof ended, &ended, NULL);
    assert_true(ended > CL_COMPLETE); /* it waits */
    assert_int_equal(clEnqueueReadBuffer(p->other_queue, c_mem, CL_FALSE, 0, sizeof now,
                                         now, 1, &done, &read),
                     CL_SUCCESS);
    clFlush(p->other_queue);
    assert_int_equal(clSetUserEventStatus(gate, CL_COMPLETE), CL_SUCCESS);
    assert_int_equal(clWaitForEvents(1, &read), CL_SUCCESS);
    assert_memory_equal(now, ab22, sizeof now);

    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    tsr_device_close(device);
    clGetEventInfo(done, CL_EVENT_REFERENCE_COUNT, sizeof references, &references,
                   NULL);
    assert_true(references >= 1);
    clReleaseEvent(read);
    clReleaseEvent(done);
    clReleaseEvent(written);
    clReleaseEvent(gate);
    clReleaseMemObject(a_mem);
    clReleaseMemObject(c_mem);
}

/* The other ends of the same promise: nothing to multiply, and every strategy. */
static void every_way_through_gives_an_event(void **state)
{
    program *p = *state;
    const size_t empty[] = {2, 0};
    tsr_device *device = adopt(p);
    tsr_tensor *a, *b, *c, *none;
    cl_event done;

    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, a22, &a));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, b22, &b));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape22, &c));
    for (size_t s = 0; s < tsr_strategy_count(); s++) {
        tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

        options.strategy = tsr_strategy_name(s);
        if (strcmp(options.strategy, "host") == 0)
            continue; /* not on a queue that is the caller's */
        done = NULL;
        assert_ok(tsr_matmul_enqueue(a, b, c, &options, 0, NULL, &done));
        assert_non_null(done);
        assert_int_equal(clWaitForEvents(1, &done), CL_SUCCESS);
        clReleaseEvent(done);
    }
    done = NULL;
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, empty, &none));
    assert_ok(tsr_matmul_enqueue(a, none, none, NULL, 0, NULL, &done));
    assert_non_null(done);
    assert_int_equal(clWaitForEvents(1, &done), CL_SUCCESS);
    clReleaseEvent(done);
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    tsr_device_close(device);
}

/* By every strategy that does not wait for the event on the host. */
static void an_event_that_fails_fails_the_product(void **state)
{
    program *p = *state;
    tsr_device *device = adopt(p);
    tsr_tensor *a, *b, *c;
    float got[4];

    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, a22, &a));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, b22, &b));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape22, &c));
    for (size_t s = 0; s < tsr_strategy_count(); s++) {
        tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
        cl_event gate, done;
        cl_int code;

        options.strategy = tsr_strategy_name(s);
        if (strcmp(options.strategy, "host") == 0)
            continue; /* not on a queue that is the caller's */
        assert_ok(tsr_matmul(a, b, c, &options)); /* builds what it needs */
        assert_ok(tsr_tensor_read(c, got));
        if (strcmp(options.strategy, "reference") == 0)
            continue;
        gate = clCreateUserEvent(p->context, &code);
        assert_int_equal(code, CL_SUCCESS);
        assert_ok(tsr_matmul_enqueue(a, b, c, &options, 1, &gate, &done));
        assert_int_equal(clSetUserEventStatus(gate, CL_OUT_OF_RESOURCES), CL_SUCCESS);
        assert_int_not_equal(clWaitForEvents(1, &done), CL_SUCCESS);
        assert_int_equal(tsr_tensor_read(c, got), TSR_ERROR_DEVICE_LOST);
        assert_ok(tsr_matmul(a, b, c, &options));
        assert_ok(tsr_tensor_read(c, got));
        assert_memory_equal(got, ab22, sizeof got);
        clReleaseEvent(done);
        clReleaseEvent(gate);
    }
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    tsr_device_close(device);
}

/* PoCL 3.1 would wait for ever for what waits for such an event. */
static void an_event_that_has_failed_already_is_refused(void **state)
{
    program *p = *state;
    tsr_device *device = adopt(p);
    tsr_tensor *a, *b, *c;
    cl_event waits[2], done;
    float got[4];
    cl_int code;

    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, a22, &a));
    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, b22, &b));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape22, &c));
    for (int i = 0; i < 2; i++) {
        waits[i] = clCreateUserEvent(p->context, &code);
        assert_int_equal(code, CL_SUCCESS);
    }
    assert_int_equal(clSetUserEventStatus(waits[0], CL_COMPLETE), CL_SUCCESS);
    assert_int_equal(clSetUserEventStatus(waits[1], CL_OUT_OF_RESOURCES), CL_SUCCESS);
    for (size_t s = 0; s < tsr_strategy_count(); s++) {
        tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

        options.strategy = tsr_strategy_name(s);
        if (strcmp(options.strategy, "host") == 0)
            continue; /* not on a queue that is the caller's */
        done = waits[0];
        assert_int_equal(tsr_matmul_enqueue(a, b, c, &options, 2, waits, &done),
                         TSR_ERROR_DEVICE_LOST);
        assert_null(done);
        assert_ok(tsr_device_finish(device));
        assert_ok(tsr_matmul_enqueue(a, b, c, &options, 1, waits, &done));
        assert_ok(tsr_tensor_read(c, got));
        assert_memory_equal(got, ab22, sizeof got);
        clReleaseEvent(done);
    }
    clReleaseEvent(waits[0]);
    clReleaseEvent(waits[1]);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    tsr_device_close(device);
}

static void a_wait_list_that_is_none_is_refused(void **state)
{
    program *p = *state;
    tsr_device *device = adopt(p);
    tsr_tensor *a, *c;
    cl_event event = NULL, done = NULL;

    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape22, a22, &a));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape22, &c));
    assert_int_equal(tsr_matmul_enqueue(a, a, c, NULL, 1, NULL, &done),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_matmul_enqueue(a, a, c, NULL, 0, &event, &done),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_matmul_enqueue(a, a, c, NULL, 1, &event, &done),
                     TSR_ERROR_ARGUMENT);
    assert_null(done);
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
    tsr_device_close(device);
}

static void handles_that_do_not_belong_together_are_refused(void **state)
{
    program *p = *state;
    cl_int code;
    cl_context other = clCreateContext(NULL, 1, &p->id, NULL, NULL, &code);
    cl_uint before = queue_references(p->queue);
    tsr_device *device = (tsr_device *)(uintptr_t)1;
    cl_command_queue unordered;

    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(tsr_device_adopt(other, p->id, p->queue, &device),
                     TSR_ERROR_ARGUMENT);
    assert_null(device);
    assert_int_equal(tsr_device_adopt(NULL, p->id, p->queue, &device),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_device_adopt(p->context, NULL, p->queue, &device),
                     TSR_ERROR_ARGUMENT);
    assert_references(queue_references, p->queue, before);
    unordered = clCreateCommandQueue(p->context, p->id,
                                     CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE, &code);
    if (code == CL_SUCCESS) {
        assert_int_equal(tsr_device_adopt(p->context, p->id, unordered, &device),
                         TSR_ERROR_ARGUMENT);
        clReleaseCommandQueue(unordered);
    }
    clReleaseContext(other);
}

static void status_codes_have_names(void **state)
{
    (void)state;
    assert_string_equal(tsr_cl_status_name(CL_OUT_OF_RESOURCES), "CL_OUT_OF_RESOURCES");
    assert_string_equal(tsr_cl_status_name(12345), "unknown OpenCL status");
}

#define with_objects(test)                                                             \
    cmocka_unit_test_setup_teardown(test, make_objects, release_objects)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_objects(an_adopted_device_uses_the_callers_handles),
        with_objects(without_a_queue_it_makes_one_of_its_own),
        with_objects(adopted_handles_are_released_exactly_once),
        with_objects(a_product_leaves_the_references_as_they_were),
        with_objects(an_adopted_buffer_is_used_from_its_offset),
        with_objects(what_reaches_outside_the_buffer_is_refused),
        with_objects(a_read_only_buffer_can_be_an_operand_but_not_a_result),
        with_objects(lent_handles_are_the_devices_own),
        with_objects(a_product_waits_for_one_queue_and_is_waited_for_by_another),
        with_objects(every_way_through_gives_an_event),
        with_objects(an_event_that_fails_fails_the_product),
        with_objects(an_event_that_has_failed_already_is_refused),
        with_objects(a_wait_list_that_is_none_is_refused),
        with_objects(handles_that_do_not_belong_together_are_refused),
        with_objects(status_codes_have_names),
    };

    return cmocka_run_group_tests_name("interop", tests, choose_device, NULL);
}
