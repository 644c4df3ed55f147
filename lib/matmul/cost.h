/* cost.h: how long things should take on a device of which only the facts are known.
 *
 * The figures are those of data sheets for GPUs that are known by family and generation, and
 * guesses for a typical device of its type elsewhere: good enough to order the strategies.
 * Measured records (known.h) take precedence over them.
 */
#ifndef TSR_MATMUL_COST_H
#define TSR_MATMUL_COST_H

#include "matmul/problem.h"

/* Seconds for one command from enqueue to start. */
double tsr__cost_launch(const tsr_device_info *info);

/* Bytes per second from device memory. */
double tsr__cost_bandwidth(const tsr_device_info *info);

/* Fused multiply-adds counted as two, per second, for the dtype. */
double tsr__cost_flop_rate(const tsr_device_info *info, tsr_dtype dtype);

/* Cycles per second of its compute units. */
double tsr__cost_clock(const tsr_device_info *info);

/* Bytes of local memory of one compute unit, for all its groups: the fact is the most that
 * one group may have. */
double tsr__cost_local_memory(const tsr_device_info *info);

/* The roof model: launches, plus the larger of the problem's arithmetic at `efficiency`
 * of the flop rate and `bytes` at memory speed, or at a CPU's cache's if they fit in it. */
double tsr__cost_roof(const tsr__problem *problem, const tsr_device_info *info,
                      unsigned launches, double efficiency, double bytes);

#endif /* TSR_MATMUL_COST_H */
