/* A product on the host in parts: every element of C in exactly one of them, with what it is
 * made of. */
#include "matmul/host_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "problem_fixture.h"

/* Strides that tell the four matrices, their rows, columns and batches apart. */
static tsr_host_product product_of(const tsr__problem *p, tsr_host_matrix *c)
{
    *c = (tsr_host_matrix){(void *)4096, p->n, 1, p->m * p->n};
    return (tsr_host_product){.dtype = p->dtype,
                              .m = p->m,
                              .n = p->n,
                              .k = p->k,
                              .batch = p->batch,
                              .a = {(void *)8192, 1000, 3, 1000000},
                              .b = {(void *)16384, 5000, 7, 10000000},
                              .bias = {(void *)32768, 11, 13, 17000}};
}

static size_t elements(const void *data, uintptr_t from, tsr_dtype dtype)
{
    return ((uintptr_t)data - from) / tsr_dtype_size(dtype);
}

/* A part's operands are those of the C it has; counts its elements. */
static void mark(const tsr__problem *p, const tsr_host_product *part,
                 const tsr_host_matrix *c, unsigned char *seen)
{
    const size_t at = elements(c->data, 4096, p->dtype);
    const size_t t = at / (p->m * p->n), i = at / p->n % p->m, j = at % p->n;

    assert_int_equal(elements(part->a.data, 8192, p->dtype), t * 1000000 + i * 1000);
    assert_int_equal(elements(part->b.data, 16384, p->dtype), t * 10000000 + j * 7);
    assert_int_equal(elements(part->bias.data, 32768, p->dtype),
                     t * 17000 + i * 11 + j * 13);
    assert_int_equal(part->k, p->k);
    for (size_t b = 0; b < part->batch; b++)
        for (size_t row = 0; row < part->m; row++)
            for (size_t column = 0; column < part->n; column++)
                seen[at + b * p->m * p->n + row * p->n + column]++;
}

static size_t parts_of(size_t m, size_t n, size_t k, size_t batch, tsr_dtype dtype,
                       size_t b_column)
{
    tsr__problem p = dense(m, n, k);
    unsigned char *seen = calloc(m * n, batch);
    tsr__host_parts parts;

    assert_non_null(seen);
    p.batch = batch;
    p.dtype = dtype;
    p.b.column = b_column;
    parts = tsr__host_parts_of(&p, 64);
    assert_true(parts.count > 0);
    for (size_t index = 0; index < parts.count; index++) {
        tsr_host_matrix c;
        tsr_host_product part = product_of(&p, &c);

        tsr__host_part(&parts, index, &part, &c);
        assert_true(part.m && part.n && part.batch);
        mark(&p, &part, &c, seen);
    }
    for (size_t i = 0; i < m * n * batch; i++)
        assert_int_equal(seen[i], 1);
    free(seen);
    return parts.count;
}

static void every_element_is_in_one_part(void **state)
{
    static const size_t sizes[] = {1, 2, 5, 31, 33, 64, 127, 129, 300};
    const size_t count = sizeof sizes / sizeof sizes[0];

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            for (size_t k = 1; k <= 512; k *= 8)
                for (size_t batch = 1; batch <= 5; batch += 2) {
                    parts_of(sizes[i], sizes[j], k, batch, TSR_F32, 1);
                    parts_of(sizes[i], sizes[j], k, batch, TSR_F64, 1);
                    parts_of(sizes[i], sizes[j], k, batch, TSR_F32, sizes[j]);
                }
    parts_of(4, 4, 4, 1000, TSR_F32, 1);
}

static void small_products_are_one_part(void **state)
{
    (void)state;
    assert_int_equal(parts_of(1, 1, 1, 1, TSR_F32, 1), 1);
    assert_int_equal(parts_of(16, 16, 16, 1, TSR_F32, 1), 1);
    assert_int_equal(parts_of(16, 16, 16, 7, TSR_F32, 1), 1);
}

static void large_ones_are_enough_for_two_threads(void **state)
{
    (void)state;
    assert_in_range(parts_of(128, 128, 128, 1, TSR_F32, 1), 8, 32);
    assert_in_range(parts_of(256, 256, 256, 1, TSR_F32, 1), 8, 32);
    assert_in_range(parts_of(64, 64, 64, 64, TSR_F32, 1), 8, 32);
    assert_in_range(parts_of(8, 8, 8, 1000, TSR_F32, 1), 8, 32);
    assert_in_range(parts_of(300, 20, 300, 1, TSR_F32, 1), 8, 32);
}

/* Each part packs its columns of B: not for a few rows. */
static void packed_columns_meet_many_rows(void **state)
{
    (void)state;
    assert_int_equal(parts_of(128, 128, 128, 1, TSR_F32, 128), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_is_in_one_part),
        cmocka_unit_test(small_products_are_one_part),
        cmocka_unit_test(large_ones_are_enough_for_two_threads),
        cmocka_unit_test(packed_columns_meet_many_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
