/* The search: the fastest right candidate wins, and nothing else. Strategies here are
 * fakes over `reference`, slowed down or made wrong on purpose. */
#include "matmul/search.h"

#include <string.h>
#include <time.h>

#include "base/error.h"
#include "device_fixture.h"
#include "matmul/class.h"
#include "matmul/stage.h"
#include "problem_fixture.h"

/* How the fakes are made: seconds they take, and whether they do their work. */
static double stock_seconds, other_seconds, set_seconds[3];
static bool stock_right, other_right, stock_builds;
static size_t plans_made;

static const char *can_run(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)problem, (void)info;
    return NULL;
}

static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)problem, (void)info;
    return 1e-3;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    (void)device, (void)plan;
    plans_made++;
    return TSR_OK;
}

static tsr_status stock_plan(tsr_device *device, tsr__plan *plan)
{
    (void)device, (void)plan;
    return stock_builds ? TSR_OK : tsr__fail(TSR_ERROR_BUILD, "it does not build");
}

static void wait(double seconds)
{
    struct timespec time = {0, (long)(1e9 * seconds)};

    nanosleep(&time, NULL);
}

/* Computes with the first operand's place if `right`; else leaves C as it is. */
static tsr_status run(const tsr__plan *plan, const tsr__operands *operands,
                      tsr__sequence *sequence, double seconds, bool right)
{
    wait(seconds);
    return right ? tsr__reference.enqueue(plan, operands, sequence) : TSR_OK;
}

static tsr_status stock_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                                tsr__sequence *sequence)
{
    return run(plan, operands, sequence, stock_seconds, stock_right);
}

static tsr_status other_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                                tsr__sequence *sequence)
{
    return run(plan, operands, sequence, other_seconds, other_right);
}

static tsr_status space_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                                tsr__sequence *sequence)
{
    size_t set = plan->parameters ? plan->parameters->values[0] : 0;

    return run(plan, operands, sequence, set_seconds[set], true);
}

static const char *const names[] = {"SET", NULL};

static size_t sets(const tsr__problem *problem, const tsr_device_info *info,
                   tsr__parameters *out, size_t room)
{
    (void)problem, (void)info;
    for (unsigned i = 0; i < 3 && i < room; i++)
        out[i] = (tsr__parameters){{i}};
    return room < 3 ? room : 3;
}

static double estimate(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set)
{
    (void)problem, (void)info;
    return 1e-3 * (1.0 + 0.1 * (double)set->values[0]);
}

static bool fits(const tsr__problem *problem, const tsr_device_info *info,
                 const tsr__parameters *set)
{
    (void)problem, (void)info;
    return set->values[0] < 3;
}

static const tsr__space space = {names, sets, estimate, fits, NULL};
static const tsr__strategy stock = {"stock",    can_run,       cost,
                                    stock_plan, stock_enqueue, NULL};
static const tsr__strategy other = {"other", can_run, cost, plan, other_enqueue, NULL};
static const tsr__strategy spacious = {"spacious", can_run,       cost,
                                       plan,       space_enqueue, &space};

static int reset(void **state)
{
    (void)state;
    stock_seconds = other_seconds = 3e-3;
    for (int i = 0; i < 3; i++)
        set_seconds[i] = 3e-3;
    stock_right = other_right = stock_builds = true;
    plans_made = 0;
    return 0;
}

typedef struct outcome {
    tsr_status status;
    bool found;
    tsr__winner winner;
} outcome;

static outcome search_with(tsr_device *device, const tsr__strategy *second,
                           bool (*go_on)(void *, const tsr__search_news *), void *user)
{
    const tsr__strategy *strategies[] = {second, &stock};
    const tsr__search s = {.strategies = strategies,
                           .count = 2,
                           .stock = &stock,
                           .seconds = 0.5,
                           .go_on = go_on,
                           .user = user};
    tsr__problem p = dense(5, 7, 9);
    outcome o = {0};

    o.status = tsr__search_run(device, &p, &s, &o.winner, &o.found);
    return o;
}

static void the_faster_wins(void **state)
{
    outcome o;

    other_seconds = 1e-3;
    o = search_with(*state, &other, NULL, NULL);
    assert_int_equal(o.status, TSR_OK);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &other);
    assert_ptr_equal(o.winner.stock, &stock);
    assert_true(o.winner.seconds >= 1e-3);
    assert_true(o.winner.stock_seconds > 2 * o.winner.seconds);
    assert_int_equal(o.winner.m, 5);
    assert_int_equal(o.winner.batch, 1);
}

