#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/interop.h>
#include <tessera/matmul.h>

#include "base/trace.h"
#include "device/cl_error.h"
#include "device/wait.h"
#include "matmul/epilogue.h"
#include "matmul/first_use.h"
#include "matmul/plans.h"
#include "matmul/router.h"
#include "memory/prepared.h"

static const tsr_matmul_options default_options = TSR_MATMUL_OPTIONS_DEFAULT;

/* An empty sum: nothing of A and B is read. */
static tsr_status run_epilogue(const tsr__problem *problem,
                               const tsr__operands *operands, tsr__sequence *sequence,
                               tsr_matmul_report *report)
{
    tsr__kernel *kernel;
    tsr_status status = tsr__epilogue_kernel(sequence->device, problem,
                                             &report->build_seconds, &kernel);

    report->strategy = "epilogue";
    return status ? status
                  : tsr__epilogue_enqueue(kernel, problem, operands, problem->beta,
                                          sequence);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    tsr__operands seen =
        plan->transposed ? tsr__operands_transpose(operands) : *operands;

    return plan->strategy->enqueue(plan, &seen, sequence);
}

/* What was enqueued is kept, but for parameters that another plan would override. */
static tsr_status run_choice(const tsr__choice *choice, tsr__kept_plan *kept,
                             const tsr__operands *operands, tsr__sequence *sequence,
                             tsr_matmul_report *report)
{
    const tsr__strategy *strategy = choice->strategy;
    tsr__plan *plan = &kept->plan;
    tsr_status status;

    *plan = (tsr__plan){.strategy = strategy,
                        .problem = kept->problem,
                        .parameters = choice->has_set ? &choice->set : NULL};
    status = strategy->plan(sequence->device, plan);
    report->strategy = strategy->name;
    report->build_seconds += plan->build_seconds;
    if (!status)
        status = enqueue(plan, operands, sequence);
    if (status)
        return tsr__explain(status, "%s, %s", strategy->name,
                            tsr__problem_text(&kept->problem));
    kept->seconds = choice->seconds;
    if (!strategy->space || !strategy->space->overridden)
        tsr__plans_keep(sequence->device, kept);
    return TSR_OK;
}

/* Failures that are the strategy's own: it needs too much scratch, does not build here,
 * or gets it wrong. C is as it was, or is not read by whoever comes next. */
static bool another_may_succeed(tsr_status status)
{
    return status == TSR_ERROR_ALLOC_LIMIT || status == TSR_ERROR_DEVICE_MEMORY ||
           status == TSR_ERROR_BUILD || status == TSR_ERROR_CLBLAST ||
           status == TSR_ERROR_WRONG_RESULT;
}

/* As the latest product like it was made. False if there is none, or its plan will not do
 * again: what chooses is asked then. A trace is of choices. */
static bool run_again(tsr__kept_plan *kept, const tsr__operands *operands,
                      tsr__sequence *sequence, tsr_matmul_report *report,
                      tsr_status *status)
{
    if (!tsr__plans_find(sequence->device, kept) || tsr__trace_on(TSR__TRACE_ROUTER))
        return false;
    report->strategy = kept->plan.strategy->name;
    report->estimated_seconds = kept->seconds;
    *status = enqueue(&kept->plan, operands, sequence);
    return !another_may_succeed(*status);
}

/* The router's choice; when that fails by a fault of its own, the next best. A forced
 * strategy has no next. When none is left, why the last one failed is the answer. */
static tsr_status run_routed(tsr__kept_plan *kept, const tsr__operands *operands,
                             const char *forced, tsr__sequence *sequence,
                             tsr_matmul_report *report)
{
    tsr__strategies failed = 0;
    tsr_status status = TSR_OK, last;
    char why[TSR__DETAIL_SIZE];
    tsr__choice choice;

    for (;;) {
        last = status;
        status = tsr__route(sequence->device, &kept->problem, forced, failed, &choice);
        if (status)
            return failed ? tsr__fail(last, "%s", why) : status;
        report->estimated_seconds = choice.seconds;
        status = run_choice(&choice, kept, operands, sequence, report);
        if (choice.forced || !another_may_succeed(status))
            return status;
        failed |= tsr__strategies_of(choice.strategy);
        snprintf(why, sizeof why, "%s", tsr_error_detail());
        tsr__trace(TSR__TRACE_ROUTER, "%s; trying another", tsr_error_detail());
    }
}

