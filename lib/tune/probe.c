/* probe: a kernel of kernels/probe.cl made ready, checked, and timed. */
#include "tune/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/clock.h"
#include "device/cl_error.h"
#include "device/facts.h"
#include "memory/tensor.h"
#include "program/launch.h"

#define BATCH_SECONDS  0.005 /* how long one should last, at least */
#define READ_SECONDS   0.05  /* what one pass may take; a slow device reads less */
#define MOST_LAUNCHES  1000  /* in one batch */
#define MOST_TURNS     32768 /* of a kernel's loop: llvmpipe ends it at 65535, unsaid */
#define EMPTY_LAUNCHES 20    /* the quickest one counts */
#define LONG_TRIES     4     /* of a launch that seems long enough */
#define TRIES_SECONDS  0.5   /* after which two will do: a slow device */
#define FEWEST_BATCHES 3     /* in a run, unless that takes four times as long */
#define STEPS          4     /* in one turn of read_all, as in the kernel file */
#define CHAINS         12    /* of multiply_add, as in the kernel file */
#define UNROLLED       8     /* the same */

/* ---- Time ----------------------------------------------------------------------- */

static tsr_status launch(const tsr__probe *p, size_t global, cl_ulong turns,
                         unsigned launches)
{
    tsr__sequence sequence = tsr__sequence_on(p->device);
    cl_float a32 = 0.5f, b32 = 1;
    cl_double a64 = 0.5, b64 = 1;
    bool wide = p->dtype == TSR_F64;
    tsr__arg read[] = {TSR__ARG(turns), TSR__ARG(p->numbers), TSR__ARG(p->start),
                       TSR__ARG(p->step), TSR__ARG(p->sums)};
    tsr__arg add[] = {TSR__ARG(turns), wide ? TSR__ARG(a64) : TSR__ARG(a32),
                      wide ? TSR__ARG(b64) : TSR__ARG(b32), TSR__ARG(p->sums)};
    tsr_status status;

    for (unsigned i = 0; i < launches; i++)
        if ((status = tsr__launch(&sequence, p->kernel, 1, &global, &p->local,
                                  p->numbers ? 5 : 4, p->numbers ? read : add)))
            return status;
    return TSR_OK;
}

/* Seconds of one of `launches` launches in a row. */
static tsr_status time_launches(const tsr__probe *p, size_t global, cl_ulong turns,
                                unsigned launches, double *seconds)
{
    double begin = tsr__seconds();
    tsr_status status = launch(p, global, turns, launches);

    if (!status)
        status = tsr_device_finish(p->device);
    *seconds = (tsr__seconds() - begin) / launches;
    return status;
}

/* The quickest of some launches, once one is below `enough`. A launch that only waited for
 * a processor would pass for a long one, and what is measured then is launching. */
static tsr_status time_long(const tsr__probe *p, double enough, double *seconds)
{
    double begin = tsr__seconds(), once;
    tsr_status status;

    *seconds = INFINITY;
    for (int i = 0; i < LONG_TRIES && *seconds >= enough; i++) {
        if (i > 1 && tsr__seconds() - begin > TRIES_SECONDS)
            break;
        if ((status = time_launches(p, p->global, p->turns, 1, &once)))
            return status;
        *seconds = fmin(*seconds, once);
    }
    return TSR_OK;
}

/* A launch that took `seconds` may have waited for all of them. If so, four times the turns
 * take no longer, and are kept. */
static tsr_status outgrow_waiting(tsr__probe *p, cl_ulong most, double seconds,
                                  bool *worked)
{
    const cl_ulong turns = p->turns;
    tsr_status status;
    double longer;

    p->turns = turns < most / 4 ? 4 * turns : most;
    if ((status = time_launches(p, p->global, p->turns, 1, &longer)))
        return status;
    *worked = longer >= 0.5 * seconds * (double)p->turns / (double)turns;
    if (!*worked)
        return TSR_OK;
    p->turns = turns; /* and the sums are to be those of so many */
    return time_launches(p, p->global, p->turns, 1, &longer);
}

/* Raises the turns up to `most`, until one launch takes `enough`, and then chooses the
 * launches of a batch. */