static void a_fast_wrong_one_never_wins(void **state)
{
    outcome o;

    other_seconds = 0.0;
    other_right = false;
    o = search_with(*state, &other, NULL, NULL);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static void a_gain_within_noise_is_none(void **state)
{
    outcome o;

    other_seconds = 2.97e-3; /* 1% */
    o = search_with(*state, &other, NULL, NULL);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
    assert_false(o.winner.has_set);
    assert_true(o.winner.seconds == o.winner.stock_seconds);
}

static void a_slower_one_does_not_win(void **state)
{
    outcome o;

    other_seconds = 4e-3;
    o = search_with(*state, &other, NULL, NULL);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static void the_best_set_wins(void **state)
{
    outcome o;

    set_seconds[2] = 1e-3;
    set_seconds[1] = 2e-3;
    o = search_with(*state, &spacious, NULL, NULL);
    assert_ptr_equal(o.winner.strategy, &spacious);
    assert_true(o.winner.has_set);
    assert_int_equal(o.winner.set.values[0], 2);
    assert_int_equal(plans_made, 3); /* the first set is the best guess */
}

static void
where_stock_is_wrong_or_does_not_build_the_best_that_is_right_wins(void **state)
{
    outcome o;

    stock_right = false;
    stock_seconds = 0.0;
    o = search_with(*state, &other, NULL, NULL);
    assert_ptr_equal(o.winner.strategy, &other);
    assert_true(o.winner.stock_seconds == o.winner.seconds);
    stock_builds = false;
    o = search_with(*state, &other, NULL, NULL);
    assert_ptr_equal(o.winner.strategy, &other);
}

static void where_nothing_is_right_nothing_is_found(void **state)
{
    outcome o;

    stock_right = other_right = false;
    o = search_with(*state, &other, NULL, NULL);
    assert_int_equal(o.status, TSR_ERROR_UNSUPPORTED);
    assert_false(o.found);
    assert_non_null(strstr(tsr_error_detail(), "right results"));
}

/* Goes on until the given number of candidates has been tried. */
static bool until(void *user, const tsr__search_news *news)
{
    return news->tried < *(size_t *)user;
}

static void a_search_that_is_stopped_says_nothing(void **state)
{
    for (size_t stop = 0; stop <= 2; stop++) {
        outcome o = search_with(*state, &other, until, &stop);

        assert_int_equal(o.status, TSR_OK);
        assert_false(o.found);
    }
}

static bool note(void *user, const tsr__search_news *news)
{
    *(tsr__search_news *)user = *news;
    return true;
}

static void news_say_how_far_it_is(void **state)
{
    tsr__search_news last = {0};

    other_seconds = 1e-3;
    search_with(*state, &other, note, &last);
    assert_int_equal(last.tried, 2);
    assert_int_equal(last.candidates, 2);
    assert_true(last.finals);
    assert_true(last.best_seconds > 0.0 && last.stock_seconds > last.best_seconds);
}

static void operands_are_laid_out_like_the_problem(void **state)
{
    const tsr__strategy *strategies[] = {&stock};
    const tsr__search s = {
        .strategies = strategies, .count = 1, .stock = &stock, .seconds = 0.1};
    tsr__problem p[4];
    tsr__winner w;
    bool found;

    for (int i = 0; i < 4; i++)
        p[i] = dense(5, 7, 9);
    p[0].a = (tsr__layout){0, 1, 5, 0};
    p[0].c = (tsr__layout){0, 1, 5, 0};
    p[1].b = (tsr__layout){0, 30, 3, 0};
    p[2].has_bias = true;
    p[2].activation = TSR_ACTIVATION_TANH;
    p[2].b_prepared = true;
    p[3].batch = 3;
    p[3].a.batch = 45;
    p[3].c.batch = 35;
    for (int i = 0; i < 4; i++) {
        tsr__stage stage;

        assert_ok(tsr__search_run(*state, &p[i], &s, &w, &found));
        assert_true(found);
        assert_ok(tsr__stage_set(*state, &p[i], &stage));
        assert_true(tsr__class_of(&stage.problem).code == tsr__class_of(&p[i]).code);
        assert_int_equal(stage.problem.b.batch, 0);
        tsr__stage_clear(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_faster_wins, reset),
        cmocka_unit_test_setup(a_fast_wrong_one_never_wins, reset),
        cmocka_unit_test_setup(a_gain_within_noise_is_none, reset),
        cmocka_unit_test_setup(a_slower_one_does_not_win, reset),
        cmocka_unit_test_setup(the_best_set_wins, reset),
        cmocka_unit_test_setup(
            where_stock_is_wrong_or_does_not_build_the_best_that_is_right_wins, reset),
        cmocka_unit_test_setup(where_nothing_is_right_nothing_is_found, reset),
        cmocka_unit_test_setup(a_search_that_is_stopped_says_nothing, reset),
        cmocka_unit_test_setup(news_say_how_far_it_is, reset),
        cmocka_unit_test_setup(operands_are_laid_out_like_the_problem, reset),
    };

    return cmocka_run_group_tests_name("search", tests, open_device, close_device);
}
