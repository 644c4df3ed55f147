/* Prepared tensors: what is kept with them, for whom, and for how long. */
#include "prepared_fixture.h"

/* ---- Keeping -------------------------------------------------------------------- */

static void a_tensor_is_prepared_when_it_was_said(void **state)
{
    tsr_tensor *tensor = make(*state);

    assert_false(tsr_tensor_is_prepared(tensor));
    assert_ok(tsr_tensor_prepare(tensor));
    assert_true(tsr_tensor_is_prepared(tensor));
    assert_ok(tsr_tensor_prepare(tensor));
    assert_true(tsr_tensor_is_prepared(tensor));
    tsr_tensor_destroy(tensor);
    assert_int_equal(tsr_tensor_prepare(NULL), TSR_ERROR_ARGUMENT);
}

static void what_is_kept_is_found_by_its_key_only(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    cl_mem buffer = make_buffer(*state);
    tsr__form_key longer = key, other = key;

    longer.numbers[10] = 1;
    other.maker = &other;
    assert_false(finds(tensor, &key, buffer));
    keep(tensor, &key, buffer);
    assert_true(finds(tensor, &key, buffer));
    assert_true(finds(tensor, &key, buffer));
    assert_false(finds(tensor, &longer, buffer));
    assert_false(finds(tensor, &other, buffer));
    tsr_tensor_destroy(tensor);
    clReleaseMemObject(buffer);
}

static void a_tensor_that_is_not_prepared_keeps_nothing(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    tsr_tensor *tensor = make(*state);
    cl_mem buffer = make_buffer(*state);
    size_t version = 0;

    assert_false(tsr__prepared_wants(tensor, &sequence, &version));
    tsr__prepared_keep(tensor, &key, version, &sequence, buffer);
    assert_false(finds(tensor, &key, buffer));
    tsr_tensor_destroy(tensor);
    assert_references(*state, buffer, 1);
    clReleaseMemObject(buffer);
}

static void the_first_of_two_equal_forms_stays(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    cl_mem first = make_buffer(*state), second = make_buffer(*state);

    keep(tensor, &key, first);
    keep(tensor, &key, second);
    assert_true(finds(tensor, &key, first));
    assert_references(*state, second, 1);
    tsr_tensor_destroy(tensor);
    clReleaseMemObject(first);
    clReleaseMemObject(second);
}

static void the_form_unused_for_longest_makes_room(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    cl_mem buffers[TSR__FORMS + 1];
    tsr__form_key keys[TSR__FORMS + 1];

    for (size_t i = 0; i <= TSR__FORMS; i++) {
        buffers[i] = make_buffer(*state);
        keys[i] = key;
        keys[i].numbers[5] = i;
        keep(tensor, &keys[i], buffers[i]);
        assert_true(finds(tensor, &keys[0], buffers[0]));
    }
    assert_false(finds(tensor, &keys[1], buffers[1]));
    assert_true(finds(tensor, &keys[TSR__FORMS], buffers[TSR__FORMS]));
    tsr_tensor_destroy(tensor);
    for (size_t i = 0; i <= TSR__FORMS; i++) {
        assert_references(*state, buffers[i], 1);
        clReleaseMemObject(buffers[i]);
    }
}

static void a_view_of_a_prepared_tensor_is_not_prepared(void **state)
{
    tsr_tensor *tensor = make_prepared(*state), *view = NULL;

    assert_ok(tsr_tensor_transpose(tensor, &view));
    assert_false(tsr_tensor_is_prepared(view));
    tsr_tensor_destroy(tensor);
    tsr_tensor_destroy(view);
}

static void forms_go_with_the_tensor(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    cl_mem buffer = make_buffer(*state);

    keep(tensor, &key, buffer);
    assert_true(references(buffer) >= 2);
    tsr_tensor_destroy(tensor);
    assert_references(*state, buffer, 1);
    clReleaseMemObject(buffer);
}

/* ---- Queues and events ---------------------------------------------------------- */

