#include "matmul/cost.h"

double tsr__cost_launch(const tsr_device_info *info)
{
    /* PoCL: 15 to 50 us from enqueue to finish, most of it waking its threads. */
    return info->type == TSR_DEVICE_CPU ? 25e-6 : 5e-6;
}

double tsr__cost_bandwidth(const tsr_device_info *info)
{
    /* A CPU's few cores share 20-40 GB/s on a desktop; a GPU has 5-20 GB/s for each of
     * its compute units. */
    double units = (double)info->compute_units;

    if (info->type == TSR_DEVICE_CPU)
        return units < 2.5 ? 10e9 * units : 25e9 + 2e9 * units;
    return info->zero_copy ? 50e9 : 10e9 * units;
}

double tsr__cost_flop_rate(const tsr_device_info *info, tsr_dtype dtype)
{
    double hz = 1e6 * (double)(info->clock_mhz ? info->clock_mhz : 1500);
    double units = (double)info->compute_units;

    if (info->type == TSR_DEVICE_CPU) {
        unsigned lanes = dtype == TSR_F64 ? info->double_lanes : info->float_lanes;

        return units * hz * 2.0 * 2.0 * (double)(lanes ? lanes : 1); /* two FMA ports */
    }
    return units * hz * 2.0 * (dtype == TSR_F64 ? 4.0 : 64.0);
}

double tsr__cost_roof(const tsr__problem *problem, const tsr_device_info *info,
                      unsigned launches, double efficiency, double bytes)
{
    double arithmetic = tsr__problem_flops(problem) /
                        (efficiency * tsr__cost_flop_rate(info, problem->dtype));
    double memory = bytes / tsr__cost_bandwidth(info);

    return (double)launches * tsr__cost_launch(info) +
           (arithmetic > memory ? arithmetic : memory);
}
