/* work.h: what a scenario works on: the caller's arrays, and what must become of them.
 *
 * Operands are small integers, so that every right product is exact. Arrays have margins
 * that nobody may write.
 */
#ifndef FAULTS_WORK_H
#define FAULTS_WORK_H

#include <tessera/tessera.h>

typedef struct work work;

/* What must be in `out` after a success. */
typedef enum work_right {
    RIGHT_PRODUCT, /* A @ B + beta C */
    RIGHT_COPY,    /* C */
    RIGHT_LEARNED  /* what it was the first time, to 1e-4 */
} work_right;

/* Whose device it is on. */
typedef enum work_device {
    DEVICE_KEPT,  /* one for all runs */
    DEVICE_FRESH, /* a new one for each run: what another strategy builds when one fails
                     is kept with the device, and is no leak */
    DEVICE_OWN    /* the scenario opens it, and closes it */
} work_device;

typedef struct scenario {
    const char *name;
    /* Does its work and gives back all it took, whatever happens. */
    tsr_status (*run)(work *w);
    work_right right;
    work_device device;
    const char *strategy; /* NULL: the router's choice */
    size_t batch, m, n, k;
    double beta;
    bool transposed; /* A and B are stored by columns */
    int every;       /* a sample takes each so-many-th call: less of what takes long */
} scenario;

/* The table; a row without a name ends it. */
extern const scenario scenarios[];

struct work {
    const scenario *s;
    tsr_device *device;             /* NULL if the scenario opens its own */
    float *a, *b, *c;               /* the caller's operands */
    float *lent;                    /* as large as C, for a tensor to borrow */
    float *out;                     /* where results are read to */
    size_t a_count, b_count, count; /* of C, `lent` and `out` */
    float *right;                   /* of count */
    bool known;                     /* `right` holds what it must */
    bool wrong;                     /* something was read that is not right */
};

/* Ends the process when there is no memory. */
work *work_create(const scenario *s);
void work_destroy(work *w);

/* As before the first run. */
void work_reset(work *w);

/* Reads a tensor as large as C into `out` and looks whether it is right. */
tsr_status work_read(work *w, const tsr_tensor *tensor);

/* Whether this is the status of a build that was made to fail: it must have failed, and say
 * at what. */
bool work_build_failed(work *w, tsr_status status);

/* What is wrong with the arrays after a run with this status; NULL if nothing. After
 * DEVICE_LOST what was read means nothing. */
const char *work_judge(const work *w, tsr_status status);

#endif /* FAULTS_WORK_H */
