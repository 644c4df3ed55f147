/* roof: what kernels/probe.cl reaches on a device, and what follows for a product.
 *
 * Two groupings and two vector widths are tried. Reading with the narrow vectors decides
 * the grouping; the rest is measured with it alone, as each combination is a kernel that
 * some drivers take long to compile. */
#include <tessera/roof.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/clock.h"
#include "base/trace.h"
#include "device/cl_error.h"
#include "memory/tensor.h"
#include "program/launch.h"

#define READ_BYTES    (256u << 20)
#define READ_SECONDS  0.05  /* what one pass may take; a slow device reads less */
#define BATCHES       5     /* the best one counts */
#define BATCH_SECONDS 0.01  /* how long one should last, at least */
#define TRIAL_SECONDS 0.1   /* after which no further batch begins */
#define MOST_LAUNCHES 1000  /* in one batch */
#define MOST_TURNS    32768 /* of a kernel's loop: llvmpipe ends it at 65535, unsaid */
#define STEPS         4     /* in one turn of read_all, as in the kernel file */
#define CHAINS        12    /* of multiply_add, as in the kernel file */
#define UNROLLED      8     /* the same */

/* How work-items share the work. */
typedef struct grouping {
    size_t local;
    size_t groups;
    bool slabs; /* each item reads a slab; otherwise neighbours read neighbours */
} grouping;

typedef struct probe {
    tsr_device *device;
    cl_mem ones; /* `bytes` of 32-bit ones */
    size_t bytes;
} probe;

/* One kernel with all it needs. Its first argument is `turns`, how long its loop is. */
typedef struct trial {
    tsr__kernel *kernel;
    size_t global, local;
    cl_ulong turns;
    tsr__arg args[5];
    size_t num_args;
} trial;

/* ---- Time ----------------------------------------------------------------------- */

/* Seconds of one of `launches` launches in a row. */
static tsr_status time_launches(const probe *p, const trial *t, unsigned launches,
                                double *seconds)
{
    tsr__sequence sequence = tsr__sequence_on(p->device);
    double begin = tsr__seconds();
    tsr_status status;

    for (unsigned i = 0; i < launches; i++) {
        status = tsr__launch(&sequence, t->kernel, 1, &t->global, &t->local,
                             t->num_args, t->args);
        if (status)
            return status;
    }
    status = tsr_device_finish(p->device);
    *seconds = (tsr__seconds() - begin) / launches;
    return status;
}

/* Raises the turns up to `most`, until one launch takes `enough`; *seconds is what it
 * then takes. */
static tsr_status lengthen(const probe *p, trial *t, cl_ulong most, double enough,
                           double *seconds)
{
    tsr_status status;

    t->turns = most < 16 ? most : 16;
    if ((status = time_launches(p, t, 1, seconds))) /* may compile: does not count */
        return status;
    for (;;) {
        if ((status = time_launches(p, t, 1, seconds)))
            return status;
        if (*seconds >= enough / 2 || t->turns == most)
            return TSR_OK;
        t->turns *= (cl_ulong)fmin(ceil(enough / fmax(*seconds, 1e-9)), 16);
        if (t->turns > most)
            t->turns = most;
    }
}

/* The shortest time of one launch, over batches long enough for the clock. */
static tsr_status best_time(const probe *p, trial *t, cl_ulong most, double enough,
                            double *seconds)
{
    double begin, launches, again;
    tsr_status status;

    if ((status = lengthen(p, t, most, enough, seconds)))
        return status;
    launches = fmin(ceil(BATCH_SECONDS / fmax(*seconds, 1e-9)), MOST_LAUNCHES);
    begin = tsr__seconds();
    for (int i = 0; i < BATCHES && tsr__seconds() - begin < TRIAL_SECONDS; i++) {
        if ((status = time_launches(p, t, (unsigned)launches, &again)))
            return status;
        *seconds = fmin(*seconds, again);
    }
    return TSR_OK;
}

