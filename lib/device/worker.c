#include "device/worker.h"

#include <fenv.h>
#include <sched.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/error.h"
#include "device/native.h"

/* Seconds that the worker stays awake for another job: what waking it costs, twice. */
#define STAYS 50e-6

#define LOOKS 64 /* between two looks at the clock */

/* Whose the job is. The caller opens and closes it, the worker takes it and gives it back. */
enum { CLOSED, OPEN, TAKEN };

typedef struct worker {
    tsr_device *device;
    cl_command_queue queue; /* its own; NULL before it was first fetched */
    atomic_bool none;       /* the device has none to give */
    atomic_flag busy;       /* a caller has the worker; guards what is not atomic */
    double ended;           /* when the last job did */
    bool let_by;            /* the caller has offered it its own CPU */
    atomic_bool here;       /* it has been fetched, and has not left yet */
    atomic_int caller_cpu;  /* where the worker is of no use */
    atomic_int pinned_to;   /* the CPU that it may not leave; negative: none known */
    atomic_int job_state;
    atomic_size_t next; /* part that nobody has begun */
    tsr__part *part;    /* these are the job's, written while it is closed */
    const void *job;
    size_t parts;
    fenv_t environment;
} worker;

/* ---- The device's slot ------------------------------------------------------------ */

static void *worker_create(tsr_device *device)
{
    worker *w = calloc(1, sizeof *w);

    if (!w) {
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for a device's worker");
        return NULL;
    }
    w->device = device;
    atomic_init(&w->none, device->info.compute_units < 2 || !tsr__runs_native(device));
    atomic_flag_clear(&w->busy);
    atomic_init(&w->here, false);
    atomic_init(&w->caller_cpu, -1);
    atomic_init(&w->pinned_to, -1);
    atomic_init(&w->job_state, CLOSED);
    atomic_init(&w->next, 0);
    return w;
}

static void worker_destroy(tsr_device *device, void *state)
{
    worker *w = state;

    tsr__worker_dismiss(device);
    if (w->queue) {
        clFinish(w->queue);
        clReleaseCommandQueue(w->queue);
    }
    free(w);
}

/* ---- The worker's side ------------------------------------------------------------ */

static void do_parts(worker *w)
{
    size_t i;

    while ((i = atomic_fetch_add_explicit(&w->next, 1, memory_order_relaxed)) <
           w->parts)
        w->part(w->job, i);
}

/* Whether there was a job, which has been done. */
static bool take(worker *w)
{
    int open = OPEN;
    fenv_t own;

    if (atomic_load_explicit(&w->job_state, memory_order_relaxed) != OPEN ||
        !atomic_compare_exchange_strong(&w->job_state, &open, TAKEN))
        return false;
    fegetenv(&own);
    fesetenv(&w->environment);
    do_parts(w);
    fesetenv(&own);
    atomic_store_explicit(&w->job_state, CLOSED, memory_order_release);
    return true;
}

/* Linux wakes a thread on the CPU of who wakes it if the others look busy, as in a virtual
 * machine one does that sleeps; there it would take turns with the caller. PoCL may have
 * pinned it there (POCL_AFFINITY): then it is the caller who has to go. */
static void leave_the_caller_alone(worker *w)
{
    const int cpu = tsr__cpu();

    if (cpu == atomic_load_explicit(&w->caller_cpu, memory_order_relaxed) &&
        !tsr__cpu_leave(cpu))
        atomic_store(&w->pinned_to, cpu);
}

/* A native kernel: it runs on a thread of the device's. */
static void CL_CALLBACK work(void *args)
{
    worker *w = *(worker **)args;
    double until = tsr__seconds() + STAYS;

    leave_the_caller_alone(w);
    while (atomic_load(&w->device->worker_stays) && tsr__seconds() < until) {
        for (int i = 0; i < LOOKS; i++)
            if (take(w))
                until = tsr__seconds() + STAYS;
        sched_yield();
        leave_the_caller_alone(w);
    }
    atomic_store(&w->here, false); /* the last of w */
}

/* ---- The caller's side ------------------------------------------------------------ */

/* Where that fails, there is no worker. */
static void fetch(worker *w)
{
    cl_int code;

    if (!w->queue) {
        w->queue = clCreateCommandQueue(w->device->context, w->device->id, 0, &code);
        w->none = !w->queue;
    }
    if (w->none)
        return;
    w->let_by = false;
    atomic_store_explicit(&w->caller_cpu, tsr__cpu(), memory_order_relaxed);
    atomic_store(&w->here, true);
    w->none = clEnqueueNativeKernel(w->queue, work, &w, sizeof w, 0, NULL, NULL, 0,
                                    NULL, NULL) != CL_SUCCESS;
    if (w->none)
        atomic_store(&w->here, false);
    else
        clFlush(w->queue);
}

/* A short job on its own is done before the worker comes; between launches it would leave
 * again. */
static bool is_worth_fetching(worker *w, double alone)
{
    const bool stays = atomic_exchange(&w->device->worker_stays, true);

    return alone >= TSR__WORTH_FETCHING || (stays && tsr__seconds() - w->ended < STAYS);
}

static void do_together(worker *w, tsr__part *part, const void *job, size_t parts)
{
    int open = OPEN, cpu = tsr__cpu();

    if (cpu >= 0 && atomic_exchange(&w->pinned_to, -1) == cpu && tsr__cpu_leave(cpu))
        cpu = tsr__cpu();
    w->part = part;
    w->job = job;
    w->parts = parts;
    atomic_store_explicit(&w->caller_cpu, cpu, memory_order_relaxed);
    fegetenv(&w->environment);
    atomic_store_explicit(&w->next, 0, memory_order_relaxed);
    atomic_store_explicit(&w->job_state, OPEN, memory_order_release);
    do_parts(w);
    if (atomic_compare_exchange_strong(&w->job_state, &open, CLOSED)) {
        if (!w->let_by)
            sched_yield(); /* it has not come; perhaps it waits for this CPU */
        w->let_by = true;
        return;
    }
    for (unsigned look = 1;
         atomic_load_explicit(&w->job_state, memory_order_acquire) != CLOSED; look++)
        if (look % LOOKS == 0)
            sched_yield();
}

static void do_alone(tsr__part *part, const void *job, size_t parts)
{
    for (size_t i = 0; i < parts; i++)
        part(job, i);
}

void tsr__share(tsr_device *device, double alone, tsr__part *part, const void *job,
                size_t parts)
{
    worker *w = parts < 2 ? NULL
                          : tsr__device_slot(device, TSR__SLOT_WORKER, worker_create,
                                             worker_destroy);

    if (!w || atomic_load(&w->none) || atomic_flag_test_and_set(&w->busy)) {
        do_alone(part, job, parts);
        return;
    }
    if (!atomic_load(&w->here) && is_worth_fetching(w, alone))
        fetch(w);
    if (atomic_load(&w->here))
        do_together(w, part, job, parts);
    else
        do_alone(part, job, parts);
    w->ended = tsr__seconds();
    atomic_flag_clear(&w->busy);
}

void tsr__worker_dismiss(tsr_device *device)
{
    if (atomic_load_explicit(&device->worker_stays, memory_order_relaxed))
        atomic_store(&device->worker_stays, false);
}
