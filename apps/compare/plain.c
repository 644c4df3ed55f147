#include "plain.h"

bool plain_by_rows(const tsr_host_product *p)
{
    /* A single column is contiguous both ways: it is a dot product. */
    return p->b.row_stride != 1 || (p->b.column_stride == 1 && p->n > 1);
}

static void rows_f32(const tsr_host_product *p, const float *a, const float *b,
                     float *restrict c)
{
    for (size_t i = 0; i < p->m; i++) {
        float *restrict row = c + i * p->n;

        for (size_t j = 0; j < p->n; j++)
            row[j] = 0;
        for (size_t k = 0; k < p->k; k++) {
            const float x = a[i * p->a.row_stride + k * p->a.column_stride];
            const float *restrict y = b + k * p->b.row_stride;

            for (size_t j = 0; j < p->n; j++)
                row[j] += x * y[j];
        }
    }
}

static void rows_f64(const tsr_host_product *p, const double *a, const double *b,
                     double *restrict c)
{
    for (size_t i = 0; i < p->m; i++) {
        double *restrict row = c + i * p->n;

        for (size_t j = 0; j < p->n; j++)
            row[j] = 0;
        for (size_t k = 0; k < p->k; k++) {
            const double x = a[i * p->a.row_stride + k * p->a.column_stride];
            const double *restrict y = b + k * p->b.row_stride;

            for (size_t j = 0; j < p->n; j++)
                row[j] += x * y[j];
        }
    }
}

static void dots_f32(const tsr_host_product *p, const float *a, const float *b,
                     float *restrict c)
{
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++) {
            const float *x = a + i * p->a.row_stride;
            const float *y = b + j * p->b.column_stride;
            float sum = 0;

            for (size_t k = 0; k < p->k; k++)
                sum += x[k * p->a.column_stride] * y[k];
            c[i * p->n + j] = sum;
        }
}

static void dots_f64(const tsr_host_product *p, const double *a, const double *b,
                     double *restrict c)
{
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++) {
            const double *x = a + i * p->a.row_stride;
            const double *y = b + j * p->b.column_stride;
            double sum = 0;

            for (size_t k = 0; k < p->k; k++)
                sum += x[k * p->a.column_stride] * y[k];
            c[i * p->n + j] = sum;
        }
}

static void matmul(const tsr_host_product *p, const void *a, const void *b, void *c)
{
    if (p->dtype == TSR_F32)
        (plain_by_rows(p) ? rows_f32 : dots_f32)(p, a, b, c);
    else
        (plain_by_rows(p) ? rows_f64 : dots_f64)(p, a, b, c);
}

/* Flops between two looks at `stop`: some tenths of a second where memory is slow. */
#define LOOK_FLOPS 2e8

/* How many rows of C have as many. */
static size_t slab_of(const tsr_host_product *p)
{
    const double rows = LOOK_FLOPS / (2.0 * (double)p->n * (double)p->k + 1);

    return rows < 1 ? 1 : rows > (double)p->m ? p->m : (size_t)rows;
}

bool plain_matmul(const tsr_host_product *p, void *c, bool (*stop)(void))
{
    const size_t size = tsr_dtype_size(p->dtype), slab = slab_of(p);
    const double row_flops = 2.0 * (double)p->n * (double)p->k;
    const char *a = p->a.data, *b = p->b.data;
    tsr_host_product rows = *p;
    double flops = LOOK_FLOPS;

    for (size_t t = 0; t < p->batch; t++)
        for (size_t first = 0; first < p->m; first += slab) {
            if (flops >= LOOK_FLOPS) {
                flops = 0;
                if (stop && stop())
                    return false;
            }
            rows.m = p->m - first < slab ? p->m - first : slab;
            flops += row_flops * (double)rows.m;
            matmul(&rows, a + size * (t * p->a.batch_stride + first * p->a.row_stride),
                   b + size * t * p->b.batch_stride,
                   (char *)c + size * (t * p->m + first) * p->n);
        }
    return true;
}
