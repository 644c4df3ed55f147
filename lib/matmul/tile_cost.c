/* How long a parameter set should take, by the facts of a device and this page of
 * arithmetic. It takes a compute unit for a machine that issues one instruction for each
 * of its lanes per cycle, as all GPUs are, seen from far enough. */
#include "base/checked.h"
#include "matmul/cost.h"
#include "matmul/tile.h"

/* The constants here were fitted to what sets took on an H100 (docs/decisions.md);
 * test_models holds them to those times. */

/* Cycles from a load of global memory to its data that nothing hides, of 500 to 800 on
 * NVIDIA since Volta (Jia et al., "Dissecting the NVIDIA Volta GPU Architecture via
 * Microbenchmarking", 2018) and on AMD GCN alike. A barrier drains a group's pipelines. */
#define MEMORY_LATENCY  400.0
#define BARRIER_LATENCY 150.0

/* Banks of local memory, each a word of 32 bits a cycle, and the part of what a wave reads
 * that is not a neighbour's, too. */
#define BANKS    32.0
#define NOT_SAME 0.52

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

/* What one item brings into local memory for a step, while the one before is multiplied. */
typedef struct staging {
    double elements, loads, stores;
} staging;

static staging staging_of(const tsr__problem *p, const tsr__parameters *set)
{
    tsr__tile_loads how = tsr__tile_loads_of(p, set);
    double each = V(TK) / (double)tsr__tile_items(set); /* of a row */
    double a = each * V(TM), b = each * V(TN);

    return (staging){
        .elements = a + b,
        .loads = a / (how.a_vector ? V(VW) : 1.0) + b / (how.b_vector ? V(VW) : 1.0),
        /* what was loaded along K is transposed */
        .stores = a / (how.a_vector && !how.a_along_k ? V(VW) : 1.0) +
                  b / (how.b_vector && !how.b_along_k ? V(VW) : 1.0),
    };
}

/* The sums, the fragments of this k and the next, what is staged and where it comes from,
 * and some 22 for the rest: about what ptxas and LLVM take (results/codegen.md). */
unsigned tsr__tile_registers(const tsr__problem *p, const tsr__parameters *set)
{
    staging staged = staging_of(p, set);
    double fragments = smaller(V(UNROLL), 2.0) * (V(RM) + V(RN));
    double elements = V(RM) * V(RN) + fragments + staged.elements;

    return (unsigned)(elements * (double)tsr_dtype_size(p->dtype) / 4.0 + staged.loads +
                      22.0);
}

unsigned tsr__tile_groups(const tsr__problem *p, const tsr_device_info *info,
                          const tsr__parameters *set)
{
    double items = (double)tsr__tile_items(set);
    unsigned registers = tsr__tile_registers(p, set);
    /* Registers come by eight. 64 Ki of them: NVIDIA since Kepler, AMD since GCN. */
    double each = items * ((registers + 7) / 8 * 8);
    double file = info->unit_registers ? info->unit_registers : 65536.0;
    double groups = smaller(tsr__cost_local_memory(info) /
                                (double)tsr__tile_local_bytes(set, p->dtype),
                            smaller(file / each, 2048.0 / items));

    return registers > 255 ? 0 : (unsigned)smaller(groups, 16.0);
}

/* ---- One step of K -------------------------------------------------------------- */

double tsr__tile_fma_share(const tsr__parameters *set, tsr_dtype dtype)
{
    double multiply = V(RM) * V(RN);
    /* no load is wider than 16 bytes */
    double load =
        (V(RM) + V(RN)) / smaller(V(VW), 16.0 / (double)tsr_dtype_size(dtype));

    return multiply /
           (multiply + load + 4.0 / V(UNROLL)); /* a turn's add, test, jump */
}

/* Issue slots of an item: the inner loop or local memory, which gives `lanes` items of a
 * unit no more than its banks have, whichever is longer, and a part of the other; then
 * bringing the next step into local memory. Without padding, what is transposed there meets
 * in the same banks. */
static double step_slots(const tsr__problem *p, const tsr__parameters *set,
                         double lanes)
{
    staging staged = staging_of(p, set);
    double word = (double)tsr_dtype_size(p->dtype) / 4.0 * lanes / BANKS;
    double inner = V(TK) * V(RM) * V(RN) / tsr__tile_fma_share(set, p->dtype);
    double local = NOT_SAME * V(TK) * (V(RM) + V(RN)) * word;
    double conflicts = V(PAD) > 0.0 ? 1.0 : 2.2;

    return larger(inner, local) + 0.17 * smaller(inner, local) + 4.2 * staged.loads +
           3.7 * staged.stores * word * conflicts + 28.0;
}

/* Cycles between two instructions of one wave, at least, whatever else is idle: on GCN a
 * wave has its turn every fourth ("Vega" 7nm Instruction Set Architecture, AMD 2020). */
