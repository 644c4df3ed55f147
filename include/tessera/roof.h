/* roof.h: the hardware's limit, measured.
 *
 * The roof of a product is the time no program can beat on a device:
 *
 *     max(bytes / read bandwidth, flops / FMA rate)
 *
 * bytes: A, B and C each once (C twice when beta != 0); flops: 2 * M * N * K * batch.
 * (Williams, Waterman, Patterson, "Roofline", CACM 2009.)
 *
 * A machine that others share, or whose clock moves, has another roof a second later.
 * tsr_roof_measure says what it was in one second; to judge a program, prepare a probe
 * and run it in turns with the program, so that what disturbs one disturbs the other.
 */
#ifndef TESSERA_ROOF_H
#define TESSERA_ROOF_H

#include <tessera/device.h>
#include <tessera/status.h>
#include <tessera/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tsr_roof {
    double read_bytes_per_second; /* from device memory, far beyond any cache */
    double f32_flops_per_second;  /* one fused multiply-add counts as 2 */
    double f64_flops_per_second;  /* 0 without fp64 */
    double launch_seconds;        /* a kernel that does nothing, from its enqueue until
                                     it is finished; no part of the roof, but what small
                                     products take instead. 0: not measured */
} tsr_roof;

/* Runs kernels/probe.cl on the device for about a second: several widths and groupings,
 * in turns, the best of several runs of each. Nothing else should use the device
 * meanwhile. The probes prove that they did all of their work.
 * Errors: ARGUMENT, ALLOC_LIMIT (no allocation large enough to measure with),
 * DEVICE_MEMORY, HOST_MEMORY, BUILD, OPENCL, DEVICE_LOST, WRONG_RESULT (a probe did not
 * do its work). */
TSR_EXPORT tsr_status tsr_roof_measure(tsr_device *device, tsr_roof *roof);

/* The same measurement made ready once, to be run many times. It keeps the device, and
 * in it the memory that it reads: 256 MB, or 4 times the cache if that is more, or a
 * quarter of the device's memory if that is less. For one thread at a time. */
typedef struct tsr_roof_probe tsr_roof_probe;

/* Does what tsr_roof_measure does and keeps the fastest of what it tried.
 * Errors: as tsr_roof_measure. */
TSR_EXPORT tsr_status tsr_roof_probe_create(tsr_device *device, tsr_roof_probe **probe);

/* Reads, multiplies and adds in `dtype`, and launches nothing, for about 15 ms each of
 * the first two, or one pass where that takes longer. What was better than it says in
 * *roof is put there, and nothing else is changed: begin with a roof of zeros, run the
 * probe now and then, and it holds the best. Waits until the device is done.
 * Errors: ARGUMENT, UNSUPPORTED (f64 without fp64), HOST_MEMORY, DEVICE_MEMORY, OPENCL,
 * DEVICE_LOST; *roof may have become better all the same. */
TSR_EXPORT tsr_status tsr_roof_probe_run(tsr_roof_probe *probe, tsr_dtype dtype,
                                         tsr_roof *roof);

/* The best since the probe was made, making it included. Lent. */
TSR_EXPORT const tsr_roof *tsr_roof_probe_best(const tsr_roof_probe *probe);

TSR_EXPORT void tsr_roof_probe_destroy(tsr_roof_probe *probe);

/* The roof of one product in seconds. A dense product is meant; broadcast operands are
 * counted `batch` times unless their batch is given as 1. */
TSR_EXPORT double tsr_roof_seconds(const tsr_roof *roof, tsr_dtype dtype, size_t m,
                                   size_t n, size_t k, size_t batch);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_ROOF_H */
