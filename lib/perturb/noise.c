/* noise: the elements of E_p in plain C, beside kernels/perturb.cl. */
#include "perturb/noise.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "matmul/lanes.h"
#include "memory/random.h"

#define TWO_PI 6.28318530717958647693

tsr_status tsr__noise_check(const tsr_perturbation *how)
{
    if (!how)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the perturbation is NULL");
    if ((unsigned)how->noise > TSR_NOISE_ONES)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%d is no tsr_noise", (int)how->noise);
    if (how->matrix >> 24)
        return tsr__fail(TSR_ERROR_ARGUMENT, "matrix %u is not below 2^24",
                         (unsigned)how->matrix);
    return TSR_OK;
}

tsr_status tsr__perturbation_check(const tsr_perturbation *how)
{
    tsr_status status = tsr__noise_check(how);

    if (!status && (!isfinite(how->sigma) || how->sigma == 0))
        return tsr__fail(TSR_ERROR_ARGUMENT, "sigma is %g; it must be finite and not 0",
                         how->sigma);
    return status;
}

tsr__noise_program tsr__noise_program_of(const tsr_device_info *info, tsr_dtype dtype,
                                         tsr_noise noise, const char *more)
{
    tsr__noise_program out = {.lanes = 1, .group = 1};

    if (info->type == TSR_DEVICE_CPU) {
        out.lanes = tsr__lanes(dtype, info);
        snprintf(out.options, sizeof out.options, "-DLANES=%zu -DNOISE=%d%s", out.lanes,
                 (int)noise, more);
    } else {
        out.group = 64;
        snprintf(out.options, sizeof out.options, "-DNOISE=%d%s", (int)noise, more);
    }
    return out;
}

/* ---- Elements ------------------------------------------------------------------- */

/* The block of `per_block` rows that the element is in. */
static void block_of(const tsr_perturbation *how, uint32_t p, uint32_t row,
                     uint32_t column, uint32_t per_block, uint32_t kind,
                     uint32_t words[4])
{
    const uint32_t counter[4] = {column, row / per_block, p, 4 * how->matrix + kind};
    const uint32_t key[2] = {(uint32_t)how->seed, (uint32_t)(how->seed >> 32)};

    tsr__philox(counter, key, words);
}

static float sign(const tsr_perturbation *how, uint32_t p, uint32_t row,
                  uint32_t column)
{
    uint32_t words[4];

    block_of(how, p, row, column, 128, 1, words);
    return words[row % 128 / 32] >> (row % 32) & 1 ? -1.0f : 1.0f;
}

static float normal(const tsr_perturbation *how, uint32_t p, uint32_t row,
                    uint32_t column)
{
    uint32_t words[4];
    double radius, angle;

    block_of(how, p, row, column, 4, 2, words);
    radius = sqrt(-2.0 * log(((words[row & 2] >> 8) + 1.0) * 0x1p-24));
    angle = TWO_PI * (double)words[(row & 2) + 1] * 0x1p-32;
    return (float)(radius * (row & 1 ? sin(angle) : cos(angle)));
}

tsr_status tsr_noise_elements(const tsr_perturbation *how, uint32_t p, uint32_t row,
                              uint32_t first, size_t count, float *out)
{
    tsr_status status = tsr__noise_check(how);

    if (status)
        return status;
    if (count > (size_t)UINT32_MAX + 1 - first)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "columns from %u on end at 2^32; %zu are more",
                         (unsigned)first, count);
    if (count > 0 && !out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the array for the noise is NULL");
    for (size_t n = 0; n < count; n++) {
        const uint32_t column = first + (uint32_t)n;

        out[n] = how->noise == TSR_NOISE_ONES         ? 1.0f
                 : how->noise == TSR_NOISE_RADEMACHER ? sign(how, p, row, column)
                                                      : normal(how, p, row, column);
    }
    return TSR_OK;
}
