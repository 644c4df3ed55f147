/* plain: what is left to do without a device and without another BLAS. */
#include "product.h"

#define REAL     float
#define SCALE    scale_f32
#define MULTIPLY multiply_f32
#include "plain_loops.h"
#undef REAL
#undef SCALE
#undef MULTIPLY

#define REAL     double
#define SCALE    scale_f64
#define MULTIPLY multiply_f64
#include "plain_loops.h"

/* Matrix `t` of a batch. */
static char *at(const tsr__matrix *matrix, size_t t, tsr_dtype dtype)
{
    return matrix->data +
           (ptrdiff_t)t * matrix->batch * (ptrdiff_t)tsr_dtype_size(dtype);
}

void tsr__plain_product(const tsr__product *p)
{
    for (size_t t = 0; t < p->batch; t++) {
        const void *a = at(&p->a, t, p->dtype), *b = at(&p->b, t, p->dtype);
        void *c = at(&p->c, t, p->dtype);

        if (p->dtype == TSR_F64)
            multiply_f64(p, a, b, c);
        else
            multiply_f32(p, a, b, c);
    }
}

void tsr__plain_scale(const tsr__product *p)
{
    for (size_t t = 0; t < p->batch; t++) {
        void *c = at(&p->c, t, p->dtype);

        if (p->dtype == TSR_F64)
            scale_f64(p->m, p->n, p->beta, c, p->c.row, p->c.column);
        else
            scale_f32(p->m, p->n, (float)p->beta, c, p->c.row, p->c.column);
    }
}
