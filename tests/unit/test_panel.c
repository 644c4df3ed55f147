#include "strategy_fixture.h"

static void sizes_around_a_panel_are_exact(void **state)
{
    for (size_t m = 5; m <= 7; m++)
        for (size_t n = 15; n <= 17; n++)
            is_exact(*state, "panel", (integer_product){.m = m, .n = n, .k = 9});
}

static void every_way_of_storing_the_operands_is_exact(void **state)
{
    for (unsigned ways = 0; ways < 8; ways++)
        is_exact(*state, "panel",
                 (integer_product){.m = 50,
                                   .n = 70,
                                   .k = 90,
                                   .trans_a = ways & 1,
                                   .trans_b = ways & 2,
                                   .trans_c = ways & 4});
}

static void several_passes_over_k_add_c_once(void **state)
{
    is_exact(*state, "panel", (integer_product){.m = 13, .n = 40, .k = 700, .beta = 3});
    is_exact(*state, "panel", (integer_product){.m = 13, .n = 40, .k = 513, .beta = 0});
}

static void many_blocks_of_rows_and_columns_are_exact(void **state)
{
    is_exact(*state, "panel", (integer_product){.m = 301, .n = 299, .k = 20});
}

static void few_rows_and_few_columns_of_any_storage_are_exact(void **state)
{
    for (unsigned ways = 0; ways < 8; ways++) {
        integer_product p = {.m = 9,
                             .n = 300,
                             .k = 1500,
                             .beta = 2,
                             .trans_a = ways & 1,
                             .trans_b = ways & 2,
                             .trans_c = ways & 4};

        is_exact(*state, "panel", p);
        p.m = 300, p.n = 9;
        is_exact(*state, "panel", p);
    }
}

/* As few as vectors of 4, 8 and 16 have elements, and one more; also with rows of B^T that
 * are pages apart. */
static void few_columns_are_multiplied_by_vectors_of_their_width(void **state)
{
    for (size_t m = 1; m <= 17; m += m % 4 ? 3 : 1) {
        integer_product p = {.m = m, .n = 127, .k = 1500, .trans_b = true, .beta = 2};

        is_exact(*state, "panel", p);
        p.k = 2048;
        is_exact(*state, "panel", p);
    }
}

static void more_rows_than_are_packed_where_they_are_used_are_exact(void **state)
{
    for (unsigned ways = 0; ways < 4; ways++)
        is_exact(
            *state, "panel",
            (integer_product){
                .m = 530, .n = 150, .k = 70, .trans_a = ways & 1, .trans_b = ways & 2});
}

static void panels_that_are_packed_where_they_are_used_are_exact(void **state)
{
    for (unsigned ways = 0; ways < 4; ways++)
        is_exact(*state, "panel",
                 (integer_product){.m = 250,
                                   .n = 150,
                                   .k = 270,
                                   .trans_a = ways & 1,
                                   .trans_b = ways & 2});
}

/* With all panels of B in a core's caches, and with more. */
static void rows_of_a_in_place_meet_packed_panels_exactly(void **state)
{
    is_exact(*state, "panel", (integer_product){.m = 701, .n = 99, .k = 100});
    is_exact(*state, "panel", (integer_product){.m = 701, .n = 199, .k = 300});
}

static void slabs_of_a_long_k_are_added(void **state)
{
    is_exact(*state, "panel",
             (integer_product){.m = 20, .n = 30, .k = 9001, .beta = 3});
}

/* C of random operands and, where C counts, a random C, with the operands in `prepared`
 * (A 1, B 2) prepared and the product made twice. The caller frees it. */
static float *random_product(tsr_device *device, size_t m, size_t n, size_t k,
                             bool c_counts, unsigned prepared)
{
    const size_t of_a[] = {m, k}, of_b[] = {k, n}, of_c[] = {m, n};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    float *result = malloc(m * n * sizeof *result);
    tsr_tensor *a, *b, *c;

    assert_non_null(result);
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, of_a, &a));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, of_b, &b));
    assert_ok(tsr_tensor_create(device, TSR_F32, 2, of_c, &c));
    assert_ok(tsr_tensor_fill_uniform(a, 1, -1.0, 1.0));
    assert_ok(tsr_tensor_fill_uniform(b, 2, -1.0, 1.0));
    if (prepared & 1)
        assert_ok(tsr_tensor_prepare(a));
    if (prepared & 2)
        assert_ok(tsr_tensor_prepare(b));
    options.strategy = "panel";
    options.alpha = c_counts ? 0.7 : 1.0;
    options.beta = c_counts ? -0.3 : 0.0;
    for (int times = prepared ? 2 : 1; times > 0; times--) {
        assert_ok(tsr_tensor_fill_uniform(c, 3, -1.0, 1.0));
        assert_ok(tsr_matmul(a, b, c, &options));
    }
    assert_ok(tsr_tensor_read(c, result));
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(c);
    return result;
}

/* Other tiles have other edges, whose elements come into C one by one. */
static void preparing_operands_does_not_change_a_bit(void **state)
{
    static const size_t sizes[][3] = {{40, 40, 40},    {9, 300, 3000},   {300, 9, 3000},
                                      {97, 200, 1000}, {520, 130, 1300}, {60, 60, 9000},
                                      {17, 129, 129}};

    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        const size_t *s = sizes[i / 2];
        const bool c_counts = i % 2;
        float *plain = random_product(*state, s[0], s[1], s[2], c_counts, 0);

        for (unsigned prepared = 1; prepared <= 3; prepared++) {
            float *other = random_product(*state, s[0], s[1], s[2], c_counts, prepared);

            assert_memory_equal(other, plain, s[0] * s[1] * sizeof *plain);
            free(other);
        }
        free(plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_around_a_panel_are_exact),
        cmocka_unit_test(every_way_of_storing_the_operands_is_exact),
        cmocka_unit_test(several_passes_over_k_add_c_once),
        cmocka_unit_test(many_blocks_of_rows_and_columns_are_exact),
        cmocka_unit_test(few_rows_and_few_columns_of_any_storage_are_exact),
        cmocka_unit_test(few_columns_are_multiplied_by_vectors_of_their_width),
        cmocka_unit_test(more_rows_than_are_packed_where_they_are_used_are_exact),
        cmocka_unit_test(panels_that_are_packed_where_they_are_used_are_exact),
        cmocka_unit_test(rows_of_a_in_place_meet_packed_panels_exactly),
        cmocka_unit_test(slabs_of_a_long_k_are_added),
        cmocka_unit_test(preparing_operands_does_not_change_a_bit),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