static tsr_status lengthen(tsr__probe *p, cl_ulong most, double enough)
{
    tsr_status status;
    double seconds;

    p->turns = most < 16 ? most : 16;
    /* the first may compile: does not count */
    if ((status = time_launches(p, p->global, p->turns, 1, &seconds)))
        return status;
    for (;;) {
        if ((status = time_long(p, enough / 2, &seconds)))
            return status;
        if (p->turns == most || seconds > TRIES_SECONDS)
            break;
        if (seconds >= enough / 2) {
            bool worked;

            if ((status = outgrow_waiting(p, most, seconds, &worked)))
                return status;
            if (worked)
                break;
            continue;
        }
        p->turns *= (cl_ulong)fmin(ceil(enough / fmax(seconds, 1e-9)), 16);
        if (p->turns > most)
            p->turns = most;
    }
    p->launches =
        (unsigned)fmin(ceil(BATCH_SECONDS / fmax(seconds, 1e-9)), MOST_LAUNCHES);
    return TSR_OK;
}

tsr_status tsr__probe_run(const tsr__probe *p, double *rate)
{
    double begin = tsr__seconds(), seconds, end;
    tsr_status status;
    int batches = 0;

    do {
        if ((status = time_launches(p, p->global, p->turns, p->launches, &seconds)))
            return status;
        *rate = fmax(*rate, p->work / seconds);
        end = tsr__seconds() - begin + p->launches * seconds;
    } while (end <= TSR__PROBE_SECONDS ||
             (++batches < FEWEST_BATCHES && end <= 4 * TSR__PROBE_SECONDS));
    return TSR_OK;
}

tsr_status tsr__probe_launch(const tsr__probe *p, double *seconds)
{
    tsr_status status;
    double once;

    for (int i = 0; i < EMPTY_LAUNCHES; i++) {
        if ((status = time_launches(p, p->local, 0, 1, &once)))
            return status;
        *seconds = *seconds > 0 ? fmin(*seconds, once) : once;
    }
    return TSR_OK;
}

/* ---- Proof of work -------------------------------------------------------------- */

