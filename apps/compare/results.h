/* results.h: what a run found out. Screen, JSON, plot and report are all written from
 * this, and from nothing else.
 *
 * Seconds, bytes and flops; NAN where there is no number.
 */
#ifndef COMPARE_RESULTS_H
#define COMPARE_RESULTS_H

#include <tessera/device.h>
#include <tessera/oracle.h>
#include <tessera/roof.h>

#include "date.h"
#include "problem.h"
#include "timing.h"

typedef enum row_state {
    ROW_DONE,    /* it has numbers */
    ROW_SKIPPED, /* cannot run the case, or would take too long */
    ROW_FAILED   /* a call failed on the way */
} row_state;

/* One runner on one problem. */
typedef struct table_row {
    const char *runner;   /* "tessera", "clblast", "tile", "plain-c", ... */
    const char *strategy; /* what the library did it with; NULL on the host */
    const char
        *method; /* what a host runner did it with ("rows"); NULL on the device */
    row_state state;
    char reason[2048]; /* of a row without numbers */

    timing time;     /* wall clock, one call from enqueue to finish */
    double first_s;  /* the first call, building included */
    double build_s;  /* of it, building kernels; NAN on the host */
    double device_s; /* one call by the device's own clock; NAN on the host */
    double flops_per_second;
    double bytes_per_second; /* A, B and C once each, as this runner holds them */
    double roof_fraction;    /* the problem's roof over the best time */
    tsr_verdict verdict;     /* the worse of the first call and the last batch */
    double earlier_s;        /* best time in the run compared with; NAN: none */
    double noise;            /* by how much of it best times may differ for no reason */
} table_row;

/* What decides how long a product takes. */
typedef enum bound {
    BOUND_NOTHING, /* it is empty, or was not measured */
    BOUND_LAUNCH, /* so small that enqueueing, and waiting if calls wait, are most of it */
    BOUND_MEMORY,
    BOUND_ARITHMETIC
} bound;

/* Below this many empty launches, each waited for, launching decides: where each call is
 * waited for, too, and where calls are in a row. */
#define RESULTS_FEW_LAUNCHES        5.0
#define RESULTS_FEW_LAUNCHES_IN_ROW 1.0

typedef struct case_result {
    problem problem;
    double flops, bytes; /* of one product, or of one batch of them */
    tsr_roof roof;       /* the best of the probe's turns among the runners */
    double roof_s;       /* by that: what judges the runners; NAN: all were skipped */
    double run_roof_s;   /* by the best of the run */
    double cache_bytes;  /* the device's; 0 if unknown */
    bool on_host_cpu;    /* the device is the CPU that host runners use, too */
    bool zero_copy;      /* A and B are used in place */
    double upload_s;     /* A and B to the device, or lending them to it */
    double copy_s;       /* what copying would have cost; NAN unless zero_copy */
    double download_s;   /* C back */
    size_t sets;         /* of operands, used in turns; 1: the same for each call */
    double sets_bytes;   /* all of them */
    bool checked_all;    /* every element judged; else rows and a residual */
    size_t checked;      /* elements judged one by one */
    table_row *rows;     /* owned */
    size_t row_count;
} case_result;

typedef struct blas_facts {
    const char *path; /* NULL: no --blas */
    const char
        *core; /* the kernels it chose, in its own word; NULL if it does not say */
    unsigned threads; /* 0 if it cannot be told */
} blas_facts;

/* The run that this one is compared with. */
typedef struct earlier_facts {
    const char *path; /* lent; NULL: none */
    char date[24];
    char device[272];                                   /* platform: name */
    double read_bytes_per_second, f32_flops_per_second; /* its roof; NAN: unknown */
    double fail_above; /* slower by more than this part is a failure; NAN: never */
} earlier_facts;

typedef struct results {
    char date[DATE_SIZE]; /* when it began */
    const char *command;  /* the command line; lent, NULL if unknown */
    bool interrupted;     /* by Ctrl-C: not all cases are here */
    double
        cold_bytes; /* operands take turns in at least so many bytes, so that no cache
                            holds them; 0: each call has those of the one before */
    tsr_device_info device;
    tsr_roof first_roof; /* before any case */
    tsr_roof roof;       /* the best of the run */
    blas_facts blas;
    earlier_facts earlier;
    case_result *cases; /* owned */
    size_t case_count;
} results;

/* The row of that runner if it has numbers, else NULL. */
const table_row *results_row(const case_result *c, const char *runner);

/* Whether it is there at all, with numbers or without. */
bool results_has(const case_result *c, const char *runner);

bound results_bound(const case_result *c);

/* "launch", "memory", "arithmetic"; NULL for nothing. */
const char *results_bound_name(bound b);

/* Multiply-adds in the dtype of the case, in flops per second. */
double results_fma_rate(const case_result *c);

/* The right row with the least best time, or NULL. */
const table_row *results_fastest(const case_result *c);

/* After how many products the device has earned back its upload, its first call (or,
 * with kernels already built, a call like any other) and the download, against a runner
 * on the host. INFINITY: never. NAN: there is nothing to compare. */
double results_payoff(const case_result *c, const char *host_runner,
                      bool kernels_built);

typedef enum change {
    CHANGE_UNKNOWN,
    CHANGE_NONE,
    CHANGE_FASTER,
    CHANGE_SLOWER
} change;

/* Against the earlier run. Within the noise there is no change; unknown: one of the two
 * has no number. */
change results_change(const table_row *row);

/* Whether a runner computes on the host, and shows what the machine did. */
bool results_on_host(const char *runner);

/* Whether the row counts against --fail-above: a device's runner that is slower beyond
 * the noise and by more than that, or that has lost its number. */
bool results_regressed(const results *all, const table_row *row);

/* Of the device's rows: how many --fail-above judges, and how many of them have a noise
 * wider than its percentage, so that it can tell less than it is asked to. */
size_t results_count_judged(const results *all);
size_t results_count_noisy(const results *all);
size_t results_count_regressed(const results *all);

size_t results_count(const results *all, row_state state);
size_t results_count_wrong(const results *all);

void results_free(results *all);

/* "libopenblas.so.0, Zen kernels, 2 threads". */
void results_describe_blas(const blas_facts *blas, char *text, size_t size);

/* A runner's name as it fits the tables: "prepared" for tessera-prepared. */
const char *results_shown_name(const char *runner);

#endif /* COMPARE_RESULTS_H */
