#include "matmul/reduce_native.h"

#include <fenv.h>

#include "device/native.h"

/* Bytes of sums. More take one thread longer than it takes to wake the others. */
#define MOST_BYTES (512 << 10)

#define RUN 256 /* columns that are added at a time, in the first cache */

/* What the thread is told. */
typedef struct job {
    const void *sums;
    void *c;
    tsr__layout layout;
    size_t m, n, batch, slabs, row; /* row: of sums, in elements */
    double alpha;
    tsr_dtype dtype;
} job;

bool tsr__reduce_is_native(const tsr_device *device, const tsr__problem *p,
                           size_t slabs)
{
    const double bytes = (double)p->m * (double)p->n * (double)p->batch *
                         (double)slabs * (double)tsr_dtype_size(p->dtype);

    return p->on_host && p->beta == 0 && !p->has_bias &&
           p->activation == TSR_ACTIVATION_NONE && bytes <= MOST_BYTES &&
           tsr__runs_native(device);
}

/* One row of one product: from its sum in the first slab, `slab` apart. */
#define ADD_ROW(REAL, name)                                                            \
    static void name(const job *j, const REAL *sums, size_t slab, REAL *c)             \
    {                                                                                  \
        const REAL alpha = (REAL)j->alpha;                                             \
        REAL sum[RUN];                                                                 \
                                                                                       \
        for (size_t from = 0; from < j->n; from += RUN) {                              \
            const size_t n = j->n - from < RUN ? j->n - from : RUN;                    \
                                                                                       \
            for (size_t i = 0; i < n; i++)                                             \
                sum[i] = sums[from + i];                                               \
            for (size_t s = 1; s < j->slabs; s++)                                      \
                for (size_t i = 0; i < n; i++)                                         \
                    sum[i] += sums[s * slab + from + i];                               \
            for (size_t i = 0; i < n; i++)                                             \
                c[(from + i) * j->layout.column] = alpha * sum[i];                     \
        }                                                                              \
    }

ADD_ROW(float, add_f32)
ADD_ROW(double, add_f64)

/* A kernel's floating-point environment is the default one; a thread's may be that of who
 * has loaded the driver. */
static void CL_CALLBACK add(void *arguments)
{
    const job *j = arguments;
    fenv_t own;

    fegetenv(&own);
    fesetenv(FE_DFL_ENV);
    for (size_t t = 0; t < j->batch; t++)
        for (size_t i = 0; i < j->m; i++) {
            const size_t from = (t * j->m + i) * j->row;
            const size_t to =
                j->layout.offset + t * j->layout.batch + i * j->layout.row;
            const size_t slab = j->batch * j->m * j->row;

            if (j->dtype == TSR_F64)
                add_f64(j, (const double *)j->sums + from, slab, (double *)j->c + to);
            else
                add_f32(j, (const float *)j->sums + from, slab, (float *)j->c + to);
        }
    fesetenv(&own);
}

tsr_status tsr__reduce_native(const tsr__problem *p, const tsr_tensor *c,
                              const tsr__sums *sums, tsr__sequence *sequence)
{
    job j = {.c = c->storage->host,
             .layout = p->c,
             .m = p->m,
             .n = p->n,
             .batch = p->batch,
             .slabs = sums->slabs,
             .row = sums->row,
             .alpha = p->alpha,
             .dtype = p->dtype};
    const void *place = &j.sums;

    return tsr__launch_native(sequence, add, &j, sizeof j, sums->buffer, &place);
}
