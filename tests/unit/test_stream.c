#include "strategy_fixture.h"

static void few_rows_are_exact_whichever_way_b_is_stored(void **state)
{
    for (size_t m = 1; m <= 32; m += m < 9 ? 1 : 7) {
        is_exact(*state, "stream", (integer_product){.m = m, .n = 101, .k = 203});
        is_exact(*state, "stream",
                 (integer_product){.m = m, .n = 101, .k = 203, .trans_b = true});
    }
}

static void few_columns_are_the_transpose_of_few_rows(void **state)
{
    is_exact(*state, "stream", (integer_product){.m = 101, .n = 3, .k = 203});
    is_exact(*state, "stream",
             (integer_product){.m = 101, .n = 3, .k = 203, .trans_a = true});
}

static void rows_that_are_not_contiguous_are_gathered(void **state)
{
    is_exact(*state, "stream",
             (integer_product){.m = 5, .n = 64, .k = 100, .trans_a = true});
}

/* On a CPU: many of them, or rows that are pages apart; K of whole steps and not. */
static void rows_that_would_crowd_a_cache_are_put_side_by_side(void **state)
{
    is_exact(*state, "stream", (integer_product){.m = 32, .n = 1024, .k = 1003});
    is_exact(*state, "stream", (integer_product){.m = 5, .n = 1024, .k = 1024});
    is_exact(*state, "stream",
             (integer_product){.m = 8, .n = 70, .k = 2048, .beta = 2});
}

static void a_k_of_many_slabs_adds_c_once(void **state)
{
    is_exact(*state, "stream",
             (integer_product){.m = 2, .n = 37, .k = 5001, .beta = 2});
    is_exact(*state, "stream",
             (integer_product){.m = 3, .n = 37, .k = 5001, .trans_b = true, .beta = 2});
}

/* Where B's columns are contiguous: more of K than is taken at a time, one row and groups
 * of four, two and one, columns of whole groups and not. */
static void columns_are_taken_a_part_of_k_at_a_time(void **state)
{
    for (size_t m = 1; m <= 8; m++)
        is_exact(*state, "stream",
                 (integer_product){
                     .m = m, .n = 43 + m, .k = 1701, .trans_b = true, .beta = 2});
}

static void the_same_inputs_give_the_same_bits(void **state)
{
    const integer_product p = {.m = 3, .n = 200, .k = 3000};
    float *first = exact_product(*state, "stream", p);
    float *second = exact_product(*state, "stream", p);

    assert_memory_equal(first, second, p.m * p.n * sizeof *first);
    free(first);
    free(second);
}

static void more_than_32_rows_and_columns_are_refused(void **state)
{
    float *x = integers(33 * 33);
    tsr_tensor *a = matrix(*state, x, 33, 33, false);
    tsr_tensor *c = matrix(*state, x, 33, 33, false);

    is_refused(*state, "stream", a, a, c, "at most 32 rows or columns");
    tsr_tensor_destroy(a);
    tsr_tensor_destroy(c);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_rows_are_exact_whichever_way_b_is_stored),
        cmocka_unit_test(few_columns_are_the_transpose_of_few_rows),
        cmocka_unit_test(rows_that_are_not_contiguous_are_gathered),
        cmocka_unit_test(rows_that_would_crowd_a_cache_are_put_side_by_side),
        cmocka_unit_test(a_k_of_many_slabs_adds_c_once),
        cmocka_unit_test(columns_are_taken_a_part_of_k_at_a_time),
        cmocka_unit_test(the_same_inputs_give_the_same_bits),
        cmocka_unit_test(more_than_32_rows_and_columns_are_refused),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