/* One that was made before as it was then; else as is chosen now. */
static tsr_status run_product(const tsr__problem *problem,
                              const tsr__operands *operands, const char *forced,
                              tsr__sequence *sequence, tsr_matmul_report *report)
{
    tsr_device *device = sequence->device;
    tsr__kept_plan kept = {.problem = *problem};
    tsr_status status;

    if (!forced && device->forced_strategy[0])
        forced = device->forced_strategy;
    if (forced)
        kept.scope = tsr__strategy_find(forced);
    else
        tsr__first_use(device, problem);
    if ((!forced || kept.scope) &&
        run_again(&kept, operands, sequence, report, &status))
        return status ? tsr__explain(status, "%s, %s", report->strategy,
                                     tsr__problem_text(problem))
                      : TSR_OK;
    return run_routed(&kept, operands, forced, sequence, report);
}

static bool is_array(const tsr_tensor *tensor)
{
    return !tensor || (tensor->storage->zero_copy && tensor->storage->host);
}

/* problem.on_host. By what the caller gave and asks for, not by what the queue is doing: so
 * that a program gets the same strategy, and the same bits, each time. An event on a queue
 * for timing is our own: that one is a marker behind the product. */
static bool is_on_host(const tsr__operands *o, const tsr__sequence *sequence)
{
    tsr_device *device = sequence->device;
    const bool timed = sequence->queue != device->queue;

    return device->coherent && !sequence->num_wait &&
           (timed || !sequence->want_event) && !atomic_load(&device->others_enqueue) &&
           is_array(o->a) && is_array(o->b) && is_array(o->c) && is_array(o->bias);
}

/* The life of one product: check, route, plan, enqueue. */
static tsr_status run(const tsr__operands *operands, const tsr_matmul_options *options,
                      tsr__sequence *sequence)
{
    tsr_matmul_report unwanted;
    tsr_matmul_report *report = options->report ? options->report : &unwanted;
    tsr__problem problem;
    tsr_status status;

    *report = (tsr_matmul_report){"none", 0.0, 0.0};
    status = tsr__problem_make(operands, options, &problem);
    if (status)
        return status;
    problem.on_host = is_on_host(operands, sequence);
    if (problem.m == 0 || problem.n == 0 || problem.batch == 0) {
        tsr__trace(TSR__TRACE_ROUTER, "%s -> nothing to do",
                   tsr__problem_text(&problem));
        return TSR_OK;
    }
    if (problem.k == 0 || problem.alpha == 0.0) {
        tsr__trace(TSR__TRACE_ROUTER, "%s -> epilogue (an empty sum)",
                   tsr__problem_text(&problem));
        return run_epilogue(&problem, operands, sequence, report);
    }
    return run_product(&problem, operands, options->strategy, sequence, report);
}

/* The device of the result, with the operands collected; NULL after a failure. */
static tsr_device *collect(const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                           const tsr_matmul_options *options, tsr__operands *operands)
{
    *operands = (tsr__operands){a, b, c, options->bias};
    if (!a || !b || !c) {
        tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", !a ? "A" : !b ? "B" : "C");
        return NULL;
    }
    return c->storage->device;
}

tsr_status tsr_matmul(const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                      const tsr_matmul_options *options)
{
    return tsr_matmul_enqueue(a, b, c, options, 0, NULL, NULL);
}

