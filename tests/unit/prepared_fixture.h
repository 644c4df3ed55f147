/* prepared_fixture.h: prepared tensors, and forms made by hand to keep with them. */
#ifndef TSR_TESTS_PREPARED_FIXTURE_H
#define TSR_TESTS_PREPARED_FIXTURE_H

#include "memory/prepared.h"

#include <time.h>

#include "device_fixture.h"

static const size_t shape[2] = {8, 8};
static const int maker;
static const tsr__form_key key = {&maker, {8, 8, 16}};

static inline tsr_tensor *make(tsr_device *device)
{
    tsr_tensor *tensor = NULL;

    assert_ok(tsr_tensor_create(device, TSR_F32, 2, shape, &tensor));
    assert_ok(tsr_tensor_fill_uniform(tensor, 1, 0, 1));
    return tensor;
}

static inline tsr_tensor *make_prepared(tsr_device *device)
{
    tsr_tensor *tensor = make(device);

    assert_ok(tsr_tensor_prepare(tensor));
    return tensor;
}

static inline cl_mem make_buffer(tsr_device *device)
{
    cl_mem buffer = NULL;

    assert_ok(tsr__scratch_create(device, 256, &buffer));
    return buffer;
}

static inline cl_uint references(cl_mem buffer)
{
    cl_uint count = 0;

    clGetMemObjectInfo(buffer, CL_MEM_REFERENCE_COUNT, sizeof count, &count, NULL);
    return count;
}

/* A driver's own threads may hold a buffer for a moment after its last command has ended:
 * up to five seconds are given to them. */
static inline void assert_references(tsr_device *device, cl_mem buffer,
                                     cl_uint expected)
{
    assert_ok(tsr_device_finish(device));
    for (int i = 0; i < 5000 && references(buffer) != expected; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(references(buffer), expected);
}

/* The command that would make a form. */
static inline void fill_buffer(tsr__sequence *sequence, cl_mem buffer, cl_uint value)
{
    cl_event event = NULL;

    assert_int_equal(clEnqueueFillBuffer(sequence->queue, buffer, &value, sizeof value,
                                         0, 256, sequence->num_wait, sequence->wait,
                                         tsr__sequence_event(sequence, &event)),
                     CL_SUCCESS);
    tsr__sequence_took(sequence, event);
}

/* A form made by a sequence of its own. */
static inline void keep(const tsr_tensor *tensor, const tsr__form_key *as,
                        cl_mem buffer)
{
    tsr__sequence sequence = tsr__sequence_on(tsr_tensor_get_device(tensor));
    size_t version;

    assert_true(tsr__prepared_wants(tensor, &sequence, &version));
    fill_buffer(&sequence, buffer, 1);
    tsr__prepared_keep(tensor, as, version, &sequence, buffer);
    tsr__sequence_release(&sequence);
}

static inline bool finds_on(const tsr_tensor *tensor, const tsr__form_key *as,
                            const tsr__sequence *sequence, cl_mem expected)
{
    cl_mem found = NULL;

    if (!tsr__prepared_find(tensor, as, sequence, &found)) {
        assert_null(found);
        return false;
    }
    assert_ptr_equal(found, expected);
    clReleaseMemObject(found);
    return true;
}

static inline bool finds(const tsr_tensor *tensor, const tsr__form_key *as,
                         cl_mem expected)
{
    tsr__sequence sequence = tsr__sequence_on(tsr_tensor_get_device(tensor));

    return finds_on(tensor, as, &sequence, expected);
}

#endif /* TSR_TESTS_PREPARED_FIXTURE_H */
