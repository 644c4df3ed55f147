/* roof: what kernels/probe.cl reaches on a device, and what follows for a product.
 *
 * Two groupings and two vector widths are tried. Reading with the narrow vectors decides
 * the grouping; the rest is measured with it alone, as each combination is a kernel that
 * some drivers take long to compile. Of two combinations each runs in turn, since a
 * machine may lose half of its speed between one and the other. */
#include <tessera/roof.h>

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/trace.h"
#include "device/cl_error.h"
#include "memory/tensor.h"
#include "tune/probe.h"

#define READ_BYTES   (256u << 20)
#define PIECE_BYTES  (1 << 20) /* of them, written at once */
#define ROUNDS       5         /* of two probes that race */
#define RACE_SECONDS 0.25      /* after which no further round begins */
#define HOPELESS     3         /* this many times slower: no disturbance explains it */

struct tsr_roof_probe {
    tsr_device *device; /* retained */
    cl_mem numbers;     /* `bytes` of 32-bit elements, each its index */
    size_t bytes;
    tsr__probe read, f32, f64; /* the fastest of each */
    tsr_roof best;
};

/* ---- Search --------------------------------------------------------------------- */

static void say(const tsr__probe *p, double rate)
{
    tsr__trace(TSR__TRACE_DEVICE, "probe: %s, %zu x %zu items, width %u: %.2f G%s/s",
               p->numbers ? "read" : tsr_dtype_name(p->dtype), p->global / p->local,
               p->local, p->width, 1e-9 * rate, p->numbers ? "B" : "FLOP");
}

/* Runs both in turns. The faster one becomes *winner and raises *best; *other is
 * released, whatever happens. */
static tsr_status race(tsr__probe *winner, tsr__probe *other, double *best)
{
    double begin = tsr__seconds(), mine = 0, its = 0;
    tsr_status status = TSR_OK;

    for (int i = 0; !status && i < ROUNDS; i++) {
        if (i > 0 && tsr__seconds() - begin > RACE_SECONDS)
            break;
        if (i == 0 || mine * HOPELESS > its)
            status = tsr__probe_run(winner, &mine);
        if (!status && (i == 0 || its * HOPELESS > mine))
            status = tsr__probe_run(other, &its);
    }
    if (!status) {
        say(winner, mine);
        say(other, its);
        *best = fmax(*best, fmax(mine, its));
    }
    if (!status && its > mine) {
        tsr__probe loser = *winner;

        *winner = *other;
        *other = loser;
    }
    tsr__probe_release(other);
    return status;
}

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

static tsr_status find_read(tsr_roof_probe *p, const tsr__grouping groupings[2],
                            const tsr__grouping **best)
{
    unsigned width = native(p->device->info.float_lanes);
    double *rate = &p->best.read_bytes_per_second;
    tsr__probe other;
    tsr_status status;

    if ((status = tsr__probe_read(p->device, p->numbers, p->bytes, &groupings[0], width,
                                  &p->read)) ||
        (status = tsr__probe_read(p->device, p->numbers, p->bytes, &groupings[1], width,
                                  &other)) ||
        (status = race(&p->read, &other, rate)))
        return status;
    *best = p->read.step == 1 ? &groupings[0] : &groupings[1];
    if ((status = tsr__probe_read(p->device, p->numbers, p->bytes, *best, wider(width),
                                  &other)))
        return status;
    return race(&p->read, &other, rate);
}

static tsr_status find_flops(tsr_roof_probe *p, tsr_dtype dtype, unsigned lanes,
                             const tsr__grouping *grouping, tsr__probe *winner,
                             double *rate)
{
    unsigned width = native(lanes);
    tsr__probe other;
    tsr_status status;

    if ((status = tsr__probe_flops(p->device, dtype, grouping, width, winner)) ||
        (status = tsr__probe_flops(p->device, dtype, grouping, wider(width), &other)))
        return status;
    return race(winner, &other, rate);
}

static tsr_status search(tsr_roof_probe *p)
{
    const tsr_device_info *info = &p->device->info;
    size_t units = info->compute_units;
    /* 4 groups for each unit: one that is held up does not hold up the rest */
    const tsr__grouping groupings[2] = {{1, 4 * units, true}, {256, 16 * units, false}};
    const tsr__grouping *best;
    tsr_status status;

    if ((status = find_read(p, groupings, &best)) ||
        (status = find_flops(p, TSR_F32, info->float_lanes, best, &p->f32,
                             &p->best.f32_flops_per_second)) ||
        (info->fp64 && (status = find_flops(p, TSR_F64, info->double_lanes, best,
                                            &p->f64, &p->best.f64_flops_per_second))))
        return status;
    return tsr__probe_launch(&p->read, &p->best.launch_seconds);
}

