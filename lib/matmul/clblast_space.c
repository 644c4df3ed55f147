#include "matmul/clblast_space.h"

#include <math.h>

#include "matmul/cost.h"

/* The places of a set's values. */
enum {
    MWG,
    NWG,
    KWG,
    MDIMC,
    NDIMC,
    VWM,
    VWN,
    SA,
    SB, /* Xgemm */
    WGD,
    KWID,
    MDIMCD,
    NDIMCD,
    VWMD,
    VWND, /* XgemmDirect */
    WGS,
    WPT,
    VW, /* Xgemv, XgemvFast, XgemvFastRot */
    VALUES
};

const char *const tsr__clblast_names[] = {
    "MWG",  "NWG",    "KWG",    "MDIMC", "NDIMC", "VWM", "VWN", "SA", "SB", "WGD",
    "KWID", "MDIMCD", "NDIMCD", "VWMD",  "VWND",  "WGS", "WPT", "VW", NULL};

typedef enum family { GEMM, DIRECT, GEMV, FAMILIES } family;

/* Where each family's values begin, and where they end. */
static const int begins[FAMILIES + 1] = {MWG, WGD, WGS, VALUES};

/* ---- What fits ------------------------------------------------------------------- */

static bool is_gemv(const tsr__problem *p)
{
    return (p->m == 1 || p->n == 1) && p->batch == 1;
}

/* The one family whose values are not all zero; FAMILIES if there is no such. */
static family family_of(const tsr__parameters *set)
{
    family found = FAMILIES;

    for (int f = 0; f < FAMILIES; f++)
        for (int i = begins[f]; i < begins[f + 1]; i++)
            if (set->values[i]) {
                if (found != FAMILIES && found != (family)f)
                    return FAMILIES;
                found = (family)f;
            }
    return found;
}

/* No value is out of all proportion, so that products of them can be counted. */
static bool in_range(const unsigned *v, family f)
{
    for (int i = begins[f]; i < begins[f + 1]; i++)
        if (v[i] > 1024 || (v[i] == 0 && i != SA && i != SB))
            return false;
    return true;
}

static bool group_fits(size_t m, size_t n, const tsr_device_info *info)
{
    return m * n <= info->max_group_size && m <= info->max_item_sizes[0] &&
           n <= info->max_item_sizes[1];
}

/* The conditions of CLBlast's own tuners, with KWI 2, MDIMA of MDIMC and NDIMB of NDIMC. */
static bool gemm_fits(const unsigned *v, size_t size, const tsr_device_info *info)
{
    size_t local = (v[SA] ? v[KWG] * v[MWG] : 0) + (v[SB] ? v[KWG] * v[NWG] : 0);

    return v[SA] <= 1 && v[SB] <= 1 && v[KWG] % 2 == 0 &&
           v[MWG] % (v[MDIMC] * v[VWM]) == 0 && v[NWG] % (v[NDIMC] * v[VWN]) == 0 &&
           v[KWG] % v[NDIMC] == 0 && v[KWG] % v[MDIMC] == 0 &&
           group_fits(v[MDIMC], v[NDIMC], info) &&
           local * size <= info->local_memory_bytes;
}

static bool direct_fits(const unsigned *v, size_t size, const tsr_device_info *info)
{
    size_t local = 2 * (size_t)v[WGD] * (v[WGD] + 1); /* both are padded by 1 */

    return v[WGD] % v[KWID] == 0 && v[WGD] % (v[MDIMCD] * v[VWMD]) == 0 &&
           v[WGD] % (v[NDIMCD] * v[VWND]) == 0 && v[WGD] % v[MDIMCD] == 0 &&
           v[WGD] % v[NDIMCD] == 0 && group_fits(v[MDIMCD], v[NDIMCD], info) &&
           local * size <= info->local_memory_bytes;
}

static bool gemv_fits(const unsigned *v, const tsr_device_info *info)
{
    return v[WPT] % v[VW] == 0 && v[WGS] % v[WPT] == 0 && group_fits(v[WGS], 1, info);
}

