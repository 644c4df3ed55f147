/* The oracle above TSR_ORACLE_FULL_FLOPS: sampled rows, and the residual for the rest. */
#include <math.h>
#include <stdlib.h>

#include "matmul/residual.h"

#include "oracle_fixture.h"

enum { LARGE_M = 200, LARGE_N = 251, LARGE_K = 20001 };

/* 2.008 GFLOP, but only one row of A that is not zero, so that the right result is cheap:
 * C is zero except row 77, which is the sum of B's columns. */
typedef struct large {
    float *a, *b, *c;
    tsr_host_product product;
    tsr_oracle *oracle;
} large;

static int make_large(void **state)
{
    large *l = calloc(1, sizeof *l);

    l->a = calloc((size_t)LARGE_M * LARGE_K, sizeof *l->a);
    l->b = malloc((size_t)LARGE_K * LARGE_N * sizeof *l->b);
    l->c = calloc((size_t)LARGE_M * LARGE_N, sizeof *l->c);
    for (size_t k = 0; k < LARGE_K; k++) {
        l->a[(size_t)77 * LARGE_K + k] = 1;
        for (size_t j = 0; j < LARGE_N; j++) {
            float b = (float)((k * 7 + j * 5) % 3) - 1;

            l->b[k * LARGE_N + j] = b;
            l->c[(size_t)77 * LARGE_N + j] += b;
        }
    }
    l->product = (tsr_host_product){.dtype = TSR_F32,
                                    .m = LARGE_M,
                                    .n = LARGE_N,
                                    .k = LARGE_K,
                                    .batch = 1,
                                    .a = dense(l->a, LARGE_M, LARGE_K),
                                    .b = dense(l->b, LARGE_K, LARGE_N),
                                    .alpha = 1};
    *state = l;
    return (int)tsr_oracle_create(&l->product, 42, &l->oracle);
}

static int drop_large(void **state)
{
    large *l = *state;

    tsr_oracle_destroy(l->oracle);
    free(l->c);
    free(l->b);
    free(l->a);
    free(l);
    return 0;
}

static void a_large_product_is_sampled_and_its_residual_is_right(void **state)
{
    large *l = *state;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    tsr_verdict v;

    assert_int_equal(tsr_oracle_check(l->oracle, &c, &v), TSR_OK);
    assert_true(v.ok && v.error_ratio == 0);
    assert_false(v.full);
    assert_true(v.checked >= LARGE_N && v.checked < (size_t)LARGE_M * LARGE_N);
    assert_int_equal(v.checked % LARGE_N, 0);
}

/* Whatever rows were sampled: one wrong element in any row is found. */
static void one_wrong_element_anywhere_in_a_large_product_is_caught(void **state)
{
    large *l = *state;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    size_t by_residual = 0;
    tsr_verdict v;

    for (size_t i = 0; i < LARGE_M; i++) {
        float *element = &l->c[i * LARGE_N + i % LARGE_N], right = *element;

        *element = i % 3 == 0 ? NAN : right + 20000;
        assert_int_equal(tsr_oracle_check(l->oracle, &c, &v), TSR_OK);
        *element = right;
        assert_false(v.ok);
        assert_int_equal(v.worst_row, i);
        by_residual += v.worst_column == (size_t)-1;
    }
    assert_true(by_residual > 0);
}

/* Rows whose sum is right are still wrong: signs at random see that half of the time. */
static void two_errors_that_add_up_to_nothing_are_caught(void **state)
{
    large *l = *state;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    size_t by_residual = 0;
    tsr_verdict v;

    for (size_t i = 0; i < LARGE_M; i++) {
        float *row = &l->c[i * LARGE_N], first = row[0], other = row[i + 1];

        row[0] += 20000;
        row[i + 1] -= 20000;
        assert_int_equal(tsr_oracle_check(l->oracle, &c, &v), TSR_OK);
        row[0] = first;
        row[i + 1] = other;
        by_residual += !v.ok && v.worst_column == (size_t)-1;
    }
    assert_true(by_residual > LARGE_M / 4);
}

static void the_seed_decides_which_rows_are_sampled(void **state)
{
    large *l = *state;
    tsr_host_product p = l->product;
    tsr_host_matrix c = dense(l->c, LARGE_M, LARGE_N);
    size_t missed[2] = {0, 0};

    /* tanh has no residual, so that only sampled rows are seen; K is cut to keep it
     * quick, and M grown by repeating the batch. */
    p.activation = TSR_ACTIVATION_TANH;
    p.m = 8;
    p.k = 1;
    p.batch = 10000;
    p.b.batch_stride = p.a.batch_stride = c.batch_stride = 0;
    for (uint64_t seed = 0; seed < 2; seed++) {
        tsr_oracle *oracle;
        tsr_verdict v;

        assert_int_equal(tsr_oracle_create(&p, seed, &oracle), TSR_OK);
        l->c[0] = 7; /* row 0 of every batch */
        assert_int_equal(tsr_oracle_check(oracle, &c, &v), TSR_OK);
        l->c[0] = 0;
        assert_false(v.ok || v.full);
        missed[seed] = v.worst_batch;
        tsr_oracle_destroy(oracle);
    }
    assert_int_not_equal(missed[0], missed[1]);
}

/* In integers, where no rounding can hide a wrong term. */
static void the_residual_has_beta_c_and_the_bias(void **state)
{
    enum { M = 3, N = 4, K = 5, T = 2 };
    float a[T * M * K] = {0}, b[K * N] = {0}, c0[M * N] = {0}, bias[N] = {0};
    float c[T * M * N] = {0};
    tsr_host_product p = {.dtype = TSR_F32,
                          .m = M,
                          .n = N,
                          .k = K,
                          .batch = T,
                          .a = dense(a, M, K),
                          .b = {b, N, 1, 0},
                          .c0 = {c0, N, 1, 0},
                          .bias = {bias, 0, 1, 0},
                          .alpha = 2,
                          .beta = 3};
    const tsr_host_matrix result = dense(c, M, N);
    tsr__residual residual;

    (void)state;
    for (int i = 0; i < T * M * K; i++)
        a[i] = (float)(i % 7 - 3);
    for (int i = 0; i < K * N; i++)
        b[i] = (float)(i % 5 - 2);
    for (int i = 0; i < M * N; i++)
        c0[i] = (float)(i + 10);
    for (int j = 0; j < N; j++)
        bias[j] = (float)(100 * (j + 1));
    for (int i = 0; i < T * M; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0;

            for (int k = 0; k < K; k++)
                sum += a[i * K + k] * b[k * N + j];
            c[i * N + j] = 2 * sum + 3 * c0[i % M * N + j] + bias[j];
        }
    for (uint64_t seed = 0; seed < 8; seed++) {
        assert_int_equal(tsr__residual_create(&p, seed, &residual), TSR_OK);
        assert_int_equal(residual.rows, T * M);
        for (size_t i = 0; i < T * M; i++)
            assert_true(tsr__residual_of(&residual, &p, &result, i / M, i % M) ==
                        residual.row[i].exact);
        tsr__residual_destroy(&residual);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_product_is_sampled_and_its_residual_is_right),
        cmocka_unit_test(one_wrong_element_anywhere_in_a_large_product_is_caught),
        cmocka_unit_test(two_errors_that_add_up_to_nothing_are_caught),
        cmocka_unit_test(the_seed_decides_which_rows_are_sampled),
        cmocka_unit_test(the_residual_has_beta_c_and_the_bias),
    };

    return cmocka_run_group_tests_name("residual", tests, make_large, drop_large);
}
