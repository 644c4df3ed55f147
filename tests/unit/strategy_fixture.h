/* strategy_fixture.h: products of integers by one strategy, which must be exact. */
#ifndef TSR_TESTS_STRATEGY_FIXTURE_H
#define TSR_TESTS_STRATEGY_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include <tessera/matmul.h>

#include "device_fixture.h"

/* A product whose parts are stored as said; beta times a C of ones is added. */
typedef struct integer_product {
    size_t m, n, k;
    bool trans_a, trans_b, trans_c; /* stored by columns */
    double beta;
    bool lent; /* the matrices are borrowed arrays */
} integer_product;

static inline float *integers(size_t count)
{
    float *x = malloc((count ? count : 1) * sizeof *x);

    assert_non_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(i * 7 % 11) - 5.0f;
    return x;
}

/* The tensor or, if that is how it is stored, its transpose in its place. */
static inline tsr_tensor *turned(tsr_tensor *base, bool transposed)
{
    tsr_tensor *view;

    if (!transposed)
        return base;
    assert_ok(tsr_tensor_transpose(base, &view));
    tsr_tensor_destroy(base);
    return view;
}

/* rows x columns over `data`; `transposed` says that data is columns x rows. */
static inline tsr_tensor *matrix(tsr_device *device, const float *data, size_t rows,
                                 size_t columns, bool transposed)
{
    const size_t shape[] = {transposed ? columns : rows, transposed ? rows : columns};
    tsr_tensor *base;

    assert_ok(tsr_tensor_from_host(device, TSR_F32, 2, shape, data, &base));
    return turned(base, transposed);
}

/* The same with `data` itself, where host and device share their memory. */
static inline tsr_tensor *lent_matrix(tsr_device *device, float *data, size_t rows,
                                      size_t columns, bool transposed)
{
    const size_t shape[] = {transposed ? columns : rows, transposed ? rows : columns};
    tsr_tensor *base;

    assert_ok(tsr_tensor_borrow_host(device, TSR_F32, 2, shape, data, &base));
    return turned(base, transposed);
}

static inline float element(const float *data, size_t rows, size_t columns,
                            bool transposed, size_t i, size_t j)
{
    return transposed ? data[j * rows + i] : data[i * columns + j];
}

/* Runs it and fails unless every element is exact. The result, dense m x n, is the
 * caller's to free. */
static inline float *exact_product(tsr_device *device, const char *strategy,
                                   integer_product p)
{
    float *a = integers(p.m * p.k), *b = integers(p.k * p.n);
    float *c = malloc(p.m * p.n * sizeof *c);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *ta, *tb, *tc;
    float *lent_c;

    assert_non_null(c);
    for (size_t e = 0; e < p.m * p.n; e++)
        c[e] = 1.0f;
    ta = (p.lent ? lent_matrix(device, a, p.m, p.k, p.trans_a)
                 : matrix(device, a, p.m, p.k, p.trans_a));
    tb = (p.lent ? lent_matrix(device, b, p.k, p.n, p.trans_b)
                 : matrix(device, b, p.k, p.n, p.trans_b));
    /* what is read back dense may not lie in an array that is lent */
    lent_c = p.lent ? malloc(p.m * p.n * sizeof *c) : NULL;
    if (lent_c)
        memcpy(lent_c, c, p.m * p.n * sizeof *c);
    tc = (lent_c ? lent_matrix(device, lent_c, p.m, p.n, p.trans_c)
                 : matrix(device, c, p.m, p.n, p.trans_c));
    options.strategy = strategy;
    options.beta = p.beta;
    assert_ok(tsr_matmul(ta, tb, tc, &options));
    assert_ok(tsr_tensor_read(tc, c));
    for (size_t i = 0; i < p.m; i++)
        for (size_t j = 0; j < p.n; j++) {
            double sum = p.beta;

            for (size_t l = 0; l < p.k; l++)
                sum += (double)element(a, p.m, p.k, p.trans_a, i, l) *
                       (double)element(b, p.k, p.n, p.trans_b, l, j);
            if ((double)c[i * p.n + j] != sum)
                fail_msg("%s %zux%zux%zu: element (%zu, %zu) is %g, not %g", strategy,
                         p.m, p.n, p.k, i, j, (double)c[i * p.n + j], sum);
        }
    tsr_tensor_destroy(ta);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(tc);
    free(lent_c);
    free(a);
    free(b);
    return c;
}

static inline void is_exact(tsr_device *device, const char *strategy, integer_product p)
{
    free(exact_product(device, strategy, p));
}

/* The strategy says UNSUPPORTED, and `words` of why. */
static inline void is_refused(tsr_device *device, const char *strategy,
                              const tsr_tensor *a, const tsr_tensor *b, tsr_tensor *c,
                              const char *words)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    (void)device;
    options.strategy = strategy;
    assert_int_equal(tsr_matmul(a, b, c, &options), TSR_ERROR_UNSUPPORTED);
    if (!strstr(tsr_error_detail(), words))
        fail_msg("\"%s\" is not in \"%s\"", words, tsr_error_detail());
}

#endif /* TSR_TESTS_STRATEGY_FIXTURE_H */
