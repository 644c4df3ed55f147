/* oracle_fixture.h: small products for the oracle's tests. */
#ifndef TSR_TESTS_ORACLE_FIXTURE_H
#define TSR_TESTS_ORACLE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tessera/oracle.h>

/* A dense row-major m x n matrix. */
static inline tsr_host_matrix dense(const void *data, size_t m, size_t n)
{
    return (tsr_host_matrix){data, n, 1, m * n};
}

/* [1 2; 3 4] @ [5 6; 7 8] = [19 22; 43 50] */
static const float a22[] = {1, 2, 3, 4}, b22[] = {5, 6, 7, 8};

/* A 1 x 1 x k product: k numbers at a times k numbers at b. */
static inline tsr_host_product scalar(const void *a, const void *b, size_t k,
                                      tsr_dtype dtype)
{
    return (tsr_host_product){.dtype = dtype,
                              .m = 1,
                              .n = 1,
                              .k = k,
                              .batch = 1,
                              .a = dense(a, 1, k),
                              .b = dense(b, k, 1),
                              .alpha = 1};
}

static inline tsr_verdict judge(const tsr_host_product *product, tsr_host_matrix c)
{
    tsr_oracle *oracle;
    tsr_verdict verdict;

    assert_int_equal(tsr_oracle_create(product, 1, &oracle), TSR_OK);
    assert_int_equal(tsr_oracle_check(oracle, &c, &verdict), TSR_OK);
    tsr_oracle_destroy(oracle);
    return verdict;
}

static inline tsr_verdict judge_f32(const tsr_host_product *product, float c)
{
    return judge(product, dense(&c, 1, 1));
}

#endif /* TSR_TESTS_ORACLE_FIXTURE_H */
