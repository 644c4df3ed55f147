#include "strategy_fixture.h"

static void sizes_around_a_tile_are_exact(void **state)
{
    for (size_t size = 63; size <= 65; size++)
        is_exact(*state, "tile", (integer_product){.m = size, .n = 66 - size, .k = 17});
}

static void products_smaller_than_the_largest_tile_take_a_smaller_one(void **state)
{
    is_exact(*state, "tile", (integer_product){.m = 3, .n = 5, .k = 7, .beta = 1});
    is_exact(*state, "tile", (integer_product){.m = 33, .n = 31, .k = 16});
}

static void aligned_operands_are_exact_in_vectors(void **state)
{
    for (unsigned ways = 0; ways < 8; ways++)
        is_exact(*state, "tile",
                 (integer_product){.m = 68,
                                   .n = 132,
                                   .k = 36,
                                   .trans_a = ways & 1,
                                   .trans_b = ways & 2,
                                   .trans_c = ways & 4,
                                   .beta = ways & 1});
}

static void a_long_k_is_exact_though_it_is_cut(void **state)
{
    is_exact(*state, "tile", (integer_product){.m = 9, .n = 12, .k = 5000, .beta = 1});
}

static void every_way_of_storing_the_operands_is_exact(void **state)
{
    for (unsigned ways = 0; ways < 8; ways++)
        is_exact(*state, "tile",
                 (integer_product){.m = 20,
                                   .n = 70,
                                   .k = 33,
                                   .trans_a = ways & 1,
                                   .trans_b = ways & 2,
                                   .trans_c = ways & 4});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_around_a_tile_are_exact),
        cmocka_unit_test(products_smaller_than_the_largest_tile_take_a_smaller_one),
        cmocka_unit_test(aligned_operands_are_exact_in_vectors),
        cmocka_unit_test(a_long_k_is_exact_though_it_is_cut),
        cmocka_unit_test(every_way_of_storing_the_operands_is_exact),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