/* ---- The public calls ----------------------------------------------------------- */

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

/* Each element its own index, a piece at a time. */
static tsr_status number(tsr_roof_probe *p)
{
    cl_uint *piece = malloc(PIECE_BYTES);
    tsr_status status = tsr__scratch_create(p->device, p->bytes, &p->numbers);

    if (!piece && !status)
        status = tsr__fail(TSR_ERROR_HOST_MEMORY, "no %d bytes to fill what is read",
                           PIECE_BYTES);
    for (size_t at = 0, bytes; at < p->bytes && !status; at += bytes) {
        cl_int code;

        bytes = p->bytes - at < PIECE_BYTES ? p->bytes - at : PIECE_BYTES;
        for (size_t i = 0; i < bytes / sizeof *piece; i++)
            piece[i] = (cl_uint)(at / sizeof *piece + i);
        code = clEnqueueWriteBuffer(p->device->queue, p->numbers, CL_TRUE, at, bytes,
                                    piece, 0, NULL, NULL);
        if (code != CL_SUCCESS)
            status =
                tsr__fail_cl(code, "clEnqueueWriteBuffer", "%zu bytes to read", bytes);
    }
    free(piece);
    return status;
}

tsr_status tsr_roof_probe_create(tsr_device *device, tsr_roof_probe **out)
{
    tsr_roof_probe *p;
    tsr_status status;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is nowhere to put the probe");
    *out = NULL;
    if (!device)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the device is NULL");
    if (!(p = calloc(1, sizeof *p)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no %zu bytes for a probe", sizeof *p);
    p->device = device;
    p->bytes = bytes_to_read(&device->info);
    tsr__device_retain(device);
    if ((status = number(p)) || (status = search(p))) {
        tsr_roof_probe_destroy(p);
        return status;
    }
    *out = p;
    return TSR_OK;
}

/* Where it is better. */
static void improve(tsr_roof *roof, const tsr_roof *seen)
{
    roof->read_bytes_per_second =
        fmax(roof->read_bytes_per_second, seen->read_bytes_per_second);
    roof->f32_flops_per_second =
        fmax(roof->f32_flops_per_second, seen->f32_flops_per_second);
    roof->f64_flops_per_second =
        fmax(roof->f64_flops_per_second, seen->f64_flops_per_second);
    if (seen->launch_seconds > 0 &&
        (roof->launch_seconds <= 0 || seen->launch_seconds < roof->launch_seconds))
        roof->launch_seconds = seen->launch_seconds;
}

tsr_status tsr_roof_probe_run(tsr_roof_probe *probe, tsr_dtype dtype, tsr_roof *roof)
{
    tsr_roof seen = {0};
    tsr_status status;

    if (!probe || !roof)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the probe or the roof is NULL");
    if (dtype != TSR_F32 && dtype != TSR_F64)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%d is no dtype", (int)dtype);
    if (dtype == TSR_F64 && !probe->f64.kernel)
        return tsr__fail(TSR_ERROR_UNSUPPORTED,
                         "%s has no double precision (cl_khr_fp64), so f64 has no roof",
                         probe->device->info.name);
    if (!(status = tsr__probe_run(&probe->read, &seen.read_bytes_per_second)) &&
        !(status = dtype == TSR_F64
                       ? tsr__probe_run(&probe->f64, &seen.f64_flops_per_second)
                       : tsr__probe_run(&probe->f32, &seen.f32_flops_per_second)))
        status = tsr__probe_launch(&probe->read, &seen.launch_seconds);
    improve(roof, &seen);
    improve(&probe->best, &seen);
    return status;
}

const tsr_roof *tsr_roof_probe_best(const tsr_roof_probe *probe)
{
    return &probe->best;
}

void tsr_roof_probe_destroy(tsr_roof_probe *p)
{
    if (!p)
        return;
    tsr__probe_release(&p->read);
    tsr__probe_release(&p->f32);
    tsr__probe_release(&p->f64);
    if (p->numbers)
        clReleaseMemObject(p->numbers);
    tsr__device_release(p->device);
    free(p);
}

tsr_status tsr_roof_measure(tsr_device *device, tsr_roof *roof)
{
    tsr_roof_probe *probe;
    tsr_status status;

    if (!roof)
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is nowhere to put the roof");
    *roof = (tsr_roof){0};
    if ((status = tsr_roof_probe_create(device, &probe)))
        return status;
    *roof = probe->best;
    tsr_roof_probe_destroy(probe);
    return TSR_OK;
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
