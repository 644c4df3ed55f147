#include "fail_nth.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CL/cl_layer.h>

#include "asleep.h"

#define BLOCKED    20 /* looks at a call that blocks, if there are to be none */
#define MOST_KEPT  256
#define MOST_WAITS 64 /* events in a wait list of a command that is held back */

/* One number for each entry point. */
enum {
#define ASKS(name, parameters, arguments)        CALL_##name,
#define ENDS(name, parameters, arguments)        CALL_##name,
#define MAKES(type, name, parameters, arguments) CALL_##name,
#define ENQUEUES(name, parameters, arguments)    CALL_##name,
#include "fail_nth_calls.h"
    CALL_clEnqueueMapBuffer,
    CALLS
};

static const struct _cl_icd_dispatch *target; /* the layer or driver below */
static struct _cl_icd_dispatch dispatch;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t none_held = PTHREAD_COND_INITIALIZER;
static fail_plan plan;
static bool paused, breaks_builds;
static long counted;
static int latest = -1; /* the call counted last */
static int held;        /* commands that wait for their moment */
/* Events of commands that may end negative. PoCL 3.1 still uses one when it has told that it
 * failed, and when the next command is enqueued: they are released one plan later. */
static cl_event kept[MOST_KEPT];
static size_t num_kept, num_old;
static fail_count counts[CALLS] = {
#define ASKS(name, parameters, arguments)        {#name, 0, 0},
#define ENDS(name, parameters, arguments)        {#name, 0, 0},
#define MAKES(type, name, parameters, arguments) {#name, 0, 0},
#define ENQUEUES(name, parameters, arguments)    {#name, 0, 0},
#include "fail_nth_calls.h"
    {"clEnqueueMapBuffer", 0, 0},
};

/* ---- Whose turn it is ------------------------------------------------------------- */

/* Counts a call of this kind; whether it is one that fails. Who asks an event again and
 * again, until it has ended, has asked once: how often depends on the time of day. */
static bool takes_its_turn(int call, fail_kind kind)
{
    bool now = false;

    pthread_mutex_lock(&lock);
    if (!paused) {
        if (kind == FAIL_CALL)
            counts[call].calls++;
        if (kind == (plan.kind == FAIL_CALL ? FAIL_CALL : FAIL_EVENT)) {
            counted += !(call == CALL_clGetEventInfo && call == latest);
            latest = call;
            now =
                plan.nth > 0 && (plan.once ? counted == plan.nth : counted >= plan.nth);
        }
        counts[call].failed += now;
    }
    pthread_mutex_unlock(&lock);
    return now;
}

/* CL_SUCCESS, or what the call is to fail with. */
static cl_int code_of(int call)
{
    return takes_its_turn(call, FAIL_CALL) ? plan.code : CL_SUCCESS;
}

/* ---- Commands that are held back -------------------------------------------------- */

/* A wait list with one event more. */
typedef struct waits {
    cl_uint count;
    const cl_event *list;
    cl_event more[MOST_WAITS];
    cl_event gate; /* what holds the command back, retained until it is enqueued */
    bool at_once;  /* and opened then */
    bool keeps;
    cl_event own; /* the command's, to be kept */
} waits;

static void open_gate(cl_event gate)
{
    target->clSetUserEventStatus(gate,
                                 plan.kind == FAIL_EVENT ? plan.code : CL_COMPLETE);
    target->clReleaseEvent(gate);
}

/* When all that comes behind the gate is enqueued. PoCL 3.1 loses a command that is enqueued
 * while one before it ends negative, and its queue waits for it for ever. */