bool tsr__clblast_fits(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set)
{
    family f = family_of(set);
    const unsigned *v = set->values;
    size_t size = tsr_dtype_size(problem->dtype);

    if (f == FAMILIES || (f == GEMV) != is_gemv(problem) || !in_range(v, f))
        return false;
    return f == GEMM     ? gemm_fits(v, size, info)
           : f == DIRECT ? direct_fits(v, size, info)
                         : gemv_fits(v, info);
}

/* ---- The space ------------------------------------------------------------------- */

/* Each family's sets are all of these that fit. */
static const unsigned tiles[][2] = {{64, 64}, {32, 32}, {128, 64}, {128, 128}};
static const unsigned sides[] = {8, 16};       /* of a work-group */
static const unsigned widths[] = {4, 2, 8, 1}; /* of vectors */
static const unsigned direct_tiles[] = {32, 16, 64};
static const unsigned gemv_groups[] = {64, 128, 256, 32};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A list that grows by what fits. */
typedef struct list {
    const tsr__problem *problem;
    const tsr_device_info *info;
    tsr__parameters *out;
    size_t count, room;
} list;

static void add(list *l, const tsr__parameters *set)
{
    if (l->count < l->room && tsr__clblast_fits(l->problem, l->info, set))
        l->out[l->count++] = *set;
}

static void add_gemms(list *l, unsigned side, unsigned width)
{
    for (size_t t = 0; t < COUNT(tiles); t++)
        for (unsigned local = 0; local < 2; local++) {
            tsr__parameters s = {{0}};

            s.values[MWG] = tiles[t][0];
            s.values[NWG] = tiles[t][1];
            s.values[KWG] = 16;
            s.values[MDIMC] = s.values[NDIMC] = side;
            s.values[VWM] = s.values[VWN] = width;
            s.values[SA] = s.values[SB] = local;
            add(l, &s);
        }
}

static void add_directs(list *l, unsigned side, unsigned width)
{
    for (size_t t = 0; t < COUNT(direct_tiles); t++) {
        tsr__parameters s = {{0}};

        s.values[WGD] = direct_tiles[t];
        s.values[KWID] = 8;
        s.values[MDIMCD] = s.values[NDIMCD] = side;
        s.values[VWMD] = s.values[VWND] = width;
        add(l, &s);
    }
}

static void add_gemvs(list *l, unsigned width)
{
    for (size_t g = 0; g < COUNT(gemv_groups); g++) {
        tsr__parameters s = {{0}};

        s.values[WGS] = gemv_groups[g];
        s.values[WPT] = s.values[VW] = width;
        add(l, &s);
    }
}

size_t tsr__clblast_sets(const tsr__problem *problem, const tsr_device_info *info,
                         tsr__parameters *out, size_t room)
{
    list l = {problem, info, out, 0, room};

    for (size_t w = 0; w < COUNT(widths); w++) {
        add_gemvs(&l, widths[w]);
        for (size_t s = 0; s < COUNT(sides); s++) {
            add_gemms(&l, sides[s], widths[w]);
            add_directs(&l, sides[s], widths[w]);
        }
    }
    return l.count;
}

/* ---- What it should cost --------------------------------------------------------- */

/* The share of a GPU's arithmetic that GEMM uses: half, of the units that have one of its
 * tiles. Those are 64 or so wide, also where the problem is not, and K is never cut. */
static double gemm_efficiency(const tsr__problem *p, const tsr_device_info *info)
{
    const double side = 64.0, units = info->compute_units ? info->compute_units : 1;
    double made =
        ceil((double)p->m / side) * ceil((double)p->n / side) * (double)p->batch;
    double used = (double)p->m * (double)p->n * (double)p->batch / (side * side);

    return 0.5 * used / (ceil(made / units) * units);
}

double tsr__clblast_cost(const tsr__problem *problem, const tsr_device_info *info)
{
    double bytes = tsr__problem_bytes(problem);

    /* Untuned on CPUs. GEMV at a third of the bandwidth where N is no multiple of its
     * group size; GEMM copies operands when it does not take the direct kernel. */
    if (info->type == TSR_DEVICE_CPU)
        return tsr__cost_roof(problem, info, 6, 0.07, 8.0 * bytes);
    if (problem->m == 1 || problem->n == 1)
        return tsr__cost_roof(problem, info, 1, 0.1, 3.0 * bytes);
    return tsr__cost_roof(problem, info, 3, gemm_efficiency(problem, info),
                          2.0 * bytes);
}

