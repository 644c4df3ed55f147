/* How long a parameter set should take, by the facts of a device and this page of
 * arithmetic. It takes a compute unit for a machine that issues one instruction for each
 * of its lanes per cycle, as all GPUs are, seen from far enough. */
#include "base/checked.h"
#include "matmul/cost.h"
#include "matmul/tile.h"

/* Cycles from a load of global memory to its data: 500 to 800 on NVIDIA since Volta (Jia
 * et al., "Dissecting the NVIDIA Volta GPU Architecture via Microbenchmarking", 2018) and
 * on AMD GCN alike. A barrier drains a group's pipelines: some 30. */
#define MEMORY_LATENCY  600.0
#define BARRIER_LATENCY 30.0

static double smaller(double x, double y)
{
    return x < y ? x : y;
}

static double larger(double x, double y)
{
    return x > y ? x : y;
}

static double value(const tsr__parameters *set, size_t index)
{
    return (double)set->values[index];
}

#define V(name) value(set, TSR__TILE_##name)

/* ---- Room ----------------------------------------------------------------------- */

size_t tsr__tile_items(const tsr__parameters *set)
{
    const unsigned *v = set->values;

    return (size_t)(v[TSR__TILE_TM] / v[TSR__TILE_RM]) *
           (v[TSR__TILE_TN] / v[TSR__TILE_RN]);
}

size_t tsr__tile_local_bytes(const tsr__parameters *set, tsr_dtype dtype)
{
    const unsigned *v = set->values;
    size_t rows = (size_t)v[TSR__TILE_TM] + v[TSR__TILE_TN] + 2 * v[TSR__TILE_PAD];

    return rows * v[TSR__TILE_TK] * v[TSR__TILE_BUFFERS] * tsr_dtype_size(dtype);
}

/* What one item loads for a step: it is in registers while the one before is multiplied. */
static double staged(const tsr__parameters *set)
{
    return (V(TM) + V(TN)) * V(TK) / (double)tsr__tile_items(set);
}

/* The sums, the fragments of this k and the next, what is staged, and some 24 for
 * addresses: within a tenth of what ptxas and LLVM take (results/codegen.md). */
unsigned tsr__tile_registers(const tsr__parameters *set, tsr_dtype dtype)
{
    double fragments = smaller(V(UNROLL), 2.0) * (V(RM) + V(RN));
    double elements = V(RM) * V(RN) + fragments + staged(set);

    return (unsigned)(elements * (double)tsr_dtype_size(dtype) / 4.0 + 24.0);
}

unsigned tsr__tile_groups(const tsr_device_info *info, const tsr__parameters *set,
                          tsr_dtype dtype)
{
    double items = (double)tsr__tile_items(set);
    double registers = tsr__tile_registers(set, dtype);
    /* 64 Ki registers: NVIDIA since Kepler, AMD since GCN. */
    double file = info->unit_registers ? info->unit_registers : 65536.0;
    /* The fact is a group's share; a unit has at least 64 KiB on both. */
    double local = larger((double)info->local_memory_bytes, 65536.0);
    double groups = smaller(local / (double)tsr__tile_local_bytes(set, dtype),
                            smaller(file / (registers * items), 2048.0 / items));

    return registers > 255.0 ? 0 : (unsigned)smaller(groups, 16.0);
}

/* ---- One step of K -------------------------------------------------------------- */

double tsr__tile_fma_share(const tsr__parameters *set)
{
    double multiply = V(RM) * V(RN);
    double load = (V(RM) + V(RN)) / V(VW);

    return multiply /
           (multiply + load + 4.0 / V(UNROLL)); /* a turn's add, test, jump */
}

/* Issue slots of an item: the inner loop, and bringing the next step into local memory.
 * Local memory gives a unit's 32 banks a word each per cycle, to 64 or 128 lanes; half of
 * what items read is what a neighbour reads too. */
static double step_slots(const tsr__parameters *set, double words)
{
    double inner = V(TK) * V(RM) * V(RN) / tsr__tile_fma_share(set);
    double conflicts = V(PAD) > 0.0 ? 1.0 : 1.5;
    double staging = 2.0 * staged(set) / V(VW) * conflicts + 24.0;
    double local = V(TK) * (V(RM) + V(RN)) * words * 1.5;

    return larger(inner + staging, local + staging);
}