static tsr_status read_sums(const tsr__probe *p, size_t count, void **out)
{
    size_t bytes = count * tsr_dtype_size(p->dtype);
    cl_int code;

    if (!(*out = malloc(bytes)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no %zu bytes for the probe's sums",
                         bytes);
    code = clEnqueueReadBuffer(p->device->queue, p->sums, CL_TRUE, 0, bytes, *out, 0,
                               NULL, NULL);
    if (code != CL_SUCCESS) {
        free(*out);
        return tsr__fail_cl(code, "clEnqueueReadBuffer", "%zu bytes", bytes);
    }
    return TSR_OK;
}

/* first + (first + 1) + ..., `count` of them, as the kernel's unsigned sums have it. */
static cl_uint sum_of_run(uint64_t first, uint64_t count)
{
    const uint64_t twice =
        count * (2 * first + count - 1); /* below 2^64 up to 16 GiB */

    return (cl_uint)(twice / 2);
}

/* Each element is its index, so the sums say which were read. */
static tsr_status check_read(const tsr__probe *p)
{
    const size_t count = p->global * p->width;
    const uint64_t of_item = (uint64_t)p->turns * STEPS * p->width;
    cl_uint total = 0, right = 0;
    tsr_status status;
    void *values;

    if ((status = read_sums(p, count, &values)))
        return status;
    for (size_t i = 0; i < count; i++)
        total += ((cl_uint *)values)[i];
    free(values);
    if (p->step == 1) /* slabs, perhaps not to their end */
        for (size_t i = 0; i < p->global; i++)
            right += sum_of_run((uint64_t)i * p->start * p->width, of_item);
    else
        right = sum_of_run(0, p->global * of_item);
    if (total != right)
        return tsr__fail(TSR_ERROR_WRONG_RESULT,
                         "the bandwidth probe did not read the %llu elements it was to "
                         "read on %s: their sum is %u, not %u",
                         (unsigned long long)(p->global * of_item),
                         p->device->info.name, (unsigned)total, (unsigned)right);
    return TSR_OK;
}

/* Each chain ends at 2. */
static tsr_status check_flops(const tsr__probe *p)
{
    size_t count = p->global * p->width, wrong = 0;
    tsr_status status;
    void *values;

    if ((status = read_sums(p, count, &values)))
        return status;
    for (size_t i = 0; i < count; i++) {
        double x = p->dtype == TSR_F64 ? ((double *)values)[i] : ((float *)values)[i];

        wrong += !(fabs(x - 2 * CHAINS) < 1e-3);
    }
    free(values);
    if (wrong)
        return tsr__fail(TSR_ERROR_WRONG_RESULT,
                         "%zu of %zu sums of the %s multiply-add probe are wrong on %s",
                         wrong, count, tsr_dtype_name(p->dtype), p->device->info.name);
    return TSR_OK;
}

/* ---- Making --------------------------------------------------------------------- */

/* A kernel and a group that it and the device can have.
 * -w: PoCL's compiler would print warnings about vectors wider than registers. */
static tsr_status begin(tsr_device *device, const char *entry, tsr_dtype dtype,
                        const tsr__grouping *grouping, unsigned width, tsr__probe *out)
{
    bool cpu = device->info.type == TSR_DEVICE_CPU;
    char options[TSR__OPTIONS_SIZE];
    tsr_status status;
    size_t most;

    *out = (tsr__probe){.device = device, .dtype = dtype, .width = width};
    snprintf(options, sizeof options, "-w -DWIDTH=%u%s", width,
             cpu ? " -DCONTRACT" : "");
    if ((status = tsr__kernel_get(device, "probe", entry, dtype, options, NULL,
                                  &out->kernel))) {
        out->kernel = NULL;
        return status;
    }
    most = tsr__kernel_max_group(out->kernel);
    out->local = grouping->local < most ? grouping->local : most;
    out->global = grouping->groups * out->local;
    return TSR_OK;
}

static tsr_status create_sums(tsr__probe *p)
{
    size_t bytes = p->global * p->width * tsr_dtype_size(p->dtype);

    return tsr__scratch_create(p->device, bytes, &p->sums);
}

tsr_status tsr__probe_read(tsr_device *device, cl_mem numbers, size_t bytes,
                           const tsr__grouping *grouping, unsigned width,
                           tsr__probe *out)
{
    size_t vectors = bytes / (width * sizeof(cl_uint)), groups;
    tsr_status status;
    cl_ulong most;

    if ((status = begin(device, "read_all", TSR_F32, grouping, width, out)))
        return status;
    groups = tsr__divide_up(vectors, out->local * STEPS * MOST_TURNS);
    groups = groups > grouping->groups ? groups : grouping->groups;
    out->global = groups * out->local;
    most = vectors / out->global / STEPS;
    out->numbers = numbers;
    out->start = grouping->slabs ? most * STEPS : 1;
    out->step = grouping->slabs ? 1 : out->global;
    if (most == 0)
        return tsr__fail(TSR_ERROR_ALLOC_LIMIT,
                         "%zu bytes are too few to measure bandwidth with %zu "
                         "work-items; one allocation of %s may have no more%s",
                         bytes, out->global, device->info.name,
                         tsr__max_alloc_source(&device->info));
    if (!(status = create_sums(out)) && !(status = lengthen(out, most, READ_SECONDS)))
        status = check_read(out);
    if (status)
        tsr__probe_release(out);
    out->work =
        (double)out->global * (double)out->turns * STEPS * width * sizeof(cl_uint);
    return status;
}

tsr_status tsr__probe_flops(tsr_device *device, tsr_dtype dtype,
                            const tsr__grouping *grouping, unsigned width,
                            tsr__probe *out)
{
    tsr_status status;

    if ((status = begin(device, "multiply_add", dtype, grouping, width, out)))
        return status;
    if (!(status = create_sums(out)) &&
        !(status = lengthen(out, MOST_TURNS, BATCH_SECONDS)))
        status = check_flops(out);
    if (status)
        tsr__probe_release(out);
    out->work =
        2.0 * CHAINS * UNROLLED * (double)out->turns * width * (double)out->global;
    return status;
}

void tsr__probe_release(tsr__probe *p)
{
    if (p->sums)
        clReleaseMemObject(p->sums);
    *p = (tsr__probe){0};
}