/* The caller's events with a place behind them, as a sequence wants them; none is NULL. */
static tsr_status take_waits(cl_uint num_wait, const cl_event *wait, cl_event **out)
{
    *out = NULL;
    if ((num_wait == 0) != (wait == NULL))
        return tsr__fail(TSR_ERROR_ARGUMENT, "%u events to wait for at %s", num_wait,
                         wait ? "an address" : "NULL");
    for (cl_uint i = 0; i < num_wait; i++)
        if (!wait[i]) /* some drivers would take it */
            return tsr__fail(TSR_ERROR_ARGUMENT, "event %u of %u to wait for is NULL",
                             i, num_wait);
    if (num_wait == 0)
        return TSR_OK;
    if (!(*out = calloc((size_t)num_wait + 1, sizeof **out)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY,
                         "no host memory for a list of %u events", num_wait);
    memcpy(*out, wait, num_wait * sizeof *wait);
    return TSR_OK;
}

tsr_status tsr_matmul_enqueue(const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                              const tsr_matmul_options *options, cl_uint num_wait,
                              const cl_event *wait, cl_event *event)
{
    tsr__operands operands;
    tsr__sequence sequence;
    tsr_device *device;
    tsr_status status;
    cl_event *list;

    if (event)
        *event = NULL;
    if (!options)
        options = &default_options;
    if (!(device = collect(a, b, c, options, &operands)))
        return TSR_ERROR_ARGUMENT;
    if ((status = take_waits(num_wait, wait, &list)))
        return status;
    sequence = tsr__sequence_on(device);
    sequence.num_wait = num_wait;
    sequence.wait = list;
    sequence.want_event = event != NULL || num_wait > 0;
    if (num_wait > 0)
        atomic_store(&device->others_enqueue, true);
    status = run(&operands, options, &sequence);
    tsr__prepared_written(c);
    /* Should one of the caller's events fail, the next read says so. */
    if (!status && num_wait > 0 && sequence.last &&
        !tsr__device_wants_event(device, device->queue)) /* then it knows already */
        tsr__device_launched(device, sequence.last);
    if (!status && !(status = tsr__sequence_end(&sequence)) && event) {
        cl_int code = clFlush(sequence.queue);

        if (code != CL_SUCCESS)
            status = tsr__fail_cl(code, "clFlush", NULL);
    }
    if (!status && event)
        *event = sequence.last;
    else
        tsr__sequence_release(&sequence);
    free(list);
    return status;
}

/* ---- On the device's own clock -------------------------------------------------- */

static tsr_status timestamp(cl_event event, cl_profiling_info what, cl_ulong *time)
{
    cl_int code = clGetEventProfilingInfo(event, what, sizeof *time, time, NULL);

    return code == CL_SUCCESS ? TSR_OK
                              : tsr__fail_cl(code, "clGetEventProfilingInfo", NULL);
}

/* A command that does next to nothing; its end is when the product could begin. */
static tsr_status enqueue_start(cl_command_queue queue, cl_mem scratch, cl_event *out)
{
    const cl_uchar zero = 0;
    cl_int code = clEnqueueFillBuffer(queue, scratch, &zero, 1, 0, 1, 0, NULL, out);

    return code == CL_SUCCESS ? TSR_OK
                              : tsr__fail_cl(code, "clEnqueueFillBuffer", NULL);
}

static tsr_status run_timed(const tsr__operands *operands,
                            const tsr_matmul_options *options, tsr__sequence *sequence,
                            cl_mem scratch, double *seconds)
{
    cl_event start = NULL;
    cl_ulong from = 0, to = 0;
    tsr_status status = enqueue_start(sequence->queue, scratch, &start);

    if (status)
        return status;
    if (!(status = run(operands, options, sequence)) &&
        !(status = tsr__sequence_end(sequence))) {
        cl_int code = clFinish(sequence->queue);

        if (code != CL_SUCCESS)
            status = tsr__fail_cl(code, "clFinish", NULL);
        else if (!(status = timestamp(start, CL_PROFILING_COMMAND_END, &from)) &&
                 !(status = timestamp(sequence->last, CL_PROFILING_COMMAND_END, &to)))
            *seconds = to > from ? 1e-9 * (double)(to - from) : 0.0;
    }
    clReleaseEvent(start);
    return status;
}

tsr_status tsr_matmul_device_time(const tsr_tensor *a, const tsr_tensor *b,
                                  tsr_tensor *c, const tsr_matmul_options *options,
                                  double *seconds)
{
    tsr__operands operands;
    tsr__sequence sequence;
    tsr_device *device;
    tsr_status status;
    cl_mem scratch;

    if (!seconds)
        return tsr__fail(TSR_ERROR_ARGUMENT, "seconds is NULL");
    *seconds = 0.0;
    if (!options)
        options = &default_options;
    if (!(device = collect(a, b, c, options, &operands)))
        return TSR_ERROR_ARGUMENT;
    sequence = tsr__sequence_on(device);
    sequence.want_event = true;
    /* The operands may still be being made on the other queue. */
    if ((status = tsr_device_finish(device)) ||
        (status = tsr__device_profiling_queue(device, &sequence.queue)) ||
        (status = tsr__scratch_create(device, 64, &scratch)))
        return status;
    status = run_timed(&operands, options, &sequence, scratch, seconds);
    tsr__prepared_written(c);
    tsr__sequence_release(&sequence);
    clReleaseMemObject(scratch);
    return status;
}

const char *tsr_activation_name(tsr_activation activation)
{
    static const char *const names[] = {"none", "relu", "tanh", "sigmoid", "gelu"};

    return (unsigned)activation < sizeof names / sizeof names[0] ? names[activation]
                                                                 : "unknown";
}
