/* What every strategy's space promises (strategy.h), whichever strategies have one. */
#include "matmul/strategy.h"

#include <stdlib.h>
#include <string.h>

#include "device_fixture.h"
#include "problem_fixture.h"

#define ROOM 512

static const size_t sizes[][3] = {
    {1, 5000, 6400}, {6, 300, 4000}, {64, 64, 64}, {384, 384, 384}, {900, 2, 700}};

#define SIZES (sizeof sizes / sizeof sizes[0])

/* Calls `check` for every strategy with a space and each problem that it can run, but where
 * there is nothing to choose (stream, on a CPU). */
static void each(const tsr_device_info *info,
                 void (*check)(const tsr__strategy *, const tsr__problem *,
                               const tsr_device_info *, const tsr__parameters *sets,
                               size_t count))
{
    tsr__parameters *sets = malloc(ROOM * sizeof *sets);

    assert_non_null(sets);
    for (size_t s = 0; tsr__strategy_at(s); s++)
        for (size_t i = 0; tsr__strategy_at(s)->space && i < SIZES; i++) {
            const tsr__strategy *strategy = tsr__strategy_at(s);
            tsr__problem p = dense(sizes[i][0], sizes[i][1], sizes[i][2]);
            size_t count = strategy->space->sets(&p, info, sets, ROOM);

            if (count && !strategy->cannot_run(&p, info))
                check(strategy, &p, info, sets, count);
        }
    free(sets);
}

static void check_sets(const tsr__strategy *strategy, const tsr__problem *p,
                       const tsr_device_info *info, const tsr__parameters *sets,
                       size_t count)
{
    const tsr__space *space = strategy->space;

    assert_in_range(count, 1, ROOM);
    for (size_t i = 0; i < count; i++) {
        assert_true(space->fits(p, info, &sets[i]));
        assert_true(space->estimate(p, info, &sets[i]) > 0.0);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(&sets[i], &sets[j], sizeof sets[i]);
    }
}

static void sets_fit_have_an_estimate_and_are_listed_once(void **state)
{
    each(tsr_device_get_info(*state), check_sets);
    each(&large_gpu, check_sets);
}

static void check_room(const tsr__strategy *strategy, const tsr__problem *p,
                       const tsr_device_info *info, const tsr__parameters *sets,
                       size_t count)
{
    tsr__parameters few[2] = {{{0}}, {{0}}};

    (void)count;
    assert_int_equal(strategy->space->sets(p, info, few, 0), 0);
    assert_int_equal(strategy->space->sets(p, info, few, 1), 1);
    assert_memory_equal(&few[0], &sets[0], sizeof few[0]);
    assert_int_equal(few[1].values[0], 0);
}

static void no_more_sets_are_given_than_there_is_room_for(void **state)
{
    each(tsr_device_get_info(*state), check_room);
}

static void check_foreign(const tsr__strategy *strategy, const tsr__problem *p,
                          const tsr_device_info *info, const tsr__parameters *sets,
                          size_t count)
{
    tsr__parameters zeros = {{0}}, huge;

    (void)sets, (void)count;
    memset(&huge, 0xff, sizeof huge);
    assert_false(strategy->space->fits(p, info, &zeros));
    assert_false(strategy->space->fits(p, info, &huge));
}

static void sets_without_sense_do_not_fit(void **state)
{
    each(tsr_device_get_info(*state), check_foreign);
}

static void names_are_few_and_end(void **state)
{
    (void)state;
    for (size_t s = 0; tsr__strategy_at(s); s++) {
        const tsr__space *space = tsr__strategy_at(s)->space;
        size_t count = 0;

        while (space && space->names[count])
            count++;
        assert_in_range(count, space ? 1 : 0, TSR__PARAMETERS);
    }
}

/* The set a plan is made with is the one that is asked for: some kernel of it differs
 * from that of the first set, or one of its numbers does, or it overrides the guess. */
static void check_plan(const tsr__strategy *strategy, const tsr__problem *p,
                       tsr_device *device, const tsr__parameters *sets, size_t count)
{
    tsr__plan first = {.strategy = strategy, .problem = *p};
    tsr__plan last = {.strategy = strategy, .problem = *p};

    last.parameters = &sets[count - 1];
    assert_ok(strategy->plan(device, &first));
    assert_ok(strategy->plan(device, &last));
    if (strategy->space->overridden)
        assert_true(strategy->space->overridden(device, p));
    else if (count > 1)
        assert_true(memcmp(first.kernels, last.kernels, sizeof first.kernels) ||
                    memcmp(first.numbers, last.numbers, sizeof first.numbers));
}

static void a_plan_honours_its_parameters(void **state)
{
    tsr__parameters sets[ROOM];
    tsr__problem p = dense(70, 90, 130);
    tsr_device *device = *state;

    for (size_t s = 0; tsr__strategy_at(s); s++) {
        const tsr__strategy *strategy = tsr__strategy_at(s);

        if (strategy->space && !strategy->cannot_run(&p, &device->info))
            check_plan(strategy, &p, device, sets,
                       strategy->space->sets(&p, &device->info, sets, ROOM));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_fit_have_an_estimate_and_are_listed_once),
        cmocka_unit_test(no_more_sets_are_given_than_there_is_room_for),
        cmocka_unit_test(sets_without_sense_do_not_fit),
        cmocka_unit_test(names_are_few_and_end),
        cmocka_unit_test(a_plan_honours_its_parameters),
    };

    return cmocka_run_group_tests_name("space", tests, open_device, close_device);
}
