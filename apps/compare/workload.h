/* workload.h: one problem's operands, on the host and on the device, and its oracle.
 *
 * A and B are random in [-1, 1), the same on every device for one seed, or come from
 * files. All runners share them. Where the device shares the host's memory they are lent
 * to it in place, so every runner reads the same bytes.
 */
#ifndef COMPARE_WORKLOAD_H
#define COMPARE_WORKLOAD_H

#include <tessera/oracle.h>
#include <tessera/tensor.h>

#include "npy.h"
#include "problem.h"

typedef struct workload {
    problem problem;
    tsr_device *device;       /* lent */
    tsr_host_product product; /* A and B as the host sees them */
    tsr_host_matrix c_layout; /* dense C; data is NULL */
    size_t c_bytes;
    void *a, *b;        /* owned */
    void *c;            /* owned; the tensor's, where it is lent in place */
    void *host_c;       /* owned; C of the runners on the host */
    tsr_tensor *base_a; /* as stored */
    tsr_tensor *base_b;
    tsr_tensor *tensor_a; /* as multiplied: base_a or its transpose */
    tsr_tensor *tensor_b;
    tsr_tensor *tensor_c;
    tsr_oracle *oracle;
    bool zero_copy;
    double upload_s;
    double copy_s; /* NAN unless zero_copy */
} workload;

/* A and B from files; an array without data is made at random. The workload takes over
 * the data of both. */
typedef struct inputs {
    npy_array a, b;
    uint64_t seed; /* A: seed, B: seed + 1 */
} inputs;

/* Makes everything, timing the upload and doing the oracle's reference work. */
bool workload_create(workload *w, const problem *p, tsr_device *device, inputs *in,
                     failure *why);

/* Makes every element of C a NaN, so that one that is not written shows. */
void workload_poison_host(workload *w);
tsr_status workload_poison_device(workload *w);

/* C of the device to w->c; *seconds is what that took. */
tsr_status workload_download(workload *w, double *seconds);

/* Judges a C laid out like w->c. */
tsr_verdict workload_judge(const workload *w, const void *c);

void workload_destroy(workload *w);

#endif /* COMPARE_WORKLOAD_H */
