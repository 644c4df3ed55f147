/* runner.h: one way to make the product, and the rows of the table it can fill.
 *
 * A runner is a row of functions. For each problem it is prepared, run any number of
 * times, asked for its result, and let go. Only `run` is ever timed.
 */
#ifndef COMPARE_RUNNER_H
#define COMPARE_RUNNER_H

#include "blas_library.h"
#include "results.h"
#include "workload.h"

typedef struct runner runner;

typedef struct runner_kind {
    /* Gets ready for w->problem, untimed. May say that it cannot run it, or how many
     * seconds a call will take if that is worth knowing before the first one. */
    row_state (*prepare)(runner *r, workload *w, table_row *out);

    /* Makes the product `loops` times, each with the operands whose turn it is. Each is
     * finished before the next begins, but on a device with a memory of its own, which gets
     * its calls in a row; the last is finished in any case. */
    row_state (*run)(runner *r, workload *w, size_t loops, table_row *out);

    /* Makes C a NaN throughout, before a call whose result will be judged. */
    row_state (*poison)(runner *r, workload *w, table_row *out);

    /* The result of the last call, in the problem's dtype. */
    row_state (*result)(runner *r, workload *w, table_row *out, const void **c);

    /* What can only be told after timing (the device's clock).
     * May be NULL. */
    row_state (*measure_more)(runner *r, workload *w, table_row *out);

    /* Frees what prepare made. May be NULL. */
    void (*release)(runner *r);
} runner_kind;

struct runner {
    const runner_kind *kind;
    const char *name;
    double estimate_s;     /* of one call, by prepare; 0 if unknown */
    double spins_s;        /* how long its threads may spin after a batch */
    bool keeps_forms;      /* the first call with each set is like no later one */
    bool first_is_typical; /* its first call builds nothing and is like any other */
    double read_s;         /* what the last `result` took, if it was a download */

    const char *strategy; /* device runners: forced; NULL for the router's choice */
    tsr_tensor **weights; /* tessera-prepared: B of each set, prepared; owned */
    size_t weight_count;
    const blas_library *blas; /* the blas runner's */
    void *wide[3];            /* plain-c-f64: A, B and C of all its sets; owned */
    size_t wide_turn;         /* the set of the last call */
};

/* tessera (strategy NULL), clblast and each forced strategy. */
runner runner_device(const char *name, const char *strategy);

/* tessera-prepared: as tessera, with B prepared (tsr_tensor_prepare). */
runner runner_prepared(void);

/* plain-c, in the problem's dtype, and plain-c-f64, in f64. One thread each. */
runner runner_plain(void);
runner runner_plain_f64(void);

/* What runners have in common that make C in the host's own copy, in the problem's dtype:
 * `poison` and `result` of a runner_kind. */
row_state runner_poison_host(runner *r, workload *w, table_row *out);
row_state runner_result_host(runner *r, workload *w, table_row *out, const void **c);

/* A CBLAS library. */
runner runner_blas(const blas_library *blas);

/* Ends a row without numbers; gives `state` back. */
row_state row_end(table_row *out, row_state state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* COMPARE_RUNNER_H */