/* Cycles of a unit for a step of n groups: what they issue, or the wait for memory if
 * that is longer. */
static double step_cycles(const tsr__parameters *set, double words, double lanes,
                          double n)
{
    double wait = BARRIER_LATENCY * (3.0 - V(BUFFERS));
    double busy = (double)tsr__tile_items(set) * step_slots(set, words) / lanes;

    return larger(n * busy + wait, MEMORY_LATENCY + busy + wait);
}

/* ---- The whole ------------------------------------------------------------------ */

/* Bytes from device memory: what the groups at work at one time read together, band of
 * GROUP_ROWS rows of tiles by as many columns as there are groups for, once; all of it
 * once, if a cache holds it. */
static double memory_bytes(const tsr__problem *p, const tsr_device_info *info,
                           const tsr__parameters *set, double at_once, double waves)
{
    double rows = smaller(V(GROUP_ROWS), (double)tsr__divide_up(p->m, (size_t)V(TM)));
    double columns = larger(at_once / rows, 1.0);
    double slab = (double)tsr__tile_slab(p, set);
    double wave =
        (rows * V(TM) + columns * V(TN)) * slab * (double)tsr_dtype_size(p->dtype);
    double once = tsr__problem_bytes(p);

    return once <= (double)info->cache_bytes ? once : larger(once, waves * wave);
}

double tsr__tile_estimate(const tsr__problem *problem, const tsr_device_info *info,
                          const tsr__parameters *set)
{
    tsr__problem p = tsr__tile_oriented(problem);
    double units = (double)info->compute_units, bytes = (double)tsr_dtype_size(p.dtype);
    double rate = tsr__cost_flop_rate(info, p.dtype);
    double hz = 1e6 * (double)(info->clock_mhz ? info->clock_mhz : 1500);
    double lanes = rate / (2.0 * units * hz);
    double bandwidth = tsr__cost_bandwidth(info);
    double slabs = (double)tsr__tile_slabs(&p, set);
    double tiles = (double)tsr__divide_up(p.m, (size_t)V(TM)) *
                   (double)tsr__divide_up(p.n, (size_t)V(TN)) * (double)p.batch;
    /* The first step and the last multiplication have nobody to overlap with. */
    double steps = (double)tsr__tile_slab(&p, set) / V(TK) + 2.0;
    double room = larger(tsr__tile_groups(info, set, p.dtype), 1.0);
    double groups = tiles * slabs;
    /* The unit with the most to do: so many full rounds, and a rest. */
    double most = larger(1.0, groups / units);
    double rounds, rest, arithmetic, memory, again, seconds;

    most = (double)(size_t)most + (most > (double)(size_t)most ? 1.0 : 0.0);
    rounds = (double)(size_t)(most / room);
    rest = most - rounds * room;
    arithmetic = rounds * step_cycles(set, bytes / 4.0, lanes, room);
    if (rest > 0.0)
        arithmetic += step_cycles(set, bytes / 4.0, lanes, rest);
    arithmetic *= steps / hz;
    /* Tiles read their rows of A and columns of B again, from a cache of some 3 times
     * the memory's bandwidth. */
    again = groups * (V(TM) + V(TN)) * (double)tsr__tile_slab(&p, set) * bytes;
    memory = memory_bytes(&p, info, set, smaller(groups, room * units),
                          larger(1.0, groups / (room * units))) /
             bandwidth;
    seconds = tsr__cost_launch(info) +
              larger(arithmetic, larger(memory, again / (3.0 * bandwidth)));
    if (slabs > 1.0) /* the sums go to memory and back, and a second kernel adds them */
        seconds += tsr__cost_launch(info) + 2.0 * slabs * (double)p.m * (double)p.n *
                                                (double)p.batch * bytes / bandwidth;
    /* Without local memory of its own a device pays for every copy and barrier. */
    return info->local_memory_dedicated ? seconds : 30.0 * seconds;
}