static void *open_later(void *gate)
{
    asleep_await(plan.looks ? plan.looks : BLOCKED);
    open_gate(gate);
    pthread_mutex_lock(&lock);
    if (--held == 0)
        pthread_cond_broadcast(&none_held);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* A call that may block cannot be given its event after it. */
static bool may_block(int call)
{
    return call == CALL_clEnqueueReadBuffer || call == CALL_clEnqueueWriteBuffer ||
           call == CALL_clEnqueueReadBufferRect ||
           call == CALL_clEnqueueWriteBufferRect || call == CALL_clEnqueueMapBuffer;
}

static void hold_back(int call, cl_command_queue queue, waits *w)
{
    cl_context context = NULL;
    cl_event event;
    pthread_t thread;

    target->clGetCommandQueueInfo(queue, CL_QUEUE_CONTEXT, sizeof context, &context,
                                  NULL);
    event = target->clCreateUserEvent(context, NULL);
    if (!event || w->count + 1 > MOST_WAITS)
        abort();
    if (w->count)
        memcpy(w->more, w->list, w->count * sizeof *w->list);
    target->clRetainEvent(event);
    w->gate = event;
    w->more[w->count++] = event;
    w->list = w->more;
    w->at_once = plan.looks == 0 && !may_block(call);
    if (w->at_once)
        return;
    pthread_mutex_lock(&lock);
    held++;
    pthread_mutex_unlock(&lock);
    if (pthread_create(&thread, NULL, open_later, event))
        abort();
    pthread_detach(thread);
}

/* Where the command's event goes. */
static cl_event *event_of(waits *w, cl_event *event)
{
    return w->keeps ? &w->own : event;
}

/* After the enqueue: gives the program the event, and keeps it. */
static void enqueued(waits *w, cl_event *event)
{
    if (w->gate && w->at_once)
        open_gate(w->gate);
    if (w->gate)
        target->clReleaseEvent(w->gate);
    if (!w->own)
        return;
    if (event) {
        *event = w->own;
        target->clRetainEvent(w->own);
    }
    pthread_mutex_lock(&lock);
    if (num_kept == MOST_KEPT)
        abort();
    kept[num_kept++] = w->own;
    pthread_mutex_unlock(&lock);
}

static bool may_end_negative(void)
{
    bool may;

    pthread_mutex_lock(&lock);
    may = plan.kind == FAIL_EVENT && plan.nth > 0;
    pthread_mutex_unlock(&lock);
    return may;
}

/* What an enqueue is to wait for; or the code it is to fail with. */
static cl_int before(int call, cl_command_queue queue, cl_uint count,
                     const cl_event *list, waits *w)
{
    cl_int code = code_of(call);

    *w = (waits){.count = count, .list = list, .keeps = may_end_negative()};
    if (!code && takes_its_turn(call, FAIL_EVENT))
        hold_back(call, queue, w);
    return code;
}

/* ---- The calls -------------------------------------------------------------------- */

#define UNWRAP(...) __VA_ARGS__

#define ASKS(name, parameters, arguments)                                              \
    static cl_int CL_API_CALL layer_##name parameters                                  \
    {                                                                                  \
        cl_int failure = code_of(CALL_##name);                                         \
        return failure ? failure : target->name arguments;                             \
    }
#define ENDS(name, parameters, arguments)                                              \
    static cl_int CL_API_CALL layer_##name parameters                                  \
    {                                                                                  \
        cl_int code = target->name arguments, failure = code_of(CALL_##name);          \
        return failure ? failure : code;                                               \
    }
#define MAKES(type, name, parameters, arguments)                                       \
    static type CL_API_CALL layer_##name parameters                                    \
    {                                                                                  \
        cl_int failure = code_of(CALL_##name);                                         \
        if (failure && code)                                                           \
            *code = failure;                                                           \
        return failure ? NULL : target->name arguments;                                \
    }
#define ENQUEUES(name, parameters, arguments)                                          \
    static cl_int CL_API_CALL layer_##name(UNWRAP parameters, cl_uint num_wait,        \
                                           const cl_event *wait, cl_event *event)      \
    {                                                                                  \
        waits w;                                                                       \
        cl_int failure = before(CALL_##name, queue, num_wait, wait, &w);               \
        cl_int code = CL_SUCCESS;                                                      \
        if (!failure || CALL_##name == CALL_clEnqueueUnmapMemObject)                   \
            code = target->name(UNWRAP arguments, w.count, w.list,                     \
                                failure ? NULL : event_of(&w, event));                 \
        enqueued(&w, event);                                                           \
        return failure ? failure : code;                                               \
    }
#include "fail_nth_calls.h"

static cl_int CL_API_CALL build_or_break(cl_program program, cl_uint count,
                                         const cl_device_id *devices,
                                         const char *options,
                                         void(CL_CALLBACK *notify)(cl_program, void *),
                                         void *data)
{
    bool breaks;

    pthread_mutex_lock(&lock);
    breaks = breaks_builds;
    pthread_mutex_unlock(&lock);
    return layer_clBuildProgram(program, count, devices,
                                breaks ? "-D__kernel=broken_by_fail_nth" : options,
                                notify, data);
}

/* The one enqueue that gives a pointer. */
static void *CL_API_CALL layer_clEnqueueMapBuffer(cl_command_queue queue, cl_mem buffer,
                                                  cl_bool blocking, cl_map_flags flags,
                                                  size_t offset, size_t size,
                                                  cl_uint num_wait,
                                                  const cl_event *wait, cl_event *event,
                                                  cl_int *code)
{
    waits w;
    cl_int failure = before(CALL_clEnqueueMapBuffer, queue, num_wait, wait, &w);
    void *mapped = NULL;

    if (failure && code)
        *code = failure;
    if (!failure)
        mapped =
            target->clEnqueueMapBuffer(queue, buffer, blocking, flags, offset, size,
                                       w.count, w.list, event_of(&w, event), code);
    enqueued(&w, event);
    return mapped;
}

/* ---- For the program -------------------------------------------------------------- */

void fail_nth_arm(const fail_plan *new_plan)
{
    pthread_mutex_lock(&lock);
    while (held > 0)
        pthread_cond_wait(&none_held, &lock);
    for (size_t i = 0; i < num_old; i++)
        target->clReleaseEvent(kept[i]);
    num_kept -= num_old;
    memmove(kept, kept + num_old, num_kept * sizeof *kept);
    num_old = num_kept;
    plan = new_plan ? *new_plan : (fail_plan){.nth = 0};
    latest = -1;
    counted = 0;
    pthread_mutex_unlock(&lock);
}

void fail_nth_pause(bool pause)
{
    pthread_mutex_lock(&lock);
    paused = pause;
    pthread_mutex_unlock(&lock);
}

void fail_nth_break(bool builds)
{
    pthread_mutex_lock(&lock);
    breaks_builds = builds;
    pthread_mutex_unlock(&lock);
}

long fail_nth_counted(void)
{
    long result;

    pthread_mutex_lock(&lock);
    result = counted;
    pthread_mutex_unlock(&lock);
    return result;
}

bool fail_nth_count(size_t index, fail_count *out)
{
    if (index >= CALLS)
        return false;
    pthread_mutex_lock(&lock);
    *out = counts[index];
    pthread_mutex_unlock(&lock);
    return true;
}

/* ---- The layer -------------------------------------------------------------------- */

static void read_environment(void)
{
    const char *nth = getenv("FAIL_NTH"), *code = getenv("FAIL_CODE");

    plan = (fail_plan){.nth = nth ? atol(nth) : 0,
                       .once = getenv("FAIL_ONCE") != NULL,
                       .code = code ? atoi(code) : CL_OUT_OF_RESOURCES};
}

/* One write, so that the lines of two processes do not mix. */
__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("FAIL_REPORT");
    char text[8192];
    size_t length = 0;
    FILE *file = path && target ? fopen(path, "a") : NULL;

    if (!file)
        return;
    for (int i = 0; i < CALLS; i++)
        if (counts[i].calls)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s %lu %lu\n",
                                 counts[i].name, counts[i].calls, counts[i].failed);
    setvbuf(file, NULL, _IOFBF, sizeof text);
    fwrite(text, 1, length, file);
    fclose(file);
}

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info name, size_t size,
                                               void *value, size_t *size_ret)
{
    if (name != CL_LAYER_API_VERSION || (value && size < sizeof(cl_layer_api_version)))
        return CL_INVALID_VALUE;
    if (value)
        *(cl_layer_api_version *)value = CL_LAYER_API_VERSION_100;
    if (size_ret)
        *size_ret = sizeof(cl_layer_api_version);
    return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint num_entries,
                                            const struct _cl_icd_dispatch *below,
                                            cl_uint *num_entries_ret,
                                            const struct _cl_icd_dispatch **ours)
{
    if (num_entries < sizeof dispatch / sizeof dispatch.clGetPlatformIDs)
        return CL_INVALID_VALUE;
    read_environment();
    target = below;
    dispatch = *below;
#define ASKS(name, parameters, arguments)        dispatch.name = layer_##name;
#define ENDS(name, parameters, arguments)        dispatch.name = layer_##name;
#define MAKES(type, name, parameters, arguments) dispatch.name = layer_##name;
#define ENQUEUES(name, parameters, arguments)    dispatch.name = layer_##name;
#include "fail_nth_calls.h"
    dispatch.clBuildProgram = build_or_break;
    dispatch.clEnqueueMapBuffer = layer_clEnqueueMapBuffer;
    *ours = &dispatch;
    *num_entries_ret = sizeof dispatch / sizeof dispatch.clGetPlatformIDs;
    return CL_SUCCESS;
}
