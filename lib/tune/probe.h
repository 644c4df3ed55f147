/* probe.h: one kernel of kernels/probe.cl, ready to be run and timed.
 *
 * It is made with a grouping and a vector width, proves once that it does its work, and
 * is then run in batches of launches, each long enough for a clock and short enough to
 * fit between two disturbances of the machine.
 */
#ifndef TSR_TUNE_PROBE_H
#define TSR_TUNE_PROBE_H

#include <tessera/tensor.h>

#include "program/program.h"

/* How work-items share the work. */
typedef struct tsr__grouping {
    size_t local;
    size_t groups;
    bool slabs; /* each item reads a slab; otherwise neighbours read neighbours */
} tsr__grouping;

typedef struct tsr__probe {
    tsr_device *device;  /* lent */
    tsr__kernel *kernel; /* the device's; NULL: nothing was made */
    size_t global, local;
    cl_ulong turns;       /* of the kernel's loop */
    cl_mem numbers;       /* lent: what is read; NULL: multiply-adds */
    cl_ulong start, step; /* how it is read */
    cl_mem sums;          /* owned; a vector per work-item */
    tsr_dtype dtype;
    unsigned width;
    unsigned launches; /* in a batch */
    double work;       /* bytes, or flops, of a launch */
} tsr__probe;

/* Reads `numbers`, a buffer of `bytes` whose 32-bit elements are each their index.
 * Errors: ALLOC_LIMIT (too few bytes), DEVICE_MEMORY, HOST_MEMORY, BUILD, OPENCL,
 * DEVICE_LOST, WRONG_RESULT. After one there is nothing to release. */
tsr_status tsr__probe_read(tsr_device *device, cl_mem numbers, size_t bytes,
                           const tsr__grouping *grouping, unsigned width,
                           tsr__probe *out);

/* Multiplies and adds. Errors: the same. */
tsr_status tsr__probe_flops(tsr_device *device, tsr_dtype dtype,
                            const tsr__grouping *grouping, unsigned width,
                            tsr__probe *out);

/* Batches for about TSR__PROBE_SECONDS, one at least. Raises *rate, in bytes or flops
 * per second, to that of the best. Errors: OPENCL, DEVICE_MEMORY, HOST_MEMORY,
 * DEVICE_LOST. */
tsr_status tsr__probe_run(const tsr__probe *probe, double *rate);

#define TSR__PROBE_SECONDS 0.015

/* The least seconds from enqueueing a single group without work until it is finished.
 * Lowers *seconds, or sets it if it is 0. Errors: as tsr__probe_run. */
tsr_status tsr__probe_launch(const tsr__probe *probe, double *seconds);

/* Also what was never made. */
void tsr__probe_release(tsr__probe *probe);

#endif /* TSR_TUNE_PROBE_H */
