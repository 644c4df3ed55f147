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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_around_a_panel_are_exact),
        cmocka_unit_test(every_way_of_storing_the_operands_is_exact),
        cmocka_unit_test(several_passes_over_k_add_c_once),
        cmocka_unit_test(many_blocks_of_rows_and_columns_are_exact),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
