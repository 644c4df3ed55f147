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

static void more_rows_than_are_packed_where_they_are_used_are_exact(void **state)
{
    for (unsigned ways = 0; ways < 4; ways++)
        is_exact(
            *state, "panel",
            (integer_product){
                .m = 530, .n = 150, .k = 70, .trans_a = ways & 1, .trans_b = ways & 2});
}

static void slabs_of_a_long_k_are_added(void **state)
{
    is_exact(*state, "panel",
             (integer_product){.m = 20, .n = 30, .k = 9001, .beta = 3});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_around_a_panel_are_exact),
        cmocka_unit_test(every_way_of_storing_the_operands_is_exact),
        cmocka_unit_test(several_passes_over_k_add_c_once),
        cmocka_unit_test(many_blocks_of_rows_and_columns_are_exact),
        cmocka_unit_test(few_rows_and_few_columns_of_any_storage_are_exact),
        cmocka_unit_test(more_rows_than_are_packed_where_they_are_used_are_exact),
        cmocka_unit_test(slabs_of_a_long_k_are_added),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
