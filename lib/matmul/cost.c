#include "matmul/cost.h"

#include <stddef.h>

/* ---- What a unit of a GPU can ---------------------------------------------------- */

/* Drivers say neither how many multiply-adds a compute unit begins in a cycle nor what its
 * share of the memory's bandwidth is. For these the vendors' data sheets do: NVIDIA's
 * architecture whitepapers (Pascal to Blackwell) and AMD's of CDNA 3. */
typedef struct unit {
    tsr_device_family family;
    unsigned from, to; /* generations */
    double f32, f64;   /* multiply-adds a cycle */
    double bandwidth;  /* bytes per second */
} unit;

static const unit units[] = {
    {TSR_FAMILY_NVIDIA, 60, 60, 64, 32, 13e9},    /* P100 */
    {TSR_FAMILY_NVIDIA, 61, 69, 128, 4, 12e9},    /* GeForce 10 */
    {TSR_FAMILY_NVIDIA, 70, 72, 64, 32, 11e9},    /* V100 */
    {TSR_FAMILY_NVIDIA, 75, 79, 64, 2, 9e9},      /* GeForce 20, T4 */
    {TSR_FAMILY_NVIDIA, 80, 80, 64, 32, 16e9},    /* A100 */
    {TSR_FAMILY_NVIDIA, 86, 89, 128, 2, 9e9},     /* GeForce 30 and 40, L40 */
    {TSR_FAMILY_NVIDIA, 90, 90, 128, 64, 22e9},   /* H100, as measured; an H200: 31e9 */
    {TSR_FAMILY_NVIDIA, 100, 109, 128, 64, 50e9}, /* B200 */
    {TSR_FAMILY_NVIDIA, 120, 129, 128, 2, 10e9},  /* GeForce 50 */
    {TSR_FAMILY_AMD, 94, 95, 128, 64, 17e9},      /* MI300 */
};

/* Any other GPU: 5 to 20 GB/s for each of its units. */
static const unit typical = {TSR_FAMILY_OTHER, 0, 0, 64, 4, 10e9};

static const unit *unit_of(const tsr_device_info *info)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].family == info->family && info->generation >= units[i].from &&
            info->generation <= units[i].to)
            return &units[i];
    return &typical;
}

/* ---- The device ------------------------------------------------------------------ */

double tsr__cost_launch(const tsr_device_info *info)
{
    /* PoCL: 15 to 50 us from enqueue to finish, most of it waking its threads. */
    return info->type == TSR_DEVICE_CPU ? 25e-6 : 3.5e-6;
}

double tsr__cost_bandwidth(const tsr_device_info *info)
{
    /* A CPU's few cores share 20-40 GB/s on a desktop. */
    double count = (double)info->compute_units;

    if (info->type == TSR_DEVICE_CPU)
        return count < 2.5 ? 10e9 * count : 25e9 + 2e9 * count;
    return info->zero_copy ? 50e9 : unit_of(info)->bandwidth * count;
}

/* What fits in a CPU's caches is read from them, several times as fast. */
static double memory_seconds(const tsr_device_info *info, double bytes)
{
    bool cached = info->type == TSR_DEVICE_CPU && bytes <= (double)info->cache_bytes;

    return bytes / (tsr__cost_bandwidth(info) * (cached ? 3.0 : 1.0));
}

double tsr__cost_clock(const tsr_device_info *info)
{
    return 1e6 * (double)(info->clock_mhz ? info->clock_mhz : 1500);
}

/* A unit has at least 64 KiB, and on NVIDIA since Ampere at least 100 (CUDA C++ Programming
 * Guide, "Technical Specifications per Compute Capability"). */
double tsr__cost_local_memory(const tsr_device_info *info)
{
    bool ampere = info->family == TSR_FAMILY_NVIDIA && info->generation >= 80;
    double least = ampere ? 102400.0 : 65536.0, fact = (double)info->local_memory_bytes;

    return fact > least ? fact : least;
}

double tsr__cost_flop_rate(const tsr_device_info *info, tsr_dtype dtype)
{
    double hz = tsr__cost_clock(info);
    double count = (double)info->compute_units;

    if (info->type == TSR_DEVICE_CPU) {
        unsigned lanes = dtype == TSR_F64 ? info->double_lanes : info->float_lanes;

        return count * hz * 2.0 * 2.0 * (double)(lanes ? lanes : 1); /* two FMA ports */
    }
    return count * hz * 2.0 *
           (dtype == TSR_F64 ? unit_of(info)->f64 : unit_of(info)->f32);
}

double tsr__cost_roof(const tsr__problem *problem, const tsr_device_info *info,
                      unsigned launches, double efficiency, double bytes)
{
    double arithmetic = tsr__problem_flops(problem) /
                        (efficiency * tsr__cost_flop_rate(info, problem->dtype));
    double memory = memory_seconds(info, bytes);

    /* A CPU's threads are awake for the second. */
    double later = info->type == TSR_DEVICE_CPU ? 0.2 : 1.0;

    return (1.0 + later * (double)(launches - 1)) * tsr__cost_launch(info) +
           (arithmetic > memory ? arithmetic : memory);
}
