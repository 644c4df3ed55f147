/* CLBlast's known faults, guarded. Nothing to test in a build without it. */
#include <math.h>

#include "matmul/strategy.h"
#include "strategy_fixture.h"

static bool built_in(void)
{
    return tsr__strategy_find("clblast") != NULL;
}

static void one_row_or_column_is_exact(void **state)
{
    for (unsigned ways = 0; ways < 4; ways++) {
        is_exact(*state, "clblast",
                 (integer_product){.m = 1,
                                   .n = 50,
                                   .k = 70,
                                   .trans_a = ways & 1,
                                   .trans_b = ways & 2,
                                   .beta = ways});
        is_exact(
            *state, "clblast",
            (integer_product){
                .m = 50, .n = 1, .k = 70, .trans_a = ways & 1, .trans_b = ways & 2});
    }
}

static void every_way_of_storing_the_operands_is_exact(void **state)
{
    for (unsigned ways = 0; ways < 8; ways++)
        is_exact(*state, "clblast",
                 (integer_product){.m = 20,
                                   .n = 30,
                                   .k = 40,
                                   .trans_a = ways & 1,
                                   .trans_b = ways & 2,
                                   .trans_c = ways & 4});
}

/* Its own GEMV lets the NaN through. */
static void gemv_with_a_beta_of_zero_does_not_read_c(void **state)
{
    const size_t row[] = {1, 8}, square[] = {8, 8};
    float *x = integers(64), c[8];
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *ta, *tb, *tc;

    for (size_t j = 0; j < 8; j++)
        c[j] = NAN;
    options.strategy = "clblast";
    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 2, row, x, &ta));
    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 2, square, x, &tb));
    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 2, row, c, &tc));
    assert_ok(tsr_matmul(ta, tb, tc, &options));
    assert_ok(tsr_tensor_read(tc, c));
    for (size_t j = 0; j < 8; j++)
        assert_true(c[j] == c[j]); /* no NaN */
    tsr_tensor_destroy(ta);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(tc);
    free(x);
}

static void what_has_neither_rows_nor_columns_contiguous_is_refused(void **state)
{
    const size_t shape[] = {4, 4}, strides[] = {16, 2};
    float *x = integers(64);
    tsr_tensor *base = matrix(*state, x, 8, 8, false), *view;
    tsr_tensor *c = matrix(*state, x, 4, 4, false);

    assert_ok(tsr_tensor_view(base, 2, shape, strides, 0, &view));
    is_refused(*state, "clblast", view, view, c, "contiguous");
    tsr_tensor_destroy(base);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(c);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_or_column_is_exact),
        cmocka_unit_test(every_way_of_storing_the_operands_is_exact),
        cmocka_unit_test(gemv_with_a_beta_of_zero_does_not_read_c),
        cmocka_unit_test(what_has_neither_rows_nor_columns_contiguous_is_refused),
    };

    if (!built_in()) {
        print_message("this build has no CLBlast\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, open_device, close_device);
}
