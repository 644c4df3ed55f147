/* Forms as strategies use them: made once for a prepared tensor, also by many threads. */
#include "memory/form.h"

#include <pthread.h>

#include "device_fixture.h"
#include "memory/scratch.h"

static const size_t shape[2] = {8, 8};
static const int maker;
static const tsr__form_key key = {&maker, {8, 8, 16}};

static tsr_tensor *make(tsr_device *device)
{
    tsr_tensor *tensor = NULL;

    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape, &tensor));
    return tensor;
}

static tsr_tensor *make_prepared(tsr_device *device)
{
    tsr_tensor *tensor = make(device);

    assert_ok(tsr_tensor_prepare(tensor));
    return tensor;
}

/* The command that makes a form, here 256 bytes of one number. */
static cl_int fill_buffer(tsr__sequence *sequence, cl_mem buffer, cl_uint value)
{
    cl_event event = NULL;
    cl_int code = clEnqueueFillBuffer(sequence->queue, buffer, &value, sizeof value, 0,
                                      256, sequence->num_wait, sequence->wait,
                                      tsr__sequence_event(sequence, &event));

    if (code == CL_SUCCESS)
        tsr__sequence_took(sequence, event);
    return code;
}

/* One product's use of a form; whether it had to be made. */
static bool makes(const tsr_tensor *tensor, cl_uint value)
{
    tsr_device *device = tsr_tensor_get_device(tensor);
    tsr__sequence sequence = tsr__sequence_on(device);
    cl_uint data[64];
    tsr__form form;
    bool made;

    assert_ok(tsr__form_take(tensor, &key, 256, &sequence, &form));
    made = !form.ready;
    if (made) {
        assert_int_equal(fill_buffer(&sequence, form.buffer, value), CL_SUCCESS);
        tsr__form_made(tensor, &key, &sequence, &form);
    }
    assert_int_equal(clEnqueueReadBuffer(sequence.queue, form.buffer, CL_TRUE, 0,
                                         sizeof data, data, 0, NULL, NULL),
                     CL_SUCCESS);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(data[i], value);
    tsr__form_give(&sequence, &form);
    assert_null(form.buffer);
    tsr__sequence_release(&sequence);
    return made;
}

static void a_form_of_a_prepared_tensor_is_made_once_between_writes(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);

    assert_true(makes(tensor, 5));
    assert_false(makes(tensor, 5));
    assert_false(makes(tensor, 5));
    assert_ok(tsr_tensor_fill_uniform(tensor, 1, 0, 1));
    assert_true(makes(tensor, 6));
    assert_false(makes(tensor, 6));
    tsr_tensor_destroy(tensor);
}

static void a_form_of_any_other_tensor_is_made_each_time(void **state)
{
    tsr_tensor *tensor = make(*state);

    assert_true(makes(tensor, 5));
    assert_true(makes(tensor, 6));
    tsr_tensor_destroy(tensor);
}

static void without_memory_to_keep_a_form_it_is_scratch(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    tsr_tensor *tensor = make_prepared(*state);
    tsr__form form;

    assert_int_equal(tsr__form_take(tensor, &key, SIZE_MAX, &sequence, &form),
                     TSR_ERROR_ALLOC_LIMIT);
    assert_true(form.is_scratch);
    assert_null(form.buffer);
    tsr__form_give(&sequence, &form);
    tsr_tensor_destroy(tensor);
}

/* The pool has a buffer that is large enough, and there is room for no other. */
static void a_form_that_cannot_be_kept_is_made_in_the_pools_memory(void **state)
{
    tsr_device *device = *state;
    tsr__sequence sequence = tsr__sequence_on(device);
    tsr_tensor *tensor = make_prepared(device);
    const uint64_t most = device->info.max_alloc_bytes;
    tsr__form form;
    cl_mem idle;

    assert_ok(tsr__scratch_take(&sequence, 256, &idle));
    tsr__scratch_give(&sequence, idle);
    device->info.max_alloc_bytes = 255;
    assert_ok(tsr__form_take(tensor, &key, 256, &sequence, &form));
    device->info.max_alloc_bytes = most;
    assert_true(form.is_scratch);
    assert_ptr_equal(form.buffer, idle);
    assert_int_equal(fill_buffer(&sequence, form.buffer, 1), CL_SUCCESS);
    tsr__form_made(tensor, &key, &sequence, &form);
    tsr__form_give(&sequence, &form);
    tsr__sequence_release(&sequence);
    assert_true(makes(tensor, 7)); /* it was not kept: the pool lends it on */
    tsr_tensor_destroy(tensor);
}

/* ---- Threads -------------------------------------------------------------------- */

#define THREADS 4
#define ROUNDS  200

typedef struct job {
    tsr_device *device;
    tsr_tensor *shared;
    size_t number;
    int failures;
} job;

/* Keys come round, so that forms are found, made, evicted and dropped at once. */
static void *use_forms(void *argument)
{
    job *j = argument;
    tsr__sequence sequence = tsr__sequence_on(j->device);

    for (size_t round = 0; round < ROUNDS; round++) {
        tsr__form_key as = key;
        tsr__form form;

        as.numbers[4] = (round + j->number) % (TSR__FORMS + 1);
        if (tsr__form_take(j->shared, &as, 256, &sequence, &form)) {
            j->failures++;
            continue;
        }
        if (!form.ready) {
            j->failures += fill_buffer(&sequence, form.buffer,
                                       (cl_uint)as.numbers[4]) != CL_SUCCESS;
            tsr__form_made(j->shared, &as, &sequence, &form);
        }
        cl_uint first = 0;

        j->failures += clEnqueueReadBuffer(sequence.queue, form.buffer, CL_TRUE, 0, 4,
                                           &first, 0, NULL, NULL) != CL_SUCCESS;
        j->failures += first != as.numbers[4];
        tsr__form_give(&sequence, &form);
    }
    tsr__sequence_release(&sequence);
    return NULL;
}

/* Writes are told, and tensors are prepared and destroyed meanwhile. */
static void *disturb(void *argument)
{
    job *j = argument;

    for (size_t round = 0; round < ROUNDS; round++) {
        tsr_tensor *own = NULL;

        j->failures += tsr_tensor_create(j->device, TSR_F32, 2, shape, &own) != TSR_OK;
        j->failures += tsr_tensor_prepare(own) != TSR_OK;
        if (round % 4 == 0)
            tsr__prepared_written(j->shared);
        tsr_tensor_destroy(own);
    }
    return NULL;
}

static void many_threads_share_a_prepared_tensor(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    job jobs[THREADS + 1];
    pthread_t threads[THREADS + 1];

    for (size_t i = 0; i <= THREADS; i++) {
        jobs[i] = (job){*state, tensor, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL,
                                        i < THREADS ? use_forms : disturb, &jobs[i]),
                         0);
    }
    for (size_t i = 0; i <= THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(jobs[i].failures, 0);
    }
    tsr_tensor_destroy(tensor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_of_a_prepared_tensor_is_made_once_between_writes),
        cmocka_unit_test(a_form_of_any_other_tensor_is_made_each_time),
        cmocka_unit_test(without_memory_to_keep_a_form_it_is_scratch),
        cmocka_unit_test(a_form_that_cannot_be_kept_is_made_in_the_pools_memory),
        cmocka_unit_test(many_threads_share_a_prepared_tensor),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
