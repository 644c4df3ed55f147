/* roof.h: the hardware's limit, measured.
 *
 * The roof of a product is the time no program can beat on a device:
 *
 *     max(bytes / read bandwidth, flops / FMA rate)
 *
 * bytes: A, B and C each once (C twice when beta != 0); flops: 2 * M * N * K * batch.
 * (Williams, Waterman, Patterson, "Roofline", CACM 2009.)
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
} tsr_roof;

/* Runs kernels/probe.cl on the device for about a second: several widths and groupings,
 * the best of several runs of each. Nothing else should use the device meanwhile. The
 * probes prove that they did all of their work.
 * Errors: ARGUMENT, ALLOC_LIMIT (no allocation large enough to measure with),
 * DEVICE_MEMORY, HOST_MEMORY, BUILD, OPENCL, DEVICE_LOST, WRONG_RESULT (a probe did not
 * do its work). */
TSR_EXPORT tsr_status tsr_roof_measure(tsr_device *device, tsr_roof *roof);

/* The roof of one product in seconds. A dense product is meant; broadcast operands are
 * counted `batch` times unless their batch is given as 1. */
TSR_EXPORT double tsr_roof_seconds(const tsr_roof *roof, tsr_dtype dtype, size_t m,
                                   size_t n, size_t k, size_t batch);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_ROOF_H */