/* ---- Results -------------------------------------------------------------------- */

/* Room for one vector per work-item. */
static tsr_status create_sums(const probe *p, size_t items, unsigned width,
                              tsr_dtype dtype, cl_mem *sums)
{
    return tsr__scratch_create(p->device, items * width * tsr_dtype_size(dtype), sums);
}

static tsr_status read_sums(const probe *p, cl_mem sums, size_t bytes, void **out)
{
    cl_int code;

    if (!(*out = malloc(bytes)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no %zu bytes for the probe's sums",
                         bytes);
    code = clEnqueueReadBuffer(p->device->queue, sums, CL_TRUE, 0, bytes, *out, 0, NULL,
                               NULL);
    if (code != CL_SUCCESS) {
        free(*out);
        return tsr__fail_cl(code, "clEnqueueReadBuffer", "%zu bytes", bytes);
    }
    return TSR_OK;
}

/* Each element read was a one: there must be as many as elements. */
static tsr_status check_read(const probe *p, cl_mem sums, size_t count, size_t elements)
{
    tsr_status status;
    uint64_t total = 0;
    cl_uint *values;

    if ((status = read_sums(p, sums, count * sizeof *values, (void **)&values)))
        return status;
    for (size_t i = 0; i < count; i++)
        total += values[i];
    free(values);
    if (total != elements)
        return tsr__fail(TSR_ERROR_WRONG_RESULT,
                         "the bandwidth probe read %llu of %zu elements on %s",
                         (unsigned long long)total, elements, p->device->info.name);
    return TSR_OK;
}

/* Each chain ends at 2. */
static tsr_status check_sums(const probe *p, cl_mem sums, size_t count, tsr_dtype dtype)
{
    tsr_status status;
    size_t wrong = 0;
    void *values;

    if ((status = read_sums(p, sums, count * tsr_dtype_size(dtype), &values)))
        return status;
    for (size_t i = 0; i < count; i++) {
        double x = dtype == TSR_F64 ? ((double *)values)[i] : ((float *)values)[i];

        wrong += !(fabs(x - 2 * CHAINS) < 1e-3);
    }
    free(values);
    if (wrong)
        return tsr__fail(TSR_ERROR_WRONG_RESULT,
                         "%zu of %zu sums of the %s multiply-add probe are wrong on %s",
                         wrong, count, tsr_dtype_name(dtype), p->device->info.name);
    return TSR_OK;
}

/* ---- Reading -------------------------------------------------------------------- */

/* -w: PoCL's compiler would print warnings about vectors wider than registers. */
static tsr_status get_kernel(const probe *p, const char *entry, tsr_dtype dtype,
                             unsigned width, tsr__kernel **out)
{
    bool cpu = p->device->info.type == TSR_DEVICE_CPU;
    char options[TSR__OPTIONS_SIZE];

    snprintf(options, sizeof options, "-w -DWIDTH=%u%s", width,
             cpu ? " -DCONTRACT" : "");
    return tsr__kernel_get(p->device, "probe", entry, dtype, options, NULL, out);
}

/* A group that this kernel and device can have. */
static size_t local_size(const grouping *g, const tsr__kernel *kernel)
{
    size_t most = tsr__kernel_max_group(kernel);

    return g->local < most ? g->local : most;
}

/* Raises *rate, in bytes per second, if this combination reads faster. */
static tsr_status measure_read(const probe *p, const grouping *g, unsigned width,
                               double *rate)
{
    size_t vectors = p->bytes / (width * sizeof(cl_uint)), groups, items;
    cl_ulong most, start, step;
    double bytes, seconds;
    tsr__kernel *kernel;
    tsr_status status;
    cl_mem sums;
    trial t;

    if ((status = get_kernel(p, "read_all", TSR_F32, width, &kernel)))
        return status;
    t.kernel = kernel;
    t.local = local_size(g, kernel);
    groups = tsr__divide_up(vectors, t.local * STEPS * MOST_TURNS);
    groups = groups > g->groups ? groups : g->groups;
    t.global = items = groups * t.local;
    most = vectors / items / STEPS;
    start = g->slabs ? most * STEPS : 1;
    step = g->slabs ? 1 : items;
    if (most == 0)
        return tsr__fail(TSR_ERROR_ALLOC_LIMIT,
                         "%zu bytes are too few to measure bandwidth with %zu "
                         "work-items; one allocation of %s may have no more",
                         p->bytes, items, p->device->info.name);
    if ((status = create_sums(p, items, width, TSR_F32, &sums)))
        return status;
    t.args[0] = TSR__ARG(t.turns);
    t.args[1] = TSR__ARG(p->ones);
    t.args[2] = TSR__ARG(start);
    t.args[3] = TSR__ARG(step);
    t.args[4] = TSR__ARG(sums);
    t.num_args = 5;
    if (!(status = best_time(p, &t, most, READ_SECONDS, &seconds)))
        status =
            check_read(p, sums, items * width, items * (size_t)t.turns * STEPS * width);
    clReleaseMemObject(sums);
    if (status)
        return status;
    bytes = (double)items * (double)t.turns * STEPS * width * sizeof(cl_uint);
    tsr__trace(TSR__TRACE_DEVICE,
               "probe: read %.0f MB as %s, %zu x %zu items, width %u: %.2f GB/s",
               1e-6 * bytes, g->slabs ? "slabs" : "neighbours", groups, t.local, width,
               1e-9 * bytes / seconds);
    *rate = fmax(*rate, bytes / seconds);
    return TSR_OK;
}

/* ---- Multiply-adds -------------------------------------------------------------- */

/* Raises *rate, in flops per second, if this combination is faster. */
static tsr_status measure_flops(const probe *p, const grouping *g, tsr_dtype dtype,
                                unsigned width, double *rate)
{
    cl_float a32 = 0.5f, b32 = 1;
    cl_double a64 = 0.5, b64 = 1;
    double flops, seconds;
    tsr__kernel *kernel;
    tsr_status status;
    cl_mem sums;
    trial t;

    if ((status = get_kernel(p, "multiply_add", dtype, width, &kernel)))
        return status;
    t.kernel = kernel;
    t.local = local_size(g, kernel);
    t.global = g->groups * t.local;
    if ((status = create_sums(p, t.global, width, dtype, &sums)))
        return status;
    t.args[0] = TSR__ARG(t.turns);
    t.args[1] = dtype == TSR_F64 ? TSR__ARG(a64) : TSR__ARG(a32);
    t.args[2] = dtype == TSR_F64 ? TSR__ARG(b64) : TSR__ARG(b32);
    t.args[3] = TSR__ARG(sums);
    t.num_args = 4;
    if (!(status = best_time(p, &t, MOST_TURNS, BATCH_SECONDS, &seconds)))
        status = check_sums(p, sums, t.global * width, dtype);
    clReleaseMemObject(sums);
    if (status)
        return status;
    flops = 2.0 * CHAINS * UNROLLED * (double)t.turns * width * (double)t.global;
    tsr__trace(TSR__TRACE_DEVICE, "probe: %s, %zu x %zu items, width %u: %.2f GFLOP/s",
               tsr_dtype_name(dtype), g->groups, t.local, width,
               1e-9 * flops / seconds);
    *rate = fmax(*rate, flops / seconds);
    return TSR_OK;
}

/* ---- All of it ------------------------------------------------------------------ */

/* Vectors as wide as the registers: what OpenCL C has up to what the driver says. */
static unsigned native(unsigned lanes)
{
    unsigned width = 1;

    while (width < 16 && 2 * width <= lanes)
        width *= 2;
    return width;
}

/* Wider ones: a GPU, which says 1, loads 4 best. */
static unsigned wider(unsigned width)
{
    return width < 4 ? 4 : width < 16 ? 2 * width : 16;
}

static tsr_status measure_all(const probe *p, tsr_roof *roof)
{
    const tsr_device_info *info = &p->device->info;
    size_t units = info->compute_units ? info->compute_units : 1;
    grouping slabs = {1, 4 * units, true}, neighbours = {256, 16 * units, false};
    unsigned lanes32 = native(info->float_lanes), lanes64 = native(info->double_lanes);
    double by_slabs = 0, by_neighbours = 0;
    const grouping *best;
    tsr_status status;

    if ((status = measure_read(p, &slabs, lanes32, &by_slabs)) ||
        (status = measure_read(p, &neighbours, lanes32, &by_neighbours)))
        return status;
    best = by_slabs > by_neighbours ? &slabs : &neighbours;
    roof->read_bytes_per_second = fmax(by_slabs, by_neighbours);
    if ((status =
             measure_read(p, best, wider(lanes32), &roof->read_bytes_per_second)) ||
        (status =
             measure_flops(p, best, TSR_F32, lanes32, &roof->f32_flops_per_second)) ||
        (status = measure_flops(p, best, TSR_F32, wider(lanes32),
                                &roof->f32_flops_per_second)))
        return status;
    if (!info->fp64)
        return TSR_OK;
    if ((status =
             measure_flops(p, best, TSR_F64, lanes64, &roof->f64_flops_per_second)))
        return status;
    return measure_flops(p, best, TSR_F64, wider(lanes64), &roof->f64_flops_per_second);
}

/* As much as goes far beyond the caches, and no more than the device can spare. */
static size_t bytes_to_read(const tsr_device_info *info)
{
    uint64_t bytes = READ_BYTES;

    if (bytes < 4 * info->cache_bytes)
        bytes = 4 * info->cache_bytes;
    if (bytes > info->max_alloc_bytes)
        bytes = info->max_alloc_bytes;
    if (bytes > info->memory_bytes / 4)
        bytes = info->memory_bytes / 4;
    return (size_t)(bytes / sizeof(cl_uint) * sizeof(cl_uint));
}

tsr_status tsr_roof_measure(tsr_device *device, tsr_roof *roof)
{
    cl_uint one = 1;
    tsr_status status;
    cl_int code;
    probe p;

    if (!roof)
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is nowhere to put the roof");
    *roof = (tsr_roof){0, 0, 0};
    if (!device)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the device is NULL");
    p = (probe){device, NULL, bytes_to_read(&device->info)};
    if ((status = tsr__scratch_create(device, p.bytes, &p.ones)))
        return status;
    code = clEnqueueFillBuffer(device->queue, p.ones, &one, sizeof one, 0, p.bytes, 0,
                               NULL, NULL);
    status = code == CL_SUCCESS
                 ? measure_all(&p, roof)
                 : tsr__fail_cl(code, "clEnqueueFillBuffer", "%zu bytes", p.bytes);
    clReleaseMemObject(p.ones);
    if (status)
        *roof = (tsr_roof){0, 0, 0};
    return status;
}

double tsr_roof_seconds(const tsr_roof *roof, tsr_dtype dtype, size_t m, size_t n,
                        size_t k, size_t batch)
{
    double rows = (double)m, columns = (double)n, depth = (double)k;
    double count = rows * depth + depth * columns + rows * columns;
    double bytes = (double)batch * count * (double)tsr_dtype_size(dtype);
    double flops = 2 * (double)batch * rows * columns * depth;
    double rate =
        dtype == TSR_F64 ? roof->f64_flops_per_second : roof->f32_flops_per_second;

    if (m == 0 || n == 0 || batch == 0)
        return 0;
    return fmax(bytes / roof->read_bytes_per_second, flops > 0 ? flops / rate : 0);
}