static void another_queue_finds_only_what_is_done(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    tsr__sequence sequence = tsr__sequence_on(*state), other = sequence;
    cl_mem buffer = make_buffer(*state);
    cl_int code;
    cl_event gate = clCreateUserEvent(sequence.device->context, &code);
    size_t version;

    assert_int_equal(code, CL_SUCCESS);
    assert_ok(tsr__device_profiling_queue(*state, &other.queue));
    assert_false(tsr__prepared_wants(tensor, &other, &version));
    assert_true(tsr__prepared_wants(tensor, &sequence, &version));
    /* Not `sequence.wait`: the gate stands for work that is under way for long. */
    assert_int_equal(clEnqueueBarrierWithWaitList(sequence.queue, 1, &gate, NULL),
                     CL_SUCCESS);
    fill_buffer(&sequence, buffer, 1);
    tsr__prepared_keep(tensor, &key, version, &sequence, buffer);
    assert_true(finds(tensor, &key, buffer));
    assert_false(finds_on(tensor, &key, &other, buffer));
    clSetUserEventStatus(gate, CL_COMPLETE);
    assert_ok(tsr_device_finish(*state));
    assert_true(finds_on(tensor, &key, &other, buffer));
    tsr__sequence_release(&sequence);
    tsr_tensor_destroy(tensor);
    clReleaseEvent(gate);
    clReleaseMemObject(buffer);
}

/* Keeps a form whose commands waited for the caller's events; `made` stands for the last
 * of them, which comes out as `verdict`. Whether it is found after that; if it is not,
 * another has taken its place. */
static bool found_after(tsr_device *device, cl_int verdict)
{
    tsr_tensor *tensor = make_prepared(device);
    tsr__sequence sequence = tsr__sequence_on(device);
    cl_mem buffer = make_buffer(device), next = make_buffer(device);
    cl_event made = clCreateUserEvent(sequence.device->context, NULL);
    size_t version;
    bool found;

    assert_non_null(made);
    assert_true(tsr__prepared_wants(tensor, &sequence, &version));
    sequence.waited = true;
    sequence.last = made;
    tsr__prepared_keep(tensor, &key, version, &sequence, buffer);
    assert_false(finds(tensor, &key, buffer));
    clSetUserEventStatus(made, verdict);
    found = finds(tensor, &key, buffer);
    keep(tensor, &key, next);
    assert_true(finds(tensor, &key, found ? buffer : next));
    tsr__sequence_release(&sequence);
    tsr_tensor_destroy(tensor);
    assert_references(device, buffer, 1);
    clReleaseMemObject(buffer);
    clReleaseMemObject(next);
    return found;
}

static void what_waits_for_the_callers_events_is_found_once_it_is_done(void **state)
{
    assert_true(found_after(*state, CL_COMPLETE));
}

static void what_waited_for_an_event_that_failed_is_not_found(void **state)
{
    assert_false(found_after(*state, -1));
}

static void a_sequence_knows_that_it_waited(void **state)
{
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_event gate = clCreateUserEvent(sequence.device->context, NULL);
    cl_mem buffer = make_buffer(*state);

    assert_non_null(gate);
    clSetUserEventStatus(gate, CL_COMPLETE);
    fill_buffer(&sequence, buffer, 1);
    assert_false(sequence.waited);
    sequence.num_wait = 1;
    sequence.wait = &gate;
    fill_buffer(&sequence, buffer, 1);
    fill_buffer(&sequence, buffer, 1);
    assert_true(sequence.waited);
    assert_ok(tsr_device_finish(*state));
    clReleaseEvent(gate);
    clReleaseMemObject(buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tensor_is_prepared_when_it_was_said),
        cmocka_unit_test(what_is_kept_is_found_by_its_key_only),
        cmocka_unit_test(a_tensor_that_is_not_prepared_keeps_nothing),
        cmocka_unit_test(the_first_of_two_equal_forms_stays),
        cmocka_unit_test(the_form_unused_for_longest_makes_room),
        cmocka_unit_test(a_view_of_a_prepared_tensor_is_not_prepared),
        cmocka_unit_test(forms_go_with_the_tensor),
        cmocka_unit_test(another_queue_finds_only_what_is_done),
        cmocka_unit_test(what_waits_for_the_callers_events_is_found_once_it_is_done),
        cmocka_unit_test(what_waited_for_an_event_that_failed_is_not_found),
        cmocka_unit_test(a_sequence_knows_that_it_waited),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
