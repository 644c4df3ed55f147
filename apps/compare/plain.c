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

static void matmul_f32(const tsr_host_product *p, float *c)
{
    const float *a = p->a.data, *b = p->b.data;

    for (size_t t = 0; t < p->batch; t++)
        (plain_by_rows(p) ? rows_f32 : dots_f32)(p, a + t * p->a.batch_stride,
                                                 b + t * p->b.batch_stride,
                                                 c + t * p->m * p->n);
}

static void matmul_f64(const tsr_host_product *p, double *c)
{
    const double *a = p->a.data, *b = p->b.data;

    for (size_t t = 0; t < p->batch; t++)
        (plain_by_rows(p) ? rows_f64 : dots_f64)(p, a + t * p->a.batch_stride,
                                                 b + t * p->b.batch_stride,
                                                 c + t * p->m * p->n);
}

void plain_matmul(const tsr_host_product *product, void *c)
{
    if (product->dtype == TSR_F32)
        matmul_f32(product, c);
    else
        matmul_f64(product, c);
}