static double wave_cycles(const tsr_device_info *info)
{
    return info->family == TSR_FAMILY_AMD && info->wave_items == 64 ? 4.0 : 1.0;
}

/* Cycles of a unit for a step of n groups: what they issue, in whole waves and none faster
 * than one alone, or the wait for memory if that is longer. */
static double step_cycles(const tsr__problem *p, const tsr_device_info *info,
                          const tsr__parameters *set, double lanes, double n)
{
    size_t items =
        tsr__round_up(tsr__tile_items(set), info->wave_items ? info->wave_items : 32);
    double wait = BARRIER_LATENCY * (3.0 - V(BUFFERS));
    double slots = step_slots(p, set, lanes), alone = slots * wave_cycles(info);
    double busy = (double)items * slots / lanes;

    return larger(larger(n * busy, alone), MEMORY_LATENCY + busy) + wait;
}

/* ---- The whole ------------------------------------------------------------------ */

/* Groups are dealt out evenly: the unit with the most of them works in full rounds, and a
 * rest. */
static double arithmetic_seconds(const tsr__problem *p, const tsr_device_info *info,
                                 const tsr__parameters *set, size_t groups)
{
    double hz = tsr__cost_clock(info);
    double lanes =
        tsr__cost_flop_rate(info, p->dtype) / (2.0 * hz * (double)info->compute_units);
    size_t room = tsr__tile_groups(p, info, set), most;
    double cycles;

    room = room ? room : 1;
    most = tsr__divide_up(groups, info->compute_units);
    cycles = (double)(most / room) * step_cycles(p, info, set, lanes, (double)room);
    if (most % room)
        cycles += step_cycles(p, info, set, lanes, (double)(most % room));
    /* The first step has nobody to overlap with. */
    return cycles * ((double)tsr__tile_slab(p, set) / V(TK) + 0.66) / hz;
}

/* From device memory: what the groups at work at one time read together, a band of
 * GROUP_ROWS rows of tiles by as many columns as there are groups for, once; all of it
 * once, if a cache holds it. */
static double memory_seconds(const tsr__problem *p, const tsr_device_info *info,
                             const tsr__parameters *set, double groups)
{
    double room = larger(tsr__tile_groups(p, info, set), 1.0);
    double at_once = smaller(groups, room * (double)info->compute_units);
    double rows = smaller(V(GROUP_ROWS), (double)tsr__divide_up(p->m, (size_t)V(TM)));
    double columns = larger(at_once / rows, 1.0);
    double wave = (rows * V(TM) + columns * V(TN)) * (double)tsr__tile_slab(p, set) *
                  (double)tsr_dtype_size(p->dtype);
    double bytes = tsr__problem_bytes(p);

    if (bytes > (double)info->cache_bytes)
        bytes = larger(bytes, wave * groups / at_once);
    return bytes / tsr__cost_bandwidth(info);
}

/* Each tile reads its rows of A and columns of B, from a cache that is hardly faster
 * than memory at that. */
static double cache_seconds(const tsr__problem *p, const tsr_device_info *info,
                            const tsr__parameters *set, double groups)
{
    return groups * (V(TM) + V(TN)) * (double)tsr__tile_slab(p, set) *
           (double)tsr_dtype_size(p->dtype) / tsr__cost_bandwidth(info);
}

/* The sums of slabs go to a cache and back, and a second kernel adds them, which is on its
 * way while the first one runs. */
static double reduce_seconds(const tsr__problem *p, const tsr_device_info *info,
                             double slabs)
{
    return 0.52 * tsr__cost_launch(info) +
           slabs * (double)p->m * (double)p->n * (double)p->batch *
               (double)tsr_dtype_size(p->dtype) / tsr__cost_bandwidth(info);
}

double tsr__tile_estimate(const tsr__problem *problem, const tsr_device_info *info,
                          const tsr__parameters *set)
{
    tsr__problem p = tsr__tile_oriented(problem);
    size_t slabs = tsr__tile_slabs(&p, set);
    size_t groups = tsr__divide_up(p.m, (size_t)V(TM)) *
                    tsr__divide_up(p.n, (size_t)V(TN)) * p.batch * slabs;
    double arithmetic = arithmetic_seconds(&p, info, set, groups);
    double memory = memory_seconds(&p, info, set, (double)groups);
    double cache = cache_seconds(&p, info, set, (double)groups);
    double longest = larger(arithmetic, larger(memory, cache));
    /* All three go on at the same time, but for a tenth. */
    double seconds = longest + 0.1 * (arithmetic + memory + cache - longest);

    seconds += tsr__cost_launch(info);
    /* Two launches take the host that long, however little there is to do. */
    if (slabs > 1)
        seconds = larger(seconds + reduce_seconds(&p, info, (double)slabs),
                         2.7 * tsr__cost_launch(info));
    /* Without local memory of its own a device pays for every copy and barrier. */
    return info->local_memory_dedicated ? seconds : 30.0 * seconds;
}
