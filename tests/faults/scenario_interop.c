/* Beside the caller's own OpenCL, whose calls do not fail here. */
#include <tessera/interop.h>

#include <stdlib.h>

#include "fault.h"
#include "operands.h"
#include "scenarios.h"

static void must(bool right)
{
    if (!right)
        exit(2);
}

/* An event that has ended. */
static cl_event ended_event(cl_context context)
{
    cl_event event;
    cl_int code;

    fault_pause(true);
    event = clCreateUserEvent(context, &code);
    must(code == CL_SUCCESS && clSetUserEventStatus(event, CL_COMPLETE) == CL_SUCCESS);
    fault_pause(false);
    return event;
}

static void release(cl_event event)
{
    fault_pause(true);
    if (event)
        clReleaseEvent(event);
    fault_pause(false);
}

/* The product waits for an event and gives one. */
static tsr_status multiply(work *w, cl_context context, const operands *o)
{
    const tsr_matmul_options options = operands_options(w);
    cl_event before = ended_event(context), after = NULL;
    tsr_status status =
        tsr_matmul_enqueue(o->a, o->b, o->c, &options, 1, &before, &after);

    if (status && after)
        w->wrong = true;
    release(before);
    release(after);
    return status;
}

tsr_status run_interop(work *w)
{
    operands o;
    tsr_status status;

    if (!(status = operands_make(w, &o)) &&
        !(status = multiply(w, tsr_device_get_cl_context(w->device), &o)))
        status = work_read(w, o.c);
    operands_clear(&o);
    return status;
}

/* More commands than a device keeps events of (TSR__LAUNCHED), all behind one that waits
 * for the caller. */
tsr_status run_many(work *w)
{
    enum { MANY = 70 };
    const tsr_matmul_options options = operands_options(w);
    cl_context context = tsr_device_get_cl_context(w->device);
    cl_event gate;
    operands o;
    tsr_status status;
    cl_int code;

    fault_pause(true);
    gate = clCreateUserEvent(context, &code);
    must(code == CL_SUCCESS);
    fault_pause(false);
    if (!(status = operands_make(w, &o)))
        status = tsr_matmul_enqueue(o.a, o.b, o.c, &options, 1, &gate, NULL);
    for (int i = 0; i < MANY && !status; i++)
        status = tsr_tensor_fill_uniform(o.a, 1, -1.0, 1.0);
    fault_pause(true);
    must(clSetUserEventStatus(gate, CL_COMPLETE) == CL_SUCCESS);
    fault_pause(false);
    if (!status)
        status = work_read(w, o.c);
    release(gate);
    operands_clear(&o);
    return status;
}

/* What the caller has: a context, a queue and a buffer with C in it. */
typedef struct theirs {
    cl_context context;
    cl_command_queue queue;
    cl_mem c;
} theirs;

static theirs create(const work *w, cl_device_id id)
{
    theirs t;
    cl_int code;

    fault_pause(true);
    t.context = clCreateContext(NULL, 1, &id, NULL, NULL, &code);
    must(t.context);
    t.queue = clCreateCommandQueue(t.context, id, 0, &code);
    t.c = clCreateBuffer(t.context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
                         w->count * sizeof *w->c, w->c, &code);
    must(t.queue && t.c);
    fault_pause(false);
    return t;
}

static void give_up(theirs *t)
{
    fault_pause(true);
    clReleaseMemObject(t->c);
    clReleaseCommandQueue(t->queue);
    clReleaseContext(t->context);
    fault_pause(false);
}

static tsr_status use(work *w, const theirs *t)
{
    const size_t shape[2] = {w->s->m, w->s->n};
    tsr_tensor *adopted = NULL;
    operands o;
    tsr_status status;

    if (!(status = operands_make(w, &o)) &&
        !(status = tsr_tensor_adopt(w->device, t->c, TSR_F32, 2, shape, NULL, 0,
                                    &adopted))) {
        tsr_tensor_destroy(o.c);
        o.c = adopted;
        if (!(status = multiply(w, t->context, &o)))
            status = work_read(w, o.c);
    }
    operands_clear(&o);
    return status;
}

tsr_status run_adopted(work *w)
{
    tsr_device *own = w->device;
    cl_device_id id = tsr_device_get_cl_device(own);
    theirs t = create(w, id);
    tsr_status status = tsr_device_adopt(t.context, id, t.queue, &w->device);

    if (!status)
        status = use(w, &t);
    tsr_device_close(w->device);
    w->device = own;
    give_up(&t);
    return status;
}

/* What the driver says of a self-test that does not build is asked for. The next, in which
 * nothing fails, does. */
tsr_status run_failed_selftest(work *w)
{
    tsr_device *own = w->device;
    cl_device_id id = tsr_device_get_cl_device(own);
    theirs t = create(w, id);
    tsr_status status;

    fault_break_builds(true);
    status = tsr_device_adopt(t.context, id, t.queue, &w->device);
    fault_break_builds(false);
    tsr_device_close(w->device);
    if (work_build_failed(w, status)) {
        fault_pause(true);
        status = tsr_device_adopt(t.context, id, t.queue, &w->device);
        if (!status)
            status = run_product(w);
        tsr_device_close(w->device);
        fault_pause(false);
    }
    w->device = own;
    give_up(&t);
    return status;
}
