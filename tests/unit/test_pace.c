/* How long candidates take to try. */
#include "matmul/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_was_never_tried_takes_nothing_that_is_known(void **state)
{
    tsr__pace pace = {{NULL}, {0.0}};

    (void)state;
    tsr__pace_note(&pace, &tsr__tile, 1.0);
    assert_true(tsr__pace_of(&pace, &tsr__panel) == 0.0);
    assert_true(tsr__pace_of(&pace, &tsr__tile) == 1.0);
}

static void it_goes_up_at_once_and_down_by_halves(void **state)
{
    tsr__pace pace = {{NULL}, {0.0}};

    (void)state;
    tsr__pace_note(&pace, &tsr__panel, 1.0);
    tsr__pace_note(&pace, &tsr__panel, 8.0);
    assert_true(tsr__pace_of(&pace, &tsr__panel) == 8.0);
    tsr__pace_note(&pace, &tsr__panel, 0.0);
    assert_true(tsr__pace_of(&pace, &tsr__panel) == 4.0);
}

static void beyond_the_last_place_nothing_is_noted(void **state)
{
    tsr__strategy many[TSR__MOST_STRATEGIES + 1] = {{0}};
    tsr__pace pace = {{NULL}, {0.0}};

    (void)state;
    for (size_t i = 0; i <= TSR__MOST_STRATEGIES; i++)
        tsr__pace_note(&pace, &many[i], 1.0);
    assert_true(tsr__pace_of(&pace, &many[TSR__MOST_STRATEGIES - 1]) == 1.0);
    assert_true(tsr__pace_of(&pace, &many[TSR__MOST_STRATEGIES]) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_never_tried_takes_nothing_that_is_known),
        cmocka_unit_test(it_goes_up_at_once_and_down_by_halves),
        cmocka_unit_test(beyond_the_last_place_nothing_is_noted),
    };

    return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
