/* workload.h: one problem's operands, on the host and on the device, and its oracle.
 *
 * A and B are random in [-1, 1), the same on every device for one seed, or come from
 * files. All runners share them. Where the device shares the host's memory they are lent
 * to it in place, so every runner reads the same bytes.
 *
 * For cold runs there are several sets of operands with the same numbers, used in turns,
 * so that no cache holds what the next call needs.
 */
#ifndef COMPARE_WORKLOAD_H
#define COMPARE_WORKLOAD_H

#include <tessera/oracle.h>
#include <tessera/tensor.h>

#include "npy.h"
#include "problem.h"

/* The operands of one call. */
typedef struct operand_set {
    tsr_tensor *a, *b, *c;    /* as multiplied; owned */
    tsr_host_product product; /* A and B as the host sees them */
    void *device_c;           /* the tensor's own array, where it is lent in place */
    void *host_c;             /* C of the runners on the host */
} operand_set;

typedef struct workload {
    problem problem;
    tsr_device *device;       /* lent */
    tsr_host_matrix c_layout; /* dense C; data is NULL */
    size_t c_bytes;           /* of one set */
    operand_set *sets;        /* owned */
    size_t set_count;
    size_t turn;              /* the set of the last call */
    void *a, *b, *c, *host_c; /* owned: arrays of all sets, one after another */
    size_t a_stride, b_stride, c_stride; /* elements from one set to the next */
    tsr_tensor *all_a, *all_b, *all_c;   /* the same on the device, of rank 1 */
    tsr_oracle *oracle;
    bool zero_copy;
    double upload_s; /* of one set */
    double copy_s;   /* the same by copying; NAN unless zero_copy */
} workload;

/* A and B from files; an array without data is made at random. The workload takes over
 * the data of both. */
typedef struct inputs {
    npy_array a, b;
    uint64_t seed;     /* A: seed, B: seed + 1 */
    double cold_bytes; /* sets of operands in at least so many bytes; 0: one set */
} inputs;

/* Makes everything, timing the upload and doing the oracle's reference work. */
bool workload_create(workload *w, const problem *p, tsr_device *device, inputs *in,
                     failure *why);

/* The operands for the next call. */
const operand_set *workload_next(workload *w);

/* Those of the last call. */
const operand_set *workload_last(const workload *w);

/* Makes every element of every C a NaN, so that one that is not written shows. */
void workload_poison_host(workload *w);
tsr_status workload_poison_device(workload *w);

/* C of the last call on the device to its device_c; *seconds is what that took. */
tsr_status workload_download(workload *w, double *seconds);

/* Judges a dense C. */
tsr_verdict workload_judge(const workload *w, const void *c);

void workload_destroy(workload *w);

#endif /* COMPARE_WORKLOAD_H */