/* Only an order in which to try: its own parameters first, then what suits a CPU without
 * local memory of its own, or a GPU with it. */
double tsr__clblast_estimate(const tsr__problem *problem, const tsr_device_info *info,
                             const tsr__parameters *set)
{
    const unsigned *v = set->values;
    bool large = tsr__problem_flops(problem) / (double)problem->batch >
                 2.0 * 512.0 * 512.0 * 512.0;
    double penalty = 1.01;
    family f = family_of(set);

    if (f == GEMV)
        return tsr__clblast_cost(problem, info) * (penalty + 0.01 * v[VW]);
    if ((f == GEMM) != large)
        penalty *= 1.2;
    if (f == GEMM && (v[SA] != 0) != info->local_memory_dedicated)
        penalty *= 1.3;
    if (f == GEMM && v[MWG] / v[MDIMC] * (v[NWG] / v[NDIMC]) > 64)
        penalty *= 1.2; /* more than registers hold */
    return tsr__clblast_cost(problem, info) * penalty;
}

/* ---- As CLBlast wants them ------------------------------------------------------- */

static void put(tsr__override *o, const char *name, size_t value)
{
    o->names[o->count] = name;
    o->values[o->count++] = value;
}

static tsr__override gemm_override(const unsigned *v)
{
    tsr__override o = {.kernel = "Xgemm"};

    put(&o, "GEMMK", 0);
    put(&o, "KREG", 1);
    put(&o, "KWG", v[KWG]);
    put(&o, "KWI", 2);
    put(&o, "MDIMA", v[MDIMC]);
    put(&o, "MDIMC", v[MDIMC]);
    put(&o, "MWG", v[MWG]);
    put(&o, "NDIMB", v[NDIMC]);
    put(&o, "NDIMC", v[NDIMC]);
    put(&o, "NWG", v[NWG]);
    put(&o, "SA", v[SA]);
    put(&o, "SB", v[SB]);
    put(&o, "STRM", 0);
    put(&o, "STRN", 0);
    put(&o, "VWM", v[VWM]);
    put(&o, "VWN", v[VWN]);
    return o;
}

static tsr__override direct_override(const unsigned *v)
{
    tsr__override o = {.kernel = "XgemmDirect"};

    put(&o, "KWID", v[KWID]);
    put(&o, "MDIMAD", v[MDIMCD]);
    put(&o, "MDIMCD", v[MDIMCD]);
    put(&o, "NDIMBD", v[NDIMCD]);
    put(&o, "NDIMCD", v[NDIMCD]);
    put(&o, "PADA", 1);
    put(&o, "PADB", 1);
    put(&o, "VWMD", v[VWMD]);
    put(&o, "VWND", v[VWND]);
    put(&o, "WGD", v[WGD]);
    return o;
}

static size_t gemv_overrides(const unsigned *v, tsr__override out[TSR__OVERRIDES])
{
    out[0] = (tsr__override){"Xgemv", 2, {"WGS1", "WPT1"}, {v[WGS], v[WPT]}};
    out[1] = (tsr__override){
        "XgemvFast", 3, {"VW2", "WGS2", "WPT2"}, {v[VW], v[WGS], v[WPT]}};
    out[2] = (tsr__override){
        "XgemvFastRot", 3, {"VW3", "WGS3", "WPT3"}, {v[VW], v[WGS], v[WPT]}};
    return 3;
}

size_t tsr__clblast_overrides(const tsr__parameters *set,
                              tsr__override out[TSR__OVERRIDES])
{
    family f = family_of(set);
    bool direct = f == DIRECT;

    if (f == GEMV)
        return gemv_overrides(set->values, out);
    out[0] = direct ? direct_override(set->values) : gemm_override(set->values);
    /* The cube root of M * N * K from which on it takes Xgemm. */
    out[1] = (tsr__override){
        "GemmRoutine", 1, {"XGEMM_MIN_INDIRECT_SIZE"}, {direct ? 1000000 : 1}};
    return 2;
}
